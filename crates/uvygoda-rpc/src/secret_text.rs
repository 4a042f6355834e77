//! A secret that travels inside of a model.

use std::fmt;

use common_model::{Absent, Decode, Encode, Reader, Writer};
use common_transport::Secret;

/// A login, password or token as the field of a parameter set or an answer: it goes over the wire,
/// and never into `Debug`, logs and errors (acceptance row U52).
///
/// ```
/// use uvygoda_rpc::access::Token;
///
/// let call = Token::new("shop@example.com", "пароль");
/// assert_eq!(format!("{call:?}"), r#"Token { LOGIN: "(hidden)", PASS: "(hidden)" }"#);
/// ```
#[derive(Clone)]
pub struct SecretText(Secret);

impl SecretText {
    /// The text, for the one place that needs it.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// The secret as clients take it.
    pub fn into_secret(self) -> Secret {
        self.0
    }
}

impl Default for SecretText {
    fn default() -> Self {
        Self(Secret::new(String::new()))
    }
}

impl PartialEq for SecretText {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for SecretText {}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

impl From<String> for SecretText {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<&str> for SecretText {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<Secret> for SecretText {
    fn from(secret: Secret) -> Self {
        Self(secret)
    }
}

impl Decode for SecretText {
    const ABSENT: Absent = String::ABSENT;

    fn decode(reader: &mut Reader<'_>) -> Result<Self, common_model::Error> {
        String::decode(reader).map(Self::from)
    }
}

impl Encode for SecretText {
    fn encode(&self, out: &mut Writer) {
        let text = if out.redacts() { HIDDEN } else { self.expose() };
        out.string(text);
    }
}

const HIDDEN: &str = "(hidden)";

#[cfg(test)]
mod tests {
    use crate::access::{Token, TokenAnswer};

    #[test]
    fn u52_x7_login_password_and_token_show_nowhere() {
        let call = Token::new("login-1", "pass-1");
        let answer: TokenAnswer =
            common_model::from_json(r#"{"RESULT":true,"TOKEN":"token-1","ERROR":false}"#).unwrap();
        let shown = format!(
            "{call:?} {call:#?} {answer:?} {answer:#?} {:?}",
            answer.token
        );
        for secret in ["login-1", "pass-1", "token-1"] {
            assert!(!shown.contains(secret), "{shown}");
        }
        assert_eq!(answer.token.as_ref().unwrap().expose(), "token-1");
        assert!(
            common_model::to_json(&answer).contains("token-1"),
            "it still is the answer"
        );
    }
}
