//! The seller: login, password and the only valid token.

use std::fmt;

use crate::random::Random;

/// One seller's account.
pub(super) struct Account {
    login: &'static str,
    password: String,
    token: String,
    random: Random,
}

impl Account {
    /// An account with a password and a first token, and a generator for further ones.
    pub(super) fn new(
        login: &'static str,
        password: String,
        token: String,
        random: Random,
    ) -> Self {
        Self {
            login,
            password,
            token,
            random,
        }
    }

    /// An account as it was saved.
    pub(super) fn saved(&self) -> (String, String, Random) {
        (
            self.password.clone(),
            self.token.clone(),
            self.random.clone(),
        )
    }

    pub(super) fn login(&self) -> &'static str {
        self.login
    }

    pub(super) fn password(&self) -> &str {
        &self.password
    }

    pub(super) fn token(&self) -> &str {
        &self.token
    }

    /// Issues a new token for login and password; the previous token becomes invalid.
    pub(super) fn issue(&mut self, login: &str, password: &str) -> Option<String> {
        if login != self.login || password != self.password {
            return None;
        }
        self.token = self.random.token(32);
        Some(self.token.clone())
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Account(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u14_a_new_token_voids_the_old_one() {
        let mut account = Account::new("a", "b".into(), "old".into(), Random::new(1, "test"));
        assert_eq!(account.issue("a", "c"), None);
        assert_eq!(account.token(), "old");
        let token = account.issue("a", "b").expect("issued");
        assert_ne!(token, "old");
        assert_eq!(account.token(), token);
    }
}
