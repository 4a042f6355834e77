//! The requests of one step of a walk: their time limit, and the error of a walk without progress.

use std::{future::Future, time::Duration};

use common_transport::{Error, ErrorKind, Metadata};

use super::NoProgress;

/// Runs one step of a walk, which may take several requests, within the time limit of one call.
///
/// # Errors
/// Errors of the step; [`Error::is_timeout`] when the time is up. The walk keeps its state, so asking again
/// continues from there.
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
    /// Builds the error of the walked operation: [`Error::is_decode`], with this reason as its source.
    #[must_use]
    pub fn into_error(self, metadata: &'static Metadata) -> Error {
        Error::new(ErrorKind::Decode, self.to_string())
            .with_operation(metadata)
            .with_source(self)
    }
}
