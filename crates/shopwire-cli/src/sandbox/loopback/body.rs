//! Bodies of requests: whole, bounded each and all together.

use std::{sync::Arc, time::Duration};

use bytes::{Bytes, BytesMut};
use http::StatusCode;
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Longest body of one request, as of the sandbox.
const LONGEST: usize = 64 << 20;

/// A unit of the budget.
const UNIT: usize = 64 << 10;

/// All bodies together, in units: 256 MiB.
const UNITS: usize = (256 << 20) / UNIT;

/// Time in which a body must arrive.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The budget of bytes that all open bodies share.
#[derive(Debug, Clone)]
pub(super) struct Budget(Arc<Semaphore>);

/// A body, and its part of the budget until it is dropped.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) bytes: Bytes,
    _claims: Vec<OwnedSemaphorePermit>,
}

impl Default for Budget {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(UNITS)))
    }
}

impl Budget {
    /// Reads a body to its end.
    ///
    /// # Errors
    /// The status and the reason for the answer: it is too long, too slow or broken off.
    pub(super) async fn read(&self, body: Incoming) -> Result<Held, (StatusCode, &'static str)> {
        let read = tokio::time::timeout(TIMEOUT, self.collect(body)).await;
        read.unwrap_or(Err((
            StatusCode::REQUEST_TIMEOUT,
            "the body did not arrive within a minute",
        )))
    }

    async fn collect(&self, mut body: Incoming) -> Result<Held, (StatusCode, &'static str)> {
        const TOO_LONG: (StatusCode, &str) = (
            StatusCode::PAYLOAD_TOO_LARGE,
            "the body is longer than 64 MiB",
        );
        if body.size_hint().lower() > LONGEST as u64 {
            return Err(TOO_LONG);
        }
        let (mut bytes, mut claims) = (BytesMut::new(), Vec::new());
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|_| (StatusCode::BAD_REQUEST, "the body broke off"))?;
            let Ok(data) = frame.into_data() else {
                continue;
            };
            if bytes.len() + data.len() > LONGEST {
                return Err(TOO_LONG);
            }
            while claims.len() * UNIT < bytes.len() + data.len() {
                let claim = Arc::clone(&self.0).try_acquire_owned();
                claims.push(claim.map_err(|_| {
                    let why = "all open bodies together are longer than 256 MiB";
                    (StatusCode::SERVICE_UNAVAILABLE, why)
                })?);
            }
            bytes.extend_from_slice(&data);
        }
        Ok(Held {
            bytes: bytes.freeze(),
            _claims: claims,
        })
    }
}
