//! The concrete type of the stack of layers.

use std::sync::Arc;

use bytes::Bytes;
use http::Response;
use tokio::time::Instant;

use super::{around::Layered, transport::Transport};
use crate::{
    Classify, Limiter,
    attempt::Attempt,
    auth::Authorized,
    deadline::Deadline,
    decompress::Decompress,
    guard::Guard,
    limit::{Acquire, Key, Limit, Permit},
    retry::Retry,
    trace::Trace,
    verdict::Verdict,
};

/// One attempt.
pub(super) type Plain = Decompress<Attempt<Guard<Transport>>>;

pub(super) type Stack = Trace<Deadline<Retry<Limit<Authorized<Layered>>>>>;

/// No limits.
#[derive(Debug)]
pub(super) struct Unlimited;

impl Limiter for Unlimited {
    fn acquire(&self, _: Key<'_>, _: Option<Instant>) -> Acquire {
        Acquire::ready(Ok(Permit::unlimited()))
    }
}

pub(super) struct SharedClassify(pub(super) Arc<dyn Classify>);

impl Classify for SharedClassify {
    fn classify(&self, response: &Response<Bytes>) -> Option<Verdict> {
        self.0.classify(response)
    }
}
