//! What the CMS behind the service may put around its JSON.

use bytes::Bytes;
use common_model::{Options, lenient::Lenient};
use http::Response;

/// What to do with an answer that is not strict JSON (acceptance rows U10, U51). A byte order mark
/// is always skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Noise {
    /// Refuse it: a warning in front of the answer may well mean that the answer is wrong.
    #[default]
    Refuse,
    /// Recover one balanced object out of PHP warnings and HTML around it, trailing commas dropped.
    Recover,
}

impl Noise {
    /// The answer as operations decode it: as it came, or with its body mended.
    ///
    /// For those who bring their own HTTP stack; the client does it on its own.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use common_transport::Operation;
    /// use uvygoda_rpc::{Noise, orders};
    ///
    /// let body = "<b>Warning</b>: x<br>{\"RESULT\":true,\"STAGES\":[],\"ERROR\":false,}";
    /// let response = || http::Response::new(Bytes::from(body));
    /// let stages = orders::Stages::new();
    /// assert!(stages.decode(Noise::Refuse.apply(response())).unwrap_err().is_decode());
    /// assert!(stages.decode(Noise::Recover.apply(response())).is_ok());
    /// ```
    pub fn apply(self, response: Response<Bytes>) -> Response<Bytes> {
        if self == Self::Refuse {
            return response;
        }
        response.map(|body| mend(&body, &Options::new()).map_or(body, Bytes::from))
    }

    /// Has the operation mend the body when it reads it, as the client does: within the time that
    /// [`Decoding::attach_until`](common_api::Decoding::attach_until) sets.
    pub fn attach(self, response: &mut Response<Bytes>) {
        if self == Self::Recover {
            common_api::mend_first(response, mend);
        }
    }
}

/// `None` when nothing can be mended.
fn mend(body: &[u8], options: &Options<'_>) -> Option<Vec<u8>> {
    let lenient = Lenient::new().noise().trailing_commas();
    let mended = lenient.repair_with(body, options).ok()?;
    Some(mended.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u10_u51_only_when_asked_and_never_for_html_alone() {
        let noisy = Bytes::from_static(b"<br>{\"RESULT\":true,}");
        let apply =
            |noise: Noise, body: &Bytes| noise.apply(Response::new(body.clone())).into_body();
        assert_eq!(apply(Noise::Refuse, &noisy), noisy);
        assert_eq!(apply(Noise::Recover, &noisy), "{\"RESULT\":true }");
        for hopeless in [&b"<html>"[..], b"\xff{}", b""] {
            let body = Bytes::copy_from_slice(hopeless);
            assert_eq!(apply(Noise::Recover, &body), body);
        }
    }
}
