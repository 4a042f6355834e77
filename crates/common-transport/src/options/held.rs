//! The headers from the options of a call, held back while the credentials are added.

use http::{HeaderName, HeaderValue, Request};

use super::CallOptions;
use crate::{Context, Error};

/// Headers that the options of a call have set. They are taken out of the request before the credentials are added, so
/// that a conflict between the two is found.
pub(crate) struct Held(Vec<(HeaderName, HeaderValue)>);

impl Held {
    /// Takes them out of the request; `None` when the call sets no headers.
    pub(crate) fn out_of<B>(request: &mut Request<B>) -> Option<Self> {
        let options = CallOptions::shared_of(request, Context::of(request))?;
        if options.headers.is_empty() {
            return None;
        }
        let names: Vec<_> = options.headers.keys().cloned().collect();
        let headers = request.headers_mut();
        let held = names.into_iter().filter_map(|name| {
            let value = headers.remove(&name)?;
            Some((name, value))
        });
        Some(Self(held.collect()))
    }

    /// Puts them back into the request.
    ///
    /// # Errors
    /// [`Error::is_invalid_input`] names a header that the credentials have set.
    pub(crate) fn back_into<B>(self, request: &mut Request<B>) -> Result<(), Error> {
        let headers = request.headers_mut();
        for (name, value) in self.0 {
            if headers.contains_key(&name) {
                let reason = "a call cannot set this header: the client's credentials do";
                return Err(Error::invalid_input(name.as_str(), reason));
            }
            headers.insert(name, value);
        }
        Ok(())
    }
}
