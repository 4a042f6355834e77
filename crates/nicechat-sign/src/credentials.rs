//! The key pair of an account.

use alloc::string::String;
use alloc::sync::Arc;
use core::fmt;

use zeroize::Zeroizing;

/// API-Key and API-Secret. The key is sent in plain text; the secret signs requests and is never
/// sent.
///
/// Clones share one copy of the secret, which is wiped when the last clone is dropped. `Debug`
/// shows neither key nor secret.
///
/// ```
/// let credentials = nicechat_sign::Credentials::new("key-1", "secret-1");
/// assert_eq!(format!("{credentials:?}"), "Credentials(..)");
/// ```
///
/// There is no `Display`:
///
/// ```compile_fail,E0277
/// let credentials = nicechat_sign::Credentials::new("key-1", "secret-1");
/// println!("{credentials}");
/// ```
#[derive(Clone)]
pub struct Credentials {
    key: Arc<str>,
    secret: Arc<Zeroizing<String>>,
}

impl Credentials {
    /// Creates credentials from the pair that the service's settings page shows.
    pub fn new(key: impl Into<String>, secret: impl Into<String>) -> Self {
        Self {
            key: key.into().into(),
            secret: Arc::new(Zeroizing::new(secret.into())),
        }
    }

    /// The API-Key.
    pub fn key(&self) -> &str {
        &self.key
    }

    pub(crate) fn secret(&self) -> &str {
        &self.secret
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(..)")
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;

    #[test]
    fn n8_debug_shows_neither_half() {
        let credentials = Credentials::new("key-1", "секрет");
        assert_eq!(
            format!("{credentials:?} {credentials:#?}"),
            "Credentials(..) Credentials(..)"
        );
        assert_eq!(credentials.key(), "key-1");
    }
}
