//! State that a walk keeps between pages.

use std::fmt;

use bytes::Bytes;
use common_transport::{BaseUrl, Error};
use http::Request;

/// State that a walk keeps between pages to request the next one. `()` is the cursor of services that number their
/// pages.
pub trait Cursor: Default + fmt::Debug + Send + Sync + 'static {
    /// Builds the request for a page, in origin form. `call` builds the request of [the call](super::Paged::turn_to)
    /// for this page. The same page may be requested several times.
    ///
    /// # Errors
    /// The page cannot be requested.
    fn request(
        &mut self,
        page: u64,
        base_url: &BaseUrl,
        call: &dyn Fn() -> Result<Request<Bytes>, Error>,
    ) -> Result<Request<Bytes>, Error> {
        let _ = (page, base_url);
        call()
    }

    /// Stores the link to the next page that this page contains.
    fn note(&mut self, page: u64, next: Option<&str>) {
        let _ = (page, next);
    }

    /// The lowest page number that can still be requested.
    fn oldest(&self) -> u64 {
        1
    }

    /// The link that [`resume`](Self::resume) needs to request this page, besides its number.
    fn link(&self, page: u64) -> Option<String> {
        let _ = page;
        None
    }

    /// Starts at this page, with the link that [`link`](Self::link) returned for it. The link may come from a file and
    /// may have been changed there.
    ///
    /// # Errors
    /// The link is missing or invalid.
    fn resume(&mut self, page: u64, link: Option<&str>) -> Result<(), Error> {
        let _ = (page, link);
        Ok(())
    }
}

impl Cursor for () {}
