//! What one stacks on a pool without us: tower's own timeout, limit, retry and trace, boxed.

use std::{future::Ready, time::Duration};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper_util::client::legacy::{self, connect::HttpConnector};
use tower::{BoxError, ServiceBuilder, retry::Policy, util::BoxService};
use tower_http::trace::{ResponseBody, TraceLayer};

pub(crate) type Pool = legacy::Client<HttpConnector, Full<Bytes>>;
type Classifier =
    tower_http::classify::NeverClassifyEos<tower_http::classify::ServerErrorsFailureClass>;
pub(crate) type Usual =
    BoxService<Request<Full<Bytes>>, Response<ResponseBody<Incoming, Classifier>>, BoxError>;

/// For one caller: tower's limit cannot be cloned. The retry is inside of it, as it has to be, and bypasses it.
pub(crate) fn usual(pool: Pool) -> Usual {
    let stack = ServiceBuilder::new()
        .layer(TraceLayer::new_for_http())
        .timeout(Duration::from_secs(60))
        .rate_limit(100_000_000, Duration::from_secs(1))
        .retry(OnFailure)
        .service(pool);
    BoxService::new(stack)
}

#[derive(Clone)]
struct OnFailure;

impl<R, E> Policy<Request<Full<Bytes>>, R, E> for OnFailure {
    type Future = Ready<()>;

    fn retry(
        &mut self,
        _: &mut Request<Full<Bytes>>,
        result: &mut Result<R, E>,
    ) -> Option<Ready<()>> {
        result.is_err().then(|| std::future::ready(()))
    }

    fn clone_request(&mut self, request: &Request<Full<Bytes>>) -> Option<Request<Full<Bytes>>> {
        Some(request.clone())
    }
}
