//! Headers that hold a secret.

use common_transport::Error;
use http::HeaderValue;

/// The value of a header that holds a secret, which `Debug` does not show. `field` names the secret in an error.
///
/// ```
/// use common_api::secret_header;
///
/// let value = secret_header("token", "token-1")?;
/// assert!(value == "token-1" && value.is_sensitive());
/// let error = secret_header("token", "a\nb").unwrap_err();
/// assert_eq!(error.field(), Some("token"));
/// # Ok::<(), common_transport::Error>(())
/// ```
///
/// # Errors
/// A character of the secret is not valid in a header.
pub fn secret_header(field: &str, secret: &str) -> Result<HeaderValue, Error> {
    let mut value = HeaderValue::from_str(secret)
        .map_err(|_| Error::invalid_input(field, "it cannot stand in a header"))?;
    value.set_sensitive(true);
    Ok(value)
}
