//! Keeping of the seller's only token.

use std::{fmt, future::Future, sync::Arc};

use common_transport::{BoxError, Error, ErrorKind, Secret};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::Client;

/// Storage for the token between runs of a program.
pub trait TokenStore: Send + Sync {
    /// Loads the token, if the store has one.
    ///
    /// # Errors
    /// The store cannot be read; the keeper then issues no token.
    fn load(&self) -> impl Future<Output = Result<Option<Secret>, BoxError>> + Send;

    /// Saves a token durably.
    ///
    /// # Errors
    /// The token could not be saved.
    fn save(&self, token: &Secret) -> impl Future<Output = Result<(), BoxError>> + Send;
}

/// Issues the seller's token once and keeps it.
///
/// The token never expires, and each `getToken` revokes the previous one in all programs that use
/// it. The keeper therefore calls it only if its store has no token, one caller at a time, and
/// saves the token before it returns it. It does not issue a new token because a call was refused:
/// [`renew`](Self::renew) does so explicitly.
///
/// A separate task issues and saves the token, so a caller dropped by a timeout or a `select!` does
/// not lose it. It needs the tokio runtime. Clones share the store.
pub struct TokenKeeper<S> {
    inner: Arc<Inner<S>>,
}

struct Inner<S> {
    client: Client,
    store: S,
    /// Locked while a token is issued. Holds a token that was issued but not saved.
    issuing: Arc<Mutex<Option<Secret>>>,
}

impl<S: TokenStore + 'static> TokenKeeper<S> {
    /// A keeper that issues tokens through this client. The client needs no token.
    pub fn new(client: Client, store: S) -> Self {
        Self {
            inner: Arc::new(Inner {
                client,
                store,
                issuing: Arc::default(),
            }),
        }
    }

    /// Returns the stored token, or issues and saves a new one. First saves a token that could not
    /// be saved earlier.
    ///
    /// # Errors
    /// The store fails, or the service refuses. If the new token could not be saved, the error
    /// holds it: [`Unsaved`].
    pub async fn token(
        &self,
        login: impl Into<Secret>,
        pass: impl Into<Secret>,
    ) -> Result<Secret, Error> {
        let login = Login(login.into(), pass.into());
        let mut unsaved = self.one_at_a_time().await;
        let inner = Arc::clone(&self.inner);
        to_its_end(async move { inner.token(&login, &mut unsaved).await }).await
    }

    /// Issues and saves a new token. The old token stops working at once, in all programs that use
    /// it.
    ///
    /// # Errors
    /// As [`token`](Self::token).
    pub async fn renew(
        &self,
        login: impl Into<Secret>,
        pass: impl Into<Secret>,
    ) -> Result<Secret, Error> {
        let login = Login(login.into(), pass.into());
        let mut unsaved = self.one_at_a_time().await;
        let inner = Arc::clone(&self.inner);
        to_its_end(async move { inner.issue(&login, &mut unsaved).await }).await
    }

    /// The task owns the guard, so that no other call starts before the task has ended.
    async fn one_at_a_time(&self) -> OwnedMutexGuard<Option<Secret>> {
        Arc::clone(&self.inner.issuing).lock_owned().await
    }
}

/// The seller's login and password.
struct Login(Secret, Secret);

/// Runs a future in a separate task, which goes on if its caller is dropped.
async fn to_its_end(
    work: impl Future<Output = Result<Secret, Error>> + Send + 'static,
) -> Result<Secret, Error> {
    tokio::spawn(work).await.unwrap_or_else(|stopped| {
        let message = "the task that kept the token was stopped";
        Err(Error::new(ErrorKind::Transport, message)
            .with_may_have_landed(true)
            .with_source(stopped))
    })
}

impl<S: TokenStore> Inner<S> {
    async fn token(&self, login: &Login, unsaved: &mut Option<Secret>) -> Result<Secret, Error> {
        if let Some(token) = unsaved.clone() {
            return self.save(token, unsaved).await;
        }
        let kept = self.store.load().await.map_err(|error| {
            Error::new(ErrorKind::InvalidInput, "the token store cannot be read").with_source(error)
        })?;
        match kept {
            Some(token) => Ok(token),
            None => self.issue(login, unsaved).await,
        }
    }

    async fn issue(&self, login: &Login, unsaved: &mut Option<Secret>) -> Result<Secret, Error> {
        let Login(login, pass) = login;
        let issued = self.client.access().token(login.expose(), pass.expose());
        let answer = issued.await?;
        let Some(token) = answer.token else {
            let message = "the answer has no TOKEN";
            return Err(Error::new(ErrorKind::Decode, message).with_may_have_landed(true));
        };
        self.save(Secret::new(token.expose()), unsaved).await
    }

    /// Saves a token, or remembers it as unsaved, since its caller may have been dropped.
    async fn save(&self, token: Secret, unsaved: &mut Option<Secret>) -> Result<Secret, Error> {
        *unsaved = Some(token.clone());
        match self.store.save(&token).await {
            Ok(()) => {
                *unsaved = None;
                Ok(token)
            }
            Err(error) => {
                let message = "the new token could not be saved, and the old one is void";
                Err(Error::new(ErrorKind::InvalidInput, message)
                    .with_may_have_landed(true)
                    .with_source(Unsaved { token, error }))
            }
        }
    }
}

impl<S> Clone for TokenKeeper<S> {
    fn clone(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
        }
    }
}

impl<S> fmt::Debug for TokenKeeper<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenKeeper")
            .field("client", &self.inner.client)
            .finish_non_exhaustive()
    }
}

/// A token that was issued but not saved: the [`source`](std::error::Error::source) of the keeper's
/// error. The keeper also holds it, and tries to save it on the next call.
#[derive(Debug)]
pub struct Unsaved {
    token: Secret,
    error: BoxError,
}

impl Unsaved {
    /// The token.
    pub fn token(&self) -> &Secret {
        &self.token
    }
}

impl fmt::Display for Unsaved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the token store failed")
    }
}

impl std::error::Error for Unsaved {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self.error.as_ref())
    }
}

#[cfg(test)]
mod tests;
