//! The two signer crates.

use std::hint::black_box;
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, SignableBody, SignableRequest, SigningSettings, sign,
};
use aws_sigv4::sign::v4;
use futures_util::FutureExt as _;
use reqsign_aws_v4::{Credential, RequestSigner};
use reqsign_core::{Context, SignRequest as _};
use sha2::{Digest as _, Sha256};

use crate::inputs::{PATH, SECRET};
use crate::measure::Contestant;

const HOST: &str = "https://account.nice.chat";

pub(crate) fn aws_sigv4<'a>(method: &'static str, body: &'a [u8]) -> Contestant<'a> {
    let identity = Credentials::new("key", SECRET, None, None, "bench").into();
    let mut settings = SigningSettings::default();
    settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    let uri = format!("{HOST}{PATH}");
    Contestant::new("aws-sigv4", move || {
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region("us-east-1")
            .name("service")
            .time(SystemTime::now())
            .settings(settings.clone())
            .build()
            .expect("all parts are given")
            .into();
        let mut request = request(method);
        let signable = SignableRequest::new(
            method,
            uri.as_str(),
            std::iter::empty(),
            SignableBody::Bytes(black_box(body)),
        );
        let signed = sign(signable.expect("a plain address"), &params).expect("signs");
        let (instructions, _) = signed.into_parts();
        instructions.apply_to_request_http1x(&mut request);
        assert!(request.headers().contains_key("authorization"));
        black_box(request);
    })
}

/// It leaves the hash of the body to the caller.
pub(crate) fn reqsign<'a>(method: &'static str, body: &'a [u8]) -> Contestant<'a> {
    let signer = RequestSigner::new("service", "us-east-1");
    let context = Context::new();
    let credential = Credential {
        access_key_id: "key".into(),
        secret_access_key: SECRET.into(),
        ..Credential::default()
    };
    Contestant::new("reqsign", move || {
        let (mut parts, ()) = request(method).into_parts();
        let hash = hex::encode(Sha256::digest(black_box(body)));
        let hash = hash.try_into().expect("digits are a header's value");
        parts.headers.insert("x-amz-content-sha256", hash);
        signer
            .sign_request(&context, &mut parts, Some(&credential), None)
            .now_or_never()
            .expect("nothing to wait for")
            .expect("signs");
        assert!(parts.headers.contains_key("authorization"));
        black_box(parts);
    })
}

fn request(method: &str) -> http::Request<()> {
    http::Request::builder()
        .method(method)
        .uri(format!("{HOST}{PATH}"))
        .body(())
        .expect("a plain address")
}
