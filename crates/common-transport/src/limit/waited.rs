//! How long a call waited.

use std::time::Duration;

use http::Response;

/// How long a call waited for permits of the rate limit, over all attempts; the client puts it into the extensions of
/// its answer when it did wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "it is a name for a time")]
pub struct Waited(pub Duration);

impl Waited {
    /// The wait of the call that brought `response`; zero where it did not wait.
    pub fn of<B>(response: &Response<B>) -> Self {
        let waited = response.extensions().get().copied();
        waited.unwrap_or(Self(Duration::ZERO))
    }
}
