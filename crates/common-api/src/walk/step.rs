//! One step of a walk that sends: its time, and the error of a walk that gets nowhere.

use std::{future::Future, time::Duration};

use common_transport::{Error, ErrorKind, Metadata};

use super::NoProgress;

/// Runs one step of a walk, which may take several requests, within the time of one call.
///
/// # Errors
/// Those of the step; [`Error::is_timeout`] when the time is up. The walk keeps what it has learned, so asking again
/// goes on from there.
pub async fn within<T>(
    time: Duration,
    metadata: &'static Metadata,
    step: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    match tokio::time::timeout(time, step).await {
        Ok(outcome) => outcome,
        Err(_) => {
            let text =
                format!("this step of the walk took longer than {time:?}; ask again to go on");
            Err(Error::new(ErrorKind::Timeout, text).with_operation(metadata))
        }
    }
}

impl NoProgress {
    /// The error of the operation that is walked: [`Error::is_decode`], with this as its source.
    #[must_use]
    pub fn into_error(self, metadata: &'static Metadata) -> Error {
        Error::new(ErrorKind::Decode, self.to_string())
            .with_operation(metadata)
            .with_source(self)
    }
}
