//! A receiver in an axum router.
//!
//! `axum::serve` cannot set hyper's `half_close`: a sender that closes with its last byte may lose its event. The example
//! `receiver` of the crate `shopwire` serves such a router without that loss.
//!
//! `cargo run -p nicechat-api --example receiver`

use axum::Router;
use common_transport::BoxError;
use nicechat_api::feed::{MemoryStore, Receiver};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    let receiver = Receiver::new("path-secret-1", MemoryStore::new());
    let router = Router::new().route_service("/hooks/{secret}", receiver.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, router).await });

    let url = format!("http://{address}/hooks/path-secret-1");
    let (status, text) = tokio::task::spawn_blocking(move || post(&url)).await??;
    assert_eq!(status, 200);
    let callback = &receiver.store().events()[0].event;
    assert_eq!(callback.imported_elements_count, Some(392));
    println!("{status} {text}");

    // A wrong path gets 404 and no details.
    let url = format!("http://{address}/hooks/guess");
    let (status, _) = tokio::task::spawn_blocking(move || post(&url)).await??;
    assert_eq!(status, 404);

    // Call it before the program ends.
    receiver.drain().await;
    Ok(())
}

/// What the service does.
fn post(url: &str) -> Result<(u16, String), BoxError> {
    let config = ureq::Agent::config_builder().http_status_as_error(false);
    let agent = ureq::Agent::new_with_config(config.build());
    let body = r#"imported_elements_count=392"#;
    let request = agent
        .post(url)
        .header("content-type", "application/x-www-form-urlencoded");
    let mut response = request.send(body)?;
    Ok((
        response.status().as_u16(),
        response.body_mut().read_to_string()?,
    ))
}

#[test]
fn it_runs() -> Result<(), BoxError> {
    main()
}
