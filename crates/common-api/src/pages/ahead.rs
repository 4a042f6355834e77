//! One page that is asked for before it is wanted.
//!
//! The request runs in a task of its own. A future that nobody polls would not do: while the caller works on a page it
//! would hold its place in the queue of the rate limiter and never take the permit, so that the caller's own calls
//! wait behind it; and its deadline would pass while the answer lies unread.

use std::future::Future;

use bytes::Bytes;
use common_transport::{Error, ErrorKind};
use http::{Method, Request, Uri};
use tokio::{runtime::Handle, task::JoinHandle};
use tracing::instrument::{Instrument as _, WithSubscriber as _};

use super::Page;

/// A request on its way, and what it asks for. It is given up when this is dropped.
#[derive(Debug)]
pub(super) struct Ahead<T> {
    target: Target,
    task: JoinHandle<Result<Page<T>, Error>>,
}

impl<T: Send + 'static> Ahead<T> {
    /// Starts it; none outside of a runtime.
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

    /// Whether it asks for the same.
    pub(super) fn is_for(&self, target: &Target) -> bool {
        self.target == *target
    }

    /// Waits for the answer. Whoever gives up waiting may begin again.
    pub(super) async fn answer(&mut self) -> Result<Page<T>, Error> {
        match (&mut self.task).await {
            Ok(outcome) => outcome,
            Err(failed) => match failed.try_into_panic() {
                // As if it was asked for here.
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

/// What a request asks for.
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
