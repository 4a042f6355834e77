//! Text that the CMS behind the service may put around its JSON.

use bytes::Bytes;
use common_model::{Options, lenient::Lenient};
use http::Response;

/// The handling of an answer that is not strict JSON. A byte order mark is always skipped.
// U10, U51
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Noise {
    /// Refuse the answer: a PHP warning before the JSON may mean that the answer is wrong.
    #[default]
    Refuse,
    /// Extract the one balanced object from PHP warnings and HTML around it, and drop trailing
    /// commas.
    Recover,
}

impl Noise {
    /// Returns the answer for decoding, with its body repaired where the setting allows it.
    ///
    /// For callers with their own HTTP stack; the client does this itself.
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

    /// Lets the operation repair the body when it decodes it, as the client does, within the time
    /// limit that [`Decoding::attach_until`](common_api::Decoding::attach_until) sets.
    pub fn attach(self, response: &mut Response<Bytes>) {
        if self == Self::Recover {
            common_api::mend_first(response, mend);
        }
    }
}

/// The repaired body; `None` if it cannot be repaired.
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
