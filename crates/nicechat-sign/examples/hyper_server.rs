//! A plain hyper server behind [`VerifyLayer`], over a real connection.
//!
//! Run with `cargo run -p nicechat-sign --features tower --example hyper_server`.

use std::convert::Infallible;
use std::error::Error;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::server::conn::http1;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::service::TowerToHyperService;
use nicechat_sign::tower::{Accounts, VerifyLayer};
use nicechat_sign::{Credentials, Form, Signer, Verified, Verifier};
use tokio::net::TcpListener;
use tower::{Layer as _, service_fn};

/// Answers with the client's key and the received form.
async fn handle(request: Request<Full<Bytes>>) -> Result<Response<Full<Bytes>>, Infallible> {
    let client = request
        .extensions()
        .get::<Verified>()
        .map(|it| it.key().to_owned());
    let body = request.into_body().collect().await?.to_bytes();
    let text = format!(
        "{} {}",
        client.unwrap_or_default(),
        String::from_utf8_lossy(&body)
    );
    Ok(Response::new(Full::from(text)))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let accounts: Accounts = [
        Credentials::new("a", "secret-a"),
        Credentials::new("b", "secret-b"),
    ]
    .into_iter()
    .collect();
    let service = VerifyLayer::new(Verifier::new(), accounts).layer(service_fn(handle));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = TowerToHyperService::new(service.clone());
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });

    let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let request = Request::put(format!("http://{address}/marketplaces/v1/products/ID-1/"))
        .body(Form::new().with("title", "A b"))?;
    for (secret, status) in [
        ("secret-b", StatusCode::OK),
        ("secret-a", StatusCode::UNAUTHORIZED),
    ] {
        let signer = Signer::new(Credentials::new("b", secret));
        let signed = signer.sign_with_parameters(&request)?;
        let sent = String::from_utf8_lossy(signed.body()).into_owned();
        let answer = client.request(signed.map(Full::from)).await?;
        assert_eq!(answer.status(), status);
        let body = answer.into_body().collect().await?.to_bytes();
        if status == StatusCode::OK {
            assert_eq!(body, format!("b {sent}"));
        }
        println!("{status}: {}", String::from_utf8_lossy(&body));
    }
    Ok(())
}

#[test]
fn it_runs() -> Result<(), Box<dyn Error>> {
    main()
}
