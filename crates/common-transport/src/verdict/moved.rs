//! The target of a redirect.

use http::{HeaderMap, Uri, header::LOCATION};

/// Returns the host in a redirect's `Location`, as `https://host:port`. Returns `None` for a target on the same host
/// and for an unreadable one.
///
/// Path, query and user name are left out, since each may hold a key.
///
/// ```
/// use common_transport::verdict::moved_to;
/// use http::{HeaderMap, HeaderValue, header::LOCATION};
///
/// let mut headers = HeaderMap::new();
/// headers.insert(LOCATION, HeaderValue::from_static("https://a:b@new.example/x?apiKey=k-1"));
/// assert_eq!(moved_to(&headers).as_deref(), Some("https://new.example"));
/// ```
pub fn moved_to(headers: &HeaderMap) -> Option<String> {
    let location = headers.get(LOCATION)?.to_str().ok()?.trim();
    let with_scheme = match location.strip_prefix("//") {
        Some(rest) => format!("https://{rest}"),
        None => location.to_owned(),
    };
    // The parser does not accept fragments, and they are of no use here.
    let target = with_scheme.split(['#', '\\']).next()?;
    let uri: Uri = target.parse().ok()?;
    let scheme = uri.scheme_str()?;
    let host = uri.host().filter(|host| !host.is_empty())?;
    let host = host.to_ascii_lowercase();
    Some(match uri.port_u16() {
        Some(port) => format!("{scheme}://{host}:{port}"),
        None => format!("{scheme}://{host}"),
    })
}
