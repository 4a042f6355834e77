//! An axum server behind [`VerifyLayer`], with an async key lookup and a replay window.
//!
//! Run with `cargo run -p nicechat-sign --features tower --example axum_server`.

use std::error::Error;
use std::io;
use std::time::Duration;

use axum::body::Body;
use axum::routing::post;
use axum::{Extension, Router};
use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use nicechat_sign::tower::{MemoryReplayStore, RawBody, VerifyLayer};
use nicechat_sign::{Credentials, Json, Signer, Verified, Verifier};
use tower::ServiceExt as _;

/// In place of a query to a database.
async fn look_up(key: String) -> io::Result<Option<Credentials>> {
    tokio::task::yield_now().await;
    Ok((key == "key").then(|| Credentials::new(key, "secret")))
}

/// The handler gets the exact body that the client sent, and the client's key.
async fn create(
    Extension(client): Extension<Verified>,
    Extension(RawBody(signed)): Extension<RawBody>,
    body: Bytes,
) -> String {
    assert_eq!(signed, body);
    format!("{} sent {} bytes", client.key(), body.len())
}

async fn answer(
    router: &Router,
    request: Request<Bytes>,
) -> Result<(StatusCode, Bytes), Box<dyn Error>> {
    let answer = router.clone().oneshot(request.map(Body::from)).await?;
    let status = answer.status();
    Ok((status, answer.into_body().collect().await?.to_bytes()))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let replay = MemoryReplayStore::new(Duration::from_secs(300), 100_000);
    let verify = VerifyLayer::with_replay_store(
        Verifier::new().max_body(64 * 1024),
        |key: &str| look_up(key.to_owned()),
        replay,
    );
    let router = Router::new()
        .route("/marketplaces/v1/products/", post(create))
        .layer(verify);

    let request =
        Request::post("/marketplaces/v1/products/").body(Json(r#"{"id":"ID-1"}"#.into()))?;
    let signed = Signer::new(Credentials::new("key", "secret")).sign_with_headers(&request)?;
    let forged = Signer::new(Credentials::new("key", "guess")).sign_with_headers(&request)?;

    let (status, body) = answer(&router, signed.clone()).await?;
    assert_eq!(
        (status, &body[..]),
        (StatusCode::OK, &b"key sent 13 bytes"[..])
    );
    assert_eq!(answer(&router, signed).await?.0, StatusCode::CONFLICT);
    let (status, body) = answer(&router, forged).await?;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    println!("{}", String::from_utf8_lossy(&body));
    Ok(())
}

#[test]
fn it_runs() -> Result<(), Box<dyn Error>> {
    main()
}
