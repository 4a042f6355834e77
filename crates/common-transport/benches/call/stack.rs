//! What is measured of the layers: each alone, all, and the client, over a service that is ready at once.

use std::time::Duration;

use bytes::Bytes;
use common_transport::{
    Client, Error, Operation, RateClass, RateLimits, RetryPolicy, deadline::DeadlineLayer,
    limit::LimitLayer, retry::RetryLayer,
};
use http::{Request, Response};
use tokio::runtime::{Builder, Runtime};
use tower::{Service, ServiceBuilder, ServiceExt, service_fn};

use super::orders::Orders;

/// What is called. The requests carry the operation's metadata, as those of the client do: the retry and the
/// rate class are in there.
#[derive(Clone, Copy)]
pub(crate) enum Stack {
    /// Building the request, and the service alone.
    None,
    Deadline,
    Retry,
    Limit,
    All,
    /// A typed operation through the client, over the same service.
    Client,
}

pub(crate) const ALL: [Stack; 6] = [
    Stack::None,
    Stack::Deadline,
    Stack::Retry,
    Stack::Limit,
    Stack::All,
    Stack::Client,
];

impl Stack {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Deadline => "deadline",
            Self::Retry => "retry",
            Self::Limit => "limit",
            Self::All => "deadline, retry and limit",
            Self::Client => "Client, all layers, typed operation",
        }
    }

    /// Makes that many calls each time it is called.
    pub(crate) fn runner(self) -> Box<dyn FnMut(u32)> {
        let nothing =
            service_fn(async |_: Request<Bytes>| Ok::<_, Error>(Response::new(Bytes::new())));
        let deadline = DeadlineLayer::new(Duration::from_secs(60));
        let retry = RetryLayer::new(RetryPolicy::new());
        let limits = RateLimits::new().class(RateClass::DEFAULT, 100_000_000);
        let limit = LimitLayer::new(limits.clone());
        let builder = ServiceBuilder::new();
        match self {
            Self::None => calls_of(nothing),
            Self::Deadline => calls_of(builder.layer(deadline).service(nothing)),
            Self::Retry => calls_of(builder.layer(retry).service(nothing)),
            Self::Limit => calls_of(builder.layer(limit).service(nothing)),
            Self::All => calls_of(
                builder
                    .layer(deadline)
                    .layer(retry)
                    .layer(limit)
                    .service(nothing),
            ),
            Self::Client => calls_of_client(
                Client::builder("https://demo.example".parse().expect("a URL"))
                    .limits(limits)
                    .service(nothing)
                    .build()
                    .expect("a valid configuration"),
            ),
        }
    }
}

fn calls_of<S>(mut service: S) -> Box<dyn FnMut(u32)>
where
    S: Service<Request<Bytes>, Response = Response<Bytes>, Error = Error> + 'static,
{
    let runtime = runtime();
    Box::new(move |calls| {
        runtime.block_on(async {
            for _ in 0..calls {
                let mut request = Request::get("https://demo.example/api/v5/orders?page=1")
                    .body(Bytes::new())
                    .expect("constants");
                request
                    .extensions_mut()
                    .insert(Orders { page: 1 }.metadata());
                let ready = service.ready().await.expect("always ready");
                ready.call(request).await.expect("nothing fails");
            }
        });
    })
}

fn calls_of_client(client: Client) -> Box<dyn FnMut(u32)> {
    let runtime = runtime();
    Box::new(move |calls| {
        runtime.block_on(async {
            for _ in 0..calls {
                let length = client.send(&Orders { page: 1 }).await;
                assert_eq!(length.expect("nothing fails"), 0);
            }
        });
    })
}

fn runtime() -> Runtime {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}
