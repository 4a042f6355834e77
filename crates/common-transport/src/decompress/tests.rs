//! Each coding by a sample that its own tool made, and answers that expand without end.

use bytes::Bytes;
use http::{Request, Response, header::CONTENT_ENCODING};
use tower::{Service, ServiceBuilder, ServiceExt, service_fn};

use super::*;
use crate::{Error, ErrorKind};

async fn call(coding: &'static str, body: Vec<u8>, max: usize) -> Result<Response<Bytes>, Error> {
    let body = Bytes::from(body);
    let mut service = ServiceBuilder::new()
        .layer(DecompressLayer::new().max_body(max))
        .service(service_fn(move |request: Request<Bytes>| {
            let accepted = request.headers().contains_key("accept-encoding");
            assert_eq!(accepted, coding::ACCEPTED.is_some());
            let response = Response::builder().header(CONTENT_ENCODING, coding);
            std::future::ready(Ok::<_, Error>(response.body(body.clone()).unwrap()))
        }));
    service
        .ready()
        .await?
        .call(Request::new(Bytes::new()))
        .await
}

#[cfg(any(feature = "gzip", feature = "brotli", feature = "zstd"))]
fn hex(text: &str) -> Vec<u8> {
    let digits = text.as_bytes().chunks(2);
    let byte = |pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.map(byte).collect()
}

/// 100 times `a`, compressed.
fn samples() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        #[cfg(feature = "gzip")]
        (
            "gzip",
            hex("1f8b08000000000002034b4ca43d0000647a70af64000000"),
        ),
        #[cfg(feature = "brotli")]
        ("br", hex("1b6300f825c202b140a003")),
        #[cfg(feature = "zstd")]
        ("zstd", hex("28b52ffd045845000010616101003f012cb3cfdeb1")),
    ]
}

#[tokio::test]
async fn x2_compressed_answers_are_expanded_up_to_the_limit() {
    for (coding, sample) in samples() {
        let answer = call(coding, sample.clone(), 100).await.unwrap();
        assert_eq!(answer.body(), &vec![b'a'; 100], "{coding}");
        assert!(answer.headers().is_empty());
        let error = call(coding, sample.clone(), 99).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BodyLimit, "{coding}");
        let error = call(coding, sample[..sample.len() - 3].to_vec(), 100)
            .await
            .unwrap_err();
        assert!(
            error.is_decode() && error.may_have_landed(),
            "{coding}: {error:?}"
        );
    }
}

#[tokio::test]
async fn x2_an_unknown_coding_stays_as_it_came() {
    let answer = call("compress", b"?".to_vec(), 100).await.unwrap();
    assert_eq!(answer.body(), "?");
    assert_eq!(answer.headers()[CONTENT_ENCODING], "compress");
}
