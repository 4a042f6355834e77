//! What h2 logs. Alone in its process: tracing remembers who listens, and tests beside it, who do not, make it
//! forget.
#![cfg(all(feature = "client", feature = "http2"))]

#[path = "http2/frames.rs"]
mod frames;
#[path = "support/recorder.rs"]
mod recorder;
#[path = "http2/server.rs"]
mod server;
mod support;
#[path = "support/tls.rs"]
mod tls;

use bytes::Bytes;
use common_transport::{Client, Pool, client::Proxy};
use http::{HeaderValue, Request};
use recorder::Recorder;
use server::{CANCEL, Reset, server};
use support::Say;
use tls::{ca, trusting};

/// X7: h2 logs its frames; what is in them is not shown.
#[tokio::test]
async fn x7_no_frame_shows_a_secret() {
    const SECRET: &str = "S3CRET";
    let recorder = Recorder::default();
    let _guard = tracing::subscriber::set_default(recorder.clone());
    let ca = ca("one");
    let (base, _) = server(&ca, &[b"h2"], Reset::of(SECRET.len(), CANCEL)).await;
    let pool = Pool::builder().roots(trusting(&ca)).proxy(Proxy::none());
    let client =
        Client::builder(base)
            .pool(pool.build())
            .authorize(|request: &mut Request<Bytes>| {
                let key = HeaderValue::from_static(SECRET);
                request.headers_mut().insert("x-api-key", key);
                *request.uri_mut() = format!("{}?apiKey={SECRET}", request.uri())
                    .parse()
                    .unwrap();
                Ok(())
            });
    let client = client.build().unwrap();
    assert_eq!(client.send(&Say::get()).await.unwrap(), "h2 0");
    let error = client.send(&Say::post(SECRET)).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains(SECRET), "{error:?}");
    let log = recorder.text();
    assert!(log.contains("h2") && log.contains("frame=Headers"), "{log}");
    let shown = log.lines().find(|line| line.contains(SECRET));
    assert_eq!(shown, None);
}
