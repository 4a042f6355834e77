//! A secret text that is never shown.

use std::fmt;

use zeroize::Zeroizing;

/// A key, token or password. `Debug` shows a constant. There is no `Display`, `Serialize` or `Deref`.
/// The text is wiped on drop.
///
/// ```
/// let secret = common_transport::Secret::new("key-1");
/// assert_eq!(format!("{secret:?}"), "Secret(..)");
/// ```
///
/// It does not format as text:
///
/// ```compile_fail,E0277
/// let secret = common_transport::Secret::new("key-1");
/// println!("{secret}");
/// ```
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Wraps a secret text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// Returns the text, for the one place that must send it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn x7_debug_is_constant() {
        let secret = Secret::new("пароль-1");
        assert_eq!(format!("{secret:?} {secret:#?}"), "Secret(..) Secret(..)");
    }
}
