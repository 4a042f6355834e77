//! Polling of a task with the client.

use std::{
    fmt,
    future::{Future, IntoFuture},
    pin::Pin,
};

use common_transport::{Error, ErrorKind};
use tokio::time::{Instant, sleep};

use super::{FeedPoll, PollPolicy, Progress};
use crate::{
    Client,
    feeds::{FeedResult, FetchResult},
};

/// Polls for the result of a feed import until it has ended: [`Client::watch_feed`]. `.await`
/// returns the result, of a success or of a failure ([`FeedResult::is_success`]).
///
/// Drop the future to cancel. Queries change nothing, so the task can be watched again later.
/// Queries that fail on the way (connection, timeout, 50x) are repeated until the deadline.
///
/// ```
/// use common_transport::BoxError;
/// use http::{Request, Response};
/// use nicechat_api::{Client, Credentials};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), BoxError> {
/// # let service = tower::service_fn(async |_: Request<bytes::Bytes>| {
/// #     let json = r#"{"status":"ok","result":{"state":"success","imported elements count":392}}"#;
/// #     Ok::<_, BoxError>(Response::new(json.into()))
/// # });
/// # let client = Client::builder(Credentials::new("key-1", "secret-1"))
/// #     .transport(move |transport| transport.service(service))
/// #     .build()?;
/// let result = client.watch_feed("390bdd72-bf2b-4114-83c8-c6b6e868b773").await?;
/// assert!(result.is_success());
/// assert_eq!(result.imported_elements_count, Some(392));
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is asked before `.await`"]
pub struct FeedWatch<'c> {
    client: &'c Client,
    token: String,
    policy: PollPolicy,
    on_progress: Option<Show<'c>>,
}

type Show<'c> = Box<dyn FnMut(&FeedResult) + Send + 'c>;

impl<'c> FeedWatch<'c> {
    pub(crate) fn new(client: &'c Client, token: String) -> Self {
        Self {
            client,
            token,
            policy: PollPolicy::new(),
            on_progress: None,
        }
    }

    /// Sets the intervals and the deadline.
    pub fn policy(mut self, policy: PollPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// Sets a function that is called with each answer.
    pub fn on_progress(mut self, show: impl FnMut(&FeedResult) + Send + 'c) -> Self {
        self.on_progress = Some(Box::new(show));
        self
    }

    async fn run(mut self) -> Result<FeedResult, Error> {
        let operation = FetchResult::new(self.token);
        // No deadline if it is too far away for `Instant`.
        let end = Instant::now().checked_add(self.policy.total_time());
        let mut poll = FeedPoll::new(self.policy);
        let mut last_failure = None;
        loop {
            let wait = match self.client.send(&operation).await {
                Ok(answer) => {
                    let result = answer.result.unwrap_or_default();
                    if let Some(show) = &mut self.on_progress {
                        show(&result);
                    }
                    match poll.observe(&result)? {
                        Progress::Done => return Ok(result),
                        Progress::Wait(wait) => wait,
                    }
                }
                Err(error) if is_passing(&error) => {
                    last_failure = Some(error);
                    poll.next_wait()
                }
                Err(error) => return Err(error),
            };
            let next = Instant::now().checked_add(wait);
            if end.is_some_and(|end| next.is_none_or(|next| next > end)) {
                return Err(too_late(last_failure));
            }
            sleep(wait).await;
        }
    }
}

impl<'c> IntoFuture for FeedWatch<'c> {
    type Output = Result<FeedResult, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'c>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for FeedWatch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FeedWatch")
            .field("token", &self.token)
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

/// Whether the same query may succeed later.
fn is_passing(error: &Error) -> bool {
    let broke_down = error
        .status()
        .is_some_and(|status| status.is_server_error());
    let on_the_way = matches!(error.kind(), ErrorKind::Connect | ErrorKind::Transport);
    broke_down || on_the_way || error.is_timeout() || error.is_throttled()
}

fn too_late(last_failure: Option<Error>) -> Error {
    let error = Error::new(
        ErrorKind::Timeout,
        "the import did not end before the deadline; it may still go on",
    );
    match last_failure {
        Some(failure) => error.with_source(failure),
        None => error,
    }
}

#[cfg(test)]
mod tests;
