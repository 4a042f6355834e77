//! The lower bound and our implementation, the first rows of every table.

use std::hint::black_box;

use nicechat_sign::{Credentials, Dialect, Form, Signer, canonical};
use sha2::{Digest as _, Sha256};

use crate::inputs::{Input, PATH, Payload, SECRET};
use crate::measure::Contestant;

/// The hash of the same bytes in one piece.
pub(crate) fn bound(input: &Input) -> Contestant<'_> {
    let hashed = hashed(input);
    Contestant::new("sha256 (bound)", move || {
        let digest: [u8; 32] = Sha256::digest(black_box(&hashed)).into();
        black_box(digest);
    })
}

pub(crate) fn ours(input: &Input) -> Contestant<'_> {
    let signer = Signer::new(Credentials::new("key", SECRET));
    match &input.payload {
        Payload::Body(body) => Contestant::new("nicechat-sign", move || {
            let signature = signer.sign_body(black_box(PATH), black_box(body), input.method);
            black_box(signature.to_hex());
        }),
        Payload::Form(form) => Contestant::new("nicechat-sign", move || {
            let signed = signer.sign_form(black_box(PATH), black_box(form), input.method);
            black_box(signed.map(|it| (it.signature.to_hex(), it.body)).ok());
        }),
    }
}

fn hashed(input: &Input) -> Vec<u8> {
    let body = match &input.payload {
        Payload::Body(body) => body.clone(),
        Payload::Form(form) => canonical_bytes(form),
    };
    [
        SECRET.as_bytes(),
        PATH.as_bytes(),
        &body,
        input.method.as_bytes(),
    ]
    .concat()
}

fn canonical_bytes(form: &Form) -> Vec<u8> {
    canonical(Dialect::Php, form)
        .unwrap_or_default()
        .into_bytes()
}
