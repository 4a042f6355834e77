//! What the calls of the three clients have in common: options, answers with their metadata, layers of the user's own.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering::Relaxed},
};

use bytes::Bytes;
use common_api::{Answered, Call};
use common_transport::{BoxError, ClientBuilder, Operation, RetryPolicy, client::RequestIds};
use http::{Request, Response};
use tokio::time::Duration;
use tower::{service_fn, util::MapRequestLayer};

/// The first attempt fails, and each further one is answered with `body`.
fn over(body: &'static str) -> impl FnOnce(ClientBuilder) -> ClientBuilder {
    let asked = AtomicU32::new(0);
    let asked: &'static AtomicU32 = Box::leak(Box::new(asked));
    let service = service_fn(move |request: Request<Bytes>| {
        assert_eq!(request.headers()["x-shop"], "main");
        assert_eq!(request.headers()["x-request-id"], "mine");
        let (status, body) = match asked.fetch_add(1, Relaxed) {
            0 => (500, ""),
            _ => (200, body),
        };
        let answer = Response::builder()
            .status(status)
            .header("content-type", "application/json")
            .header("x-amzn-requestid", "theirs")
            .body(Bytes::from_static(body.as_bytes()));
        std::future::ready(answer)
    });
    move |transport| {
        transport
            .service(service)
            .retry(RetryPolicy::none())
            .request_ids(RequestIds::from_fn(|| "mine".into()))
    }
}

/// A layer that counts attempts.
#[derive(Clone, Default)]
struct Counted(Arc<AtomicU32>);

impl Counted {
    fn layer(
        &self,
    ) -> MapRequestLayer<impl Fn(Request<Bytes>) -> Request<Bytes> + Clone + Send + Sync + 'static>
    {
        let count = Arc::clone(&self.0);
        MapRequestLayer::new(move |request| {
            count.fetch_add(1, Relaxed);
            request
        })
    }
}

async fn answered<O>(call: Call<'_, O>, counted: &Counted) -> Answered<O::Output>
where
    O: Operation + Send + Sync,
{
    let answered = call
        .retry(RetryPolicy::new().max_attempts(2))
        .timeout(Duration::from_secs(600))
        .header("x-shop", "main")
        .answered()
        .await
        .expect("an answer");
    assert_eq!((answered.status.as_u16(), answered.attempts), (200, 2));
    assert_eq!(answered.request_id.as_deref(), Some("theirs"));
    assert_eq!(answered.client_request_id.as_deref(), Some("mine"));
    assert_eq!(answered.headers["content-type"], "application/json");
    assert_eq!(counted.0.load(Relaxed), 2, "around each attempt");
    answered
}

/// A header of the credentials is not the caller's.
async fn refused<O>(call: Call<'_, O>, header: &str)
where
    O: Operation<Output: std::fmt::Debug> + Send + Sync,
{
    let call = call.header("x-shop", "main").header(header, "mine");
    let error = call.await.expect_err("the header is refused");
    assert!(error.is_invalid_input(), "{error}");
    assert_eq!(error.field(), Some(header), "{error}");
}

// C2, C3, C6
#[tokio::test(start_paused = true)]
async fn c3_calls_of_nicechat() -> Result<(), BoxError> {
    let counted = Counted::default();
    let credentials = nicechat_api::Credentials::new("key-1", "secret-1");
    let client = nicechat_api::Client::builder(credentials)
        .transport(over(
            r#"{"status":"ok","code":201,"description":"Created"}"#,
        ))
        .layer(counted.layer())
        .build()?;
    let answered = answered(client.products().list(), &counted).await;
    assert_eq!(answered.output.code, Some(201));
    for header in ["x-api-key", "x-api-sign"] {
        refused(client.products().list(), header).await;
    }
    Ok(())
}

// C2, C3, C6
#[tokio::test(start_paused = true)]
async fn c3_calls_of_uvygoda() -> Result<(), BoxError> {
    let counted = Counted::default();
    let client = uvygoda_rpc::Client::builder()
        .token("token-1")
        .transport(over(r#"{"RESULT":true,"SECTIONS":{},"ERROR":false}"#))
        .layer(counted.layer())
        .build()?;
    let all = || uvygoda_rpc::SectionFilter::All;
    answered(client.catalog().sections(all()), &counted).await;
    refused(client.catalog().sections(all()), "token").await;
    Ok(())
}

// C2, C3, C6
#[tokio::test(start_paused = true)]
async fn c3_calls_of_retailcrm() -> Result<(), BoxError> {
    let counted = Counted::default();
    let url = "https://demo.retailcrm.ru".parse()?;
    let client = retailcrm_v5::Client::builder(url, "key-1")
        .transport(over(r#"{"success":true,"order":{"id":5}}"#))
        .layer(counted.layer())
        .build()?;
    let get = || client.orders().get(retailcrm_v5::By::id(5));
    let answered = answered(get(), &counted).await;
    assert_eq!(answered.output.order.and_then(|order| order.id), Some(5));
    refused(get(), "x-api-key").await;
    Ok(())
}
