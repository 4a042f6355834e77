//! Reports of the parts of an answer that were set aside.

use std::sync::{Arc, Mutex, PoisonError};

use common_model::Odd;
use http::Response;

use super::Attached;

/// The parts of an answer that were set aside, available once it was read. Clones share their content.
#[derive(Debug, Clone, Default)]
pub struct Reports(Arc<Mutex<Vec<Odd>>>);

impl Reports {
    /// Returns the reports of a response that a client has received, or to which
    /// [`Decoding::attach`](super::Decoding::attach) has added settings.
    pub fn of<B>(response: &Response<B>) -> Option<Self> {
        let attached = response.extensions().get::<Attached>()?;
        Some(attached.reports.clone())
    }

    /// Takes the reports. They are empty before the response is read.
    #[must_use]
    pub fn take(&self) -> Vec<Odd> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn put(&self, odd: Vec<Odd>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = odd;
    }
}
