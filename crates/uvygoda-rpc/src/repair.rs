//! Repairs JSON with output of the CMS around it.

use common_model::{Options, lenient::Lenient};

/// Recovers one balanced object from PHP warnings and HTML around it, without trailing commas. Used by
/// [`Strictness::Lenient`](common_api::Strictness::Lenient).
///
/// ```
/// use bytes::Bytes;
/// use common_transport::Operation;
/// use uvygoda_rpc::{Strictness, orders, repair};
///
/// let body = "<b>Warning</b>: x<br>{\"RESULT\":true,\"STAGES\":[],\"ERROR\":false,}";
/// let response = || http::Response::new(Bytes::from(body));
/// let stages = orders::Stages::new();
/// assert!(stages.decode(Strictness::Strict.apply(response(), repair)).unwrap_err().is_decode());
/// assert!(stages.decode(Strictness::Lenient.apply(response(), repair)).is_ok());
/// ```
// U10, U51
pub fn repair(body: &[u8], options: &Options<'_>) -> Option<Vec<u8>> {
    let lenient = Lenient::new().noise().trailing_commas();
    let mended = lenient.repair_with(body, options).ok()?;
    Some(mended.into_owned())
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use common_api::Strictness;
    use http::Response;

    use super::*;

    #[test]
    fn u10_u51_only_when_asked_and_never_for_html_alone() {
        let noisy = Bytes::from_static(b"<br>{\"RESULT\":true,}");
        let apply = |strictness: Strictness, body: &Bytes| {
            strictness
                .apply(Response::new(body.clone()), repair)
                .into_body()
        };
        assert_eq!(apply(Strictness::Strict, &noisy), noisy);
        assert_eq!(apply(Strictness::Lenient, &noisy), "{\"RESULT\":true }");
        for hopeless in [&b"<html>"[..], b"\xff{}", b""] {
            let body = Bytes::copy_from_slice(hopeless);
            assert_eq!(apply(Strictness::Lenient, &body), body);
        }
    }
}
