//! The caller's own HTTP stack in place of the pool.

use std::{
    future::{Future, poll_fn, ready},
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::Poll,
};

use bytes::Bytes;
use http::{Request, Response};
use tower_service::Service;

use crate::{Body, BoxError, Context, Error};

type Answer = Pin<Box<dyn Future<Output = Result<Response<Bytes>, Error>> + Send>>;

/// A service with its type erased.
#[derive(Clone)]
pub(super) struct Foreign {
    service: Arc<dyn Erased>,
}

impl Foreign {
    pub(super) fn new<S>(service: S) -> Self
    where
        S: Service<Request<Bytes>, Response = Response<Bytes>> + Clone + Send + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send + 'static,
    {
        Self {
            service: Arc::new(Shared(Mutex::new(service))),
        }
    }

    pub(super) fn call(&self, request: Request<Bytes>) -> Answer {
        self.service.call(request)
    }
}

trait Erased: Send + Sync {
    fn call(&self, request: Request<Bytes>) -> Answer;
}

/// Tower's boxed services are not `Sync`, hence the lock. It is only held to clone.
struct Shared<S>(Mutex<S>);

impl<S> Erased for Shared<S>
where
    S: Service<Request<Bytes>, Response = Response<Bytes>> + Clone + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send + 'static,
{
    fn call(&self, request: Request<Bytes>) -> Answer {
        if Body::of(&request).is_some() {
            let reason = "a service in place of the pool takes no stream";
            return Box::pin(ready(Err(Error::invalid_input("body", reason))));
        }
        let mut service = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some(context) = Context::of(&request) {
            context.mark_off_wire();
        }
        Box::pin(async move {
            let ready = poll_fn(|cx| {
                let polled = service.poll_ready(cx);
                if let (Poll::Pending, Some(context)) = (&polled, Context::of(&request)) {
                    // Nearly all services are ready at once; for those the limiter is not told twice.
                    context.mark_unsent();
                }
                polled
            });
            ready.await.map_err(Error::from_foreign)?;
            // The service does not report when it sends.
            if let Some(context) = Context::of(&request) {
                context.mark_sent();
            }
            service.call(request).await.map_err(Error::from_foreign)
        })
    }
}
