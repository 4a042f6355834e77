//! Our deadline, retry, limiter and attempt clocks over a bare hyper-util client: no [`Client`] of ours.
//!
//! `cargo run -p common-transport --example bare_hyper`
//!
//! [`Client`]: common_transport::Client

use std::time::Duration;

use bytes::Bytes;
use common_transport::{
    Attempts, BoxError, Error, RateClass, RateLimits, RetryPolicy, attempt::AttemptLayer,
    deadline::DeadlineLayer, guard::GuardLayer, limit::LimitLayer, retry::RetryLayer,
};
use http::{Request, StatusCode};
use http_body_util::Full;
use hyper_util::{client::legacy, rt::TokioExecutor};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tower::{Service, ServiceBuilder, ServiceExt};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    let address = busy_then_fine().await?;
    let hyper = legacy::Client::builder(TokioExecutor::new())
        // Its own repeats would be hidden from ours.
        .retry_canceled_requests(false)
        .build_http::<Full<Bytes>>();
    let mut service = ServiceBuilder::new()
        .layer(DeadlineLayer::new(Duration::from_secs(10)))
        .layer(RetryLayer::new(RetryPolicy::new()))
        .layer(LimitLayer::new(
            RateLimits::new().class(RateClass::DEFAULT, 10),
        ))
        .layer(AttemptLayer::new().timeout(Duration::from_secs(5)))
        .layer(GuardLayer::new())
        .map_request(|request: Request<Bytes>| request.map(Full::new))
        .map_err(Error::from_foreign)
        .service(hyper);

    let request = Request::get(format!("http://{address}/api/v5/orders")).body(Bytes::new())?;
    let response = service.ready().await?.call(request).await?;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(Attempts::of(&response), Attempts(2));
    println!("{} after {:?}", response.status(), Attempts::of(&response));
    Ok(())
}

/// A server that is busy once.
async fn busy_then_fine() -> Result<std::net::SocketAddr, BoxError> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        let mut status = 503;
        while let Ok((mut socket, _)) = listener.accept().await {
            let head =
                format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            if socket.read(&mut [0; 1024]).await.is_ok()
                && socket.write_all(head.as_bytes()).await.is_ok()
            {
                status = 200;
            }
        }
    });
    Ok(address)
}

#[test]
fn it_runs() -> Result<(), BoxError> {
    main()
}
