//! Repairs JSON with output of a proxy or of PHP around it.

use common_model::{Options, lenient::Lenient};

/// Recovers one balanced object from warnings and HTML around it, without trailing commas. Used by
/// [`Strictness::Lenient`](common_api::Strictness::Lenient).
///
/// ```
/// use bytes::Bytes;
/// use http::Response;
/// use retailcrm_v5::{Strictness, repair};
///
/// let body = "<b>Warning</b>: x<br>{\"success\":true,}";
/// let response = || Response::new(Bytes::from(body));
/// assert_eq!(Strictness::Strict.apply(response(), repair).body(), body);
/// assert_eq!(Strictness::Lenient.apply(response(), repair).body(), "{\"success\":true }");
/// ```
pub fn repair(body: &[u8], options: &Options<'_>) -> Option<Vec<u8>> {
    let lenient = Lenient::new().noise().trailing_commas();
    let repaired = lenient.repair_with(body, options).ok()?;
    Some(repaired.into_owned())
}
