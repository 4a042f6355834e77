//! Look-up of an account by its API-Key.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use core::convert::Infallible;
use core::future::{Ready, ready};

use crate::Credentials;

/// Finds the account of an API-Key: in memory, in a database, in another service.
///
/// Implemented for every `Fn(&str) -> impl Future<Output = Result<Option<Credentials>, E>>`.
pub trait KeyLookup {
    /// The error of a failed look-up. The layer answers 503 and does not show it.
    type Error;
    /// The future of a look-up.
    type Future: Future<Output = Result<Option<Credentials>, Self::Error>>;

    /// Looks the key up. `None` means that no account has this key.
    fn account(&self, key: &str) -> Self::Future;
}

impl<F, R, E> KeyLookup for F
where
    F: Fn(&str) -> R,
    R: Future<Output = Result<Option<Credentials>, E>>,
{
    type Error = E;
    type Future = R;

    fn account(&self, key: &str) -> R {
        self(key)
    }
}

/// A single account.
impl KeyLookup for Credentials {
    type Error = Infallible;
    type Future = Ready<Result<Option<Credentials>, Infallible>>;

    fn account(&self, key: &str) -> Self::Future {
        ready(Ok((self.key() == key).then(|| self.clone())))
    }
}

/// Accounts in memory. Clones share one map.
#[derive(Clone, Debug, Default)]
pub struct Accounts(Arc<BTreeMap<String, Credentials>>);

impl FromIterator<Credentials> for Accounts {
    fn from_iter<I: IntoIterator<Item = Credentials>>(accounts: I) -> Self {
        Self(Arc::new(
            accounts
                .into_iter()
                .map(|it| (it.key().into(), it))
                .collect(),
        ))
    }
}

impl KeyLookup for Accounts {
    type Error = Infallible;
    type Future = Ready<Result<Option<Credentials>, Infallible>>;

    fn account(&self, key: &str) -> Self::Future {
        ready(Ok(self.0.get(key).cloned()))
    }
}
