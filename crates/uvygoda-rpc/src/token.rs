//! Keeping the one token a seller has.

use std::{fmt, future::Future, sync::Arc};

use common_transport::{BoxError, Error, ErrorKind, Secret};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::Client;

/// Where the token is kept between runs.
pub trait TokenStore: Send + Sync {
    /// The token kept, if any.
    ///
    /// # Errors
    /// The store cannot be read; no token is issued then.
    fn load(&self) -> impl Future<Output = Result<Option<Secret>, BoxError>> + Send;

    /// Keeps a token durably.
    ///
    /// # Errors
    /// The token is not safe.
    fn save(&self, token: &Secret) -> impl Future<Output = Result<(), BoxError>> + Send;
}

/// Issues the seller's token once and keeps it.
///
/// The token never expires, and each `getToken` makes the one before void, for every program that
/// uses it. So the keeper asks for one only when its store has none, one caller at a time, and
/// saves it before it hands it out. It never issues a new one because a call was refused: that is
/// [`renew`](Self::renew), and a decision.
///
/// A token is issued and saved in a task of its own: a caller that is dropped in between, by a time
/// limit or a `select!`, loses nothing. It needs the tokio runtime. Clones share the store.
pub struct TokenKeeper<S> {
    inner: Arc<Inner<S>>,
}

struct Inner<S> {
    client: Client,
    store: S,
    /// Held while a token is asked for. What it guards is a token that was issued and not saved.
    issuing: Arc<Mutex<Option<Secret>>>,
}

impl<S: TokenStore + 'static> TokenKeeper<S> {
    /// A keeper that issues through this client, which needs no token.
    pub fn new(client: Client, store: S) -> Self {
        Self {
            inner: Arc::new(Inner {
                client,
                store,
                issuing: Arc::default(),
            }),
        }
    }

    /// The token kept; a new one, saved, when there is none. One that could not be saved before is
    /// saved now.
    ///
    /// # Errors
    /// The store fails, or the service refuses. When the new token could not be saved, it is in the
    /// error: [`Unsaved`].
    pub async fn token(
        &self,
        login: impl Into<Secret>,
        pass: impl Into<Secret>,
    ) -> Result<Secret, Error> {
        let (login, pass) = (login.into(), pass.into());
        let mut unsaved = self.one_at_a_time().await;
        let inner = Arc::clone(&self.inner);
        to_its_end(async move { inner.token(&login, &pass, &mut unsaved).await }).await
    }

    /// A new token, saved; whoever uses the old one is locked out from now on.
    ///
    /// # Errors
    /// As [`token`](Self::token).
    pub async fn renew(
        &self,
        login: impl Into<Secret>,
        pass: impl Into<Secret>,
    ) -> Result<Secret, Error> {
        let (login, pass) = (login.into(), pass.into());
        let mut unsaved = self.one_at_a_time().await;
        let inner = Arc::clone(&self.inner);
        to_its_end(async move { inner.issue(&login, &pass, &mut unsaved).await }).await
    }

    /// The guard goes with the task, so that no other call is made before the task has ended.
    async fn one_at_a_time(&self) -> OwnedMutexGuard<Option<Secret>> {
        Arc::clone(&self.inner.issuing).lock_owned().await
    }
}

/// Runs in a task of its own, which the end of its caller does not stop.
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
    async fn token(
        &self,
        login: &Secret,
        pass: &Secret,
        unsaved: &mut Option<Secret>,
    ) -> Result<Secret, Error> {
        if let Some(token) = unsaved.clone() {
            return self.save(token, unsaved).await;
        }
        let kept = self.store.load().await.map_err(|error| {
            Error::new(ErrorKind::InvalidInput, "the token store cannot be read").with_source(error)
        })?;
        match kept {
            Some(token) => Ok(token),
            None => self.issue(login, pass, unsaved).await,
        }
    }

    async fn issue(
        &self,
        login: &Secret,
        pass: &Secret,
        unsaved: &mut Option<Secret>,
    ) -> Result<Secret, Error> {
        let answer = self
            .client
            .access()
            .token(login.expose(), pass.expose())
            .await?;
        let Some(token) = answer.token else {
            let message = "the answer has no TOKEN";
            return Err(Error::new(ErrorKind::Decode, message).with_may_have_landed(true));
        };
        self.save(Secret::new(token.expose()), unsaved).await
    }

    /// Saves a token, or remembers that it is not saved: whoever asked for it may be gone.
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

/// A token that was issued and not saved: the [`source`](std::error::Error::source) of the keeper's
/// error. The keeper has it too, and saves it when it is asked for a token again.
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
