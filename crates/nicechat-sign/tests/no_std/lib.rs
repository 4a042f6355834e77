//! Signs without `std`: with an allocator and a panic handler of its own.
#![no_std]

use core::panic::PanicInfo;

use nicechat_sign::{Credentials, Error, Form, Signature, Signer};

#[global_allocator]
static ALLOCATOR: emballoc::Allocator<4096> = emballoc::Allocator::new();

#[panic_handler]
fn halt(_: &PanicInfo<'_>) -> ! {
    loop {}
}

/// Both ways to sign, so that all of the crate is linked.
pub fn sign(secret: &str, body: &[u8]) -> Result<[Signature; 2], Error> {
    let signer = Signer::new(Credentials::new("key", secret));
    let form = Form::new().with("id", 1).with("price", 10.5);
    let form = signer.sign_form("/marketplaces/v1/products/", &form, "POST")?;
    let body = signer.sign_body("/marketplaces/v1/products/", body, "POST");
    Ok([form.signature, body])
}
