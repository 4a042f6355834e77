//! What is kept from page to page.

use std::fmt;

use bytes::Bytes;
use common_transport::{BaseUrl, Error};
use http::Request;

/// What is kept from page to page to ask for the next one. `()` is the cursor of services that number their pages.
pub trait Cursor: Default + fmt::Debug + Send + Sync + 'static {
    /// The request of a page, in origin form. `call` makes that of [the call](super::Paged::turn_to) for this page. The
    /// same page may be asked for several times.
    ///
    /// # Errors
    /// The page cannot be asked for.
    fn request(
        &mut self,
        page: u64,
        base_url: &BaseUrl,
        call: &dyn Fn() -> Result<Request<Bytes>, Error>,
    ) -> Result<Request<Bytes>, Error> {
        let _ = (page, base_url);
        call()
    }

    /// Notes what a page calls its next.
    fn note(&mut self, page: u64, next: Option<&str>) {
        let _ = (page, next);
    }

    /// The lowest number that can still be asked for.
    fn oldest(&self) -> u64 {
        1
    }

    /// What [`resume`](Self::resume) needs to ask for this page, beside its number.
    fn link(&self, page: u64) -> Option<String> {
        let _ = page;
        None
    }

    /// Begins at this page, of which [`link`](Self::link) said this. It may come from a file that somebody changed.
    ///
    /// # Errors
    /// The link is none.
    fn resume(&mut self, page: u64, link: Option<&str>) -> Result<(), Error> {
        let _ = (page, link);
        Ok(())
    }
}

impl Cursor for () {}
