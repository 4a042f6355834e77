//! How the parts are hashed.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

use super::variant::{Kind, Variants};

/// A way to come from secret, path, body and method to 32 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Recipe {
    /// SHA-256 over the four, one after the other.
    Plain,
    /// HMAC with the secret as its key, over the other three.
    Hmac,
    /// HMAC with the secret as its key, over all four.
    HmacOverAll,
    /// HMAC over the body alone.
    HmacOverBody,
    /// The secret comes last.
    SecretLast,
    /// With this text between the parts.
    Joined(&'static str),
}

impl Recipe {
    pub(super) fn variants() -> Variants<Self> {
        let mut recipes = Variants::new(Self::Plain);
        let hmac = "with HMAC-SHA256 in place of SHA-256 over secret, path, body and method";
        recipes.wrong(Kind::Hash, hmac, Self::Hmac);
        recipes.wrong(Kind::Hash, hmac, Self::HmacOverAll);
        let alone = "with HMAC-SHA256 over the body alone";
        recipes.wrong(Kind::Hash, alone, Self::HmacOverBody);
        recipes.wrong(Kind::Hash, "with the secret at the end", Self::SecretLast);
        for (name, join) in [
            ("line ends", "\n"),
            ("`&`", "&"),
            ("`:`", ":"),
            ("`|`", "|"),
            ("spaces", " "),
        ] {
            let text = format!("with {name} between secret, path, body and method");
            recipes.wrong(Kind::Hash, text, Self::Joined(join));
        }
        recipes
    }

    pub(super) fn digest(self, secret: &[u8], path: &[u8], body: &[u8], method: &[u8]) -> [u8; 32] {
        match self {
            Self::Plain => hash(&[secret, path, body, method]),
            Self::SecretLast => hash(&[path, body, method, secret]),
            Self::Joined(join) => {
                let join = join.as_bytes();
                hash(&[secret, join, path, join, body, join, method])
            }
            Self::Hmac => hmac(secret, &[path, body, method]),
            Self::HmacOverAll => hmac(secret, &[secret, path, body, method]),
            Self::HmacOverBody => hmac(secret, &[body]),
        }
    }
}

fn hash(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    parts.iter().for_each(|part| hasher.update(part));
    hasher.finalize().into()
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return [0; 32];
    };
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}
