//! Verification of a module's registration.

use common_transport::Secret;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::RequestConnectionRegister;

impl RequestConnectionRegister {
    /// Whether the token is the signature of the key with this secret. Accept the key only if it is. False
    /// without a key or a token.
    pub fn is_signed_with(&self, secret: &Secret) -> bool {
        let (Some(key), Some(token)) = (&self.api_key, &self.token) else {
            return false;
        };
        is_registration_token(secret, key.expose(), token.expose())
    }
}

/// Checks the token of a one-step registration: the hexadecimal HMAC-SHA256 of the API key, keyed with the
/// module's secret, compared in constant time.
///
/// [`RequestConnectionRegister::is_signed_with`] makes the same check on a posted registration.
///
/// ```
/// use common_transport::Secret;
/// use retailcrm_v5::webhooks::is_registration_token;
///
/// let secret = Secret::new("module-secret");
/// let token = "a2bd6363eaf7a90790fd67ef0e21d2e4e24f9f75fcec7b12061e764f56ef9539";
/// assert!(is_registration_token(&secret, "api-key-1", token));
/// assert!(!is_registration_token(&secret, "another-key", token));
/// ```
pub fn is_registration_token(secret: &Secret, api_key: &str, token: &str) -> bool {
    let Some(token) = unhex(token) else {
        return false;
    };
    // HMAC accepts keys of any length, so this error does not occur.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()) else {
        return false;
    };
    mac.update(api_key.as_bytes());
    mac.verify_slice(&token).is_ok()
}

/// 64 hexadecimal digits of either case.
fn unhex(text: &str) -> Option<[u8; 32]> {
    let digits: &[u8; 64] = text.as_bytes().try_into().ok()?;
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |at: usize| char::from(pair[at]).to_digit(16);
        *byte = u8::try_from(digit(0)? * 16 + digit(1)?).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Computed with `openssl dgst -sha256 -hmac module-secret` over the key.
    const TOKEN: &str = "a2bd6363eaf7a90790fd67ef0e21d2e4e24f9f75fcec7b12061e764f56ef9539";

    #[test]
    fn re17_the_token_is_hmac_of_the_key_under_the_secret() {
        let secret = Secret::new("module-secret");
        assert!(is_registration_token(&secret, "api-key-1", TOKEN));
        assert!(is_registration_token(
            &secret,
            "api-key-1",
            &TOKEN.to_uppercase()
        ));
        assert!(!is_registration_token(&secret, "api-key-2", TOKEN));
        assert!(!is_registration_token(
            &Secret::new("api-key-1"),
            "module-secret",
            TOKEN
        ));
    }

    #[test]
    fn re17_a_token_that_differs_anywhere_is_refused() {
        let secret = Secret::new("module-secret");
        for place in 0..TOKEN.len() {
            for digit in "0123456789abcdef".chars() {
                let mut other: Vec<char> = TOKEN.chars().collect();
                other[place] = digit;
                let other: String = other.into_iter().collect();
                let is_same = other == TOKEN;
                assert_eq!(is_registration_token(&secret, "api-key-1", &other), is_same);
            }
        }
        // No comparison of ours: how long it takes would tell how much was right.
        let code = include_str!("token.rs");
        let (code, _) = code.split_once("mod tests").unwrap();
        assert!(code.contains("mac.verify_slice(") && !code.contains("=="));
    }

    #[test]
    fn re17_what_is_no_token_is_refused() {
        let secret = Secret::new("module-secret");
        for token in ["", "00", &TOKEN[1..], &format!("{TOKEN}0"), &"ы".repeat(32)] {
            assert!(
                !is_registration_token(&secret, "api-key-1", token),
                "{token}"
            );
        }
    }
}
