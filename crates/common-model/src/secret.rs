//! A secret that is a field of a model.

use std::fmt;

use zeroize::Zeroizing;

use crate::{Absent, Decode, Encode, Error, Reader, Writer};

/// A login, password, key or token as a field of a parameter set or an answer. It is sent over the wire, but never
/// appears in `Debug` and logs. The text is wiped on drop.
///
/// ```
/// use common_model::{SecretText, from_json, to_json};
///
/// let token: SecretText = from_json("\"token-1\"")?;
/// assert_eq!(format!("{token:?}"), "(hidden)");
/// assert_eq!(token.expose(), "token-1");
/// assert_eq!(to_json(&token), "\"token-1\"");
/// # Ok::<(), common_model::Error>(())
/// ```
///
/// It does not format as text:
///
/// ```compile_fail,E0277
/// let token = common_model::SecretText::from("token-1");
/// println!("{token}");
/// ```
// X7
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    /// Returns the text, for the one place that needs it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

impl From<String> for SecretText {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl From<&str> for SecretText {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl Decode for SecretText {
    const ABSENT: Absent = String::ABSENT;

    fn decode(reader: &mut Reader<'_>) -> Result<Self, Error> {
        String::decode(reader).map(Self::from)
    }
}

impl Encode for SecretText {
    fn encode(&self, out: &mut Writer) {
        let text = if out.redacts() { HIDDEN } else { self.expose() };
        out.string(text);
    }

    fn is_secret() -> bool {
        true
    }
}

/// The placeholder for a secret.
pub(crate) const HIDDEN: &str = "(hidden)";
