//! The results of handlers.

use std::future::Future;
use std::pin::Pin;

use super::answer::Answer;
use super::failure::Failure;

/// The result of a handler.
pub(super) type Handled = Result<Answer, Failure>;

/// A handler's work that takes its time.
pub(super) type Later = Pin<Box<dyn Future<Output = Handled> + Send>>;
