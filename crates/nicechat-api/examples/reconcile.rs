//! Creates a product whose answer is lost, and finds out that it was created.
//!
//! `cargo run -p nicechat-api --example reconcile`

use std::time::Duration;

use common_transport::BoxError;
use http::Method;
use nicechat_api::{Client, Credentials, LookPolicy, Looked, look_until, products};
use shopwire_sandbox::{Fault, Options, ResetAt, Sandbox};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    // The sandbox stands in for the service.
    let sandbox = Sandbox::start(Options::default()).await?;
    let service = sandbox.nicechat();
    let client = Client::builder(Credentials::new(service.api_key(), service.api_secret()))
        .base_url(service.url().parse()?)
        .build()?;
    // The connection breaks while the service works.
    let fault = Fault::reset(ResetAt::DuringCommit);
    service
        .faults()
        .push(fault.on(Method::POST, "/marketplaces/v1/products/"));

    let error = client.products().create("A-1").await.unwrap_err();
    assert!(error.may_have_landed());

    let policy = LookPolicy::new()
        .within(Duration::from_secs(3))
        .first_wait(Duration::from_millis(15));
    let looked = look_until(policy, || async {
        let mut products = client.pages(products::List::new()).items();
        while let Some(product) = products.next().await? {
            if product.id.as_deref() == Some("A-1") {
                return Ok(Some(product));
            }
        }
        Ok(None)
    });
    // A product that was not found could be created again.
    assert!(matches!(looked.await?, Looked::Found(_)));
    assert_eq!(service.product_count(), 1);
    println!("one product");
    Ok(())
}

#[test]
fn it_runs() -> Result<(), BoxError> {
    main()
}
