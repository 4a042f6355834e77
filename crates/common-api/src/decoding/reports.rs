//! What was kept aside of an answer, on its way back to whoever asked.

use std::sync::{Arc, Mutex, PoisonError};

use common_model::Odd;
use http::Response;

use super::Attached;

/// What was kept aside of an answer, once it was read. Clones are the same.
#[derive(Debug, Clone, Default)]
pub struct Reports(Arc<Mutex<Vec<Odd>>>);

impl Reports {
    /// Those of a response that a client has received, or that got settings by
    /// [`Decoding::attach`](super::Decoding::attach).
    pub fn of<B>(response: &Response<B>) -> Option<Self> {
        let attached = response.extensions().get::<Attached>()?;
        Some(attached.reports.clone())
    }

    /// Takes them; they are empty before the response is read.
    #[must_use]
    pub fn take(&self) -> Vec<Odd> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn put(&self, odd: Vec<Odd>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = odd;
    }
}
