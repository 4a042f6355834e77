//! One page that is requested in advance.
//!
//! The request runs in a task of its own, since a future makes no progress while the caller works on a page. It would
//! keep its place in the queue of the rate limiter without taking the permit, and the caller's own calls would wait
//! behind it. Its deadline could pass while the response lies unread.

use std::future::Future;

use bytes::Bytes;
use common_transport::{Error, ErrorKind};
use http::{Method, Request, Uri};
use tokio::{runtime::Handle, task::JoinHandle};
use tracing::instrument::{Instrument as _, WithSubscriber as _};

use super::Page;

/// A request in flight and its target. Dropping it cancels the request.
#[derive(Debug)]
pub(super) struct Ahead<T> {
    target: Target,
    task: JoinHandle<Result<Page<T>, Error>>,
}

impl<T: Send + 'static> Ahead<T> {
    /// Spawns the request; `None` outside of a runtime.
    pub(super) fn start(
        target: Target,
        fetching: impl Future<Output = Result<Page<T>, Error>> + Send + 'static,
    ) -> Option<Self> {
        let runtime = Handle::try_current().ok()?;
        let task = fetching.in_current_span().with_current_subscriber();
        Some(Self {
            target,
            task: runtime.spawn(task),
        })
    }

    /// Whether the request has this target.
    pub(super) fn is_for(&self, target: &Target) -> bool {
        self.target == *target
    }

    /// Waits for the response. After a dropped wait, it can be awaited again.
    pub(super) async fn answer(&mut self) -> Result<Page<T>, Error> {
        match (&mut self.task).await {
            Ok(outcome) => outcome,
            Err(failed) => match failed.try_into_panic() {
                // As if the request had run here.
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => Err(Error::new(
                    ErrorKind::Transport,
                    "the runtime was shut down",
                )),
            },
        }
    }
}

impl<T> Drop for Ahead<T> {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The target of a request: two requests with equal targets get the same page.
#[derive(Debug, PartialEq)]
pub(super) struct Target(Method, Uri, Bytes);

impl Target {
    pub(super) fn of(request: &Request<Bytes>) -> Self {
        Self(
            request.method().clone(),
            request.uri().clone(),
            request.body().clone(),
        )
    }
}
