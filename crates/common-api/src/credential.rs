//! Headers that carry a credential, told by their names.

/// Parts of header names that mark a credential.
const TELLTALES: [&str; 9] = [
    "access-key",
    "api-key",
    "apikey",
    "auth",
    "cookie",
    "password",
    "secret",
    "session",
    "token",
];

/// It asks for a credential and holds none.
const CHALLENGE: &str = "www-authenticate";

/// Whether a header of this name usually carries a credential. Deliveries do not have such
/// headers, and recordings do not have their values.
///
/// ```
/// use common_api::receive::is_credential;
///
/// assert!(is_credential("X-Auth-Token") && !is_credential("content-type"));
/// ```
#[must_use]
#[cfg_attr(
    not(feature = "receivers"),
    allow(unreachable_pub, reason = "public with receivers")
)]
pub fn is_credential(header: &str) -> bool {
    let header = header.to_ascii_lowercase();
    header != CHALLENGE && TELLTALES.iter().any(|part| header.contains(part))
}
