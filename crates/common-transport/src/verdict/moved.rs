//! Where a redirect leads.

use http::{HeaderMap, Uri, header::LOCATION};

/// The host that a redirect's `Location` names, as `https://host:port`; none when it leads elsewhere on the same
/// host, or nowhere that can be read.
///
/// Path, query and user name are left out: each may hold a key.
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
    // A fragment is no part of what the parser takes, and of no use here.
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
