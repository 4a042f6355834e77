//! Keeping the one token a seller has.

use std::{fmt, future::Future};

use common_transport::{BoxError, Error, ErrorKind, Secret};
use tokio::sync::Mutex;

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

/// Issues the seller's token once and keeps it (acceptance row U14).
///
/// The token never expires, and each `getToken` makes the one before void, for every program that
/// uses it. So the keeper asks for one only when its store has none, one caller at a time, and
/// saves it before it hands it out. It never issues a new one because a call was refused: that is
/// [`renew`](Self::renew), and a decision.
#[derive(Debug)]
pub struct TokenKeeper<S> {
    client: Client,
    store: S,
    issuing: Mutex<()>,
}

impl<S: TokenStore> TokenKeeper<S> {
    /// A keeper that issues through this client, which needs no token.
    pub fn new(client: Client, store: S) -> Self {
        Self {
            client,
            store,
            issuing: Mutex::new(()),
        }
    }

    /// The token kept; a new one, saved, when there is none.
    ///
    /// # Errors
    /// The store fails, or the service refuses. When the new token could not be saved, it is in the
    /// error: [`Unsaved`].
    pub async fn token(
        &self,
        login: impl Into<Secret>,
        pass: impl Into<Secret>,
    ) -> Result<Secret, Error> {
        let _one_at_a_time = self.issuing.lock().await;
        let kept = self.store.load().await.map_err(|error| {
            Error::new(ErrorKind::InvalidInput, "the token store cannot be read").with_source(error)
        })?;
        match kept {
            Some(token) => Ok(token),
            None => self.issue(login.into(), pass.into()).await,
        }
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
        let _one_at_a_time = self.issuing.lock().await;
        self.issue(login.into(), pass.into()).await
    }

    async fn issue(&self, login: Secret, pass: Secret) -> Result<Secret, Error> {
        let answer = self
            .client
            .access()
            .get_token(login.expose(), pass.expose())
            .await?;
        let Some(token) = answer.token else {
            let message = "the answer has no TOKEN";
            return Err(Error::new(ErrorKind::Decode, message).with_may_have_landed(true));
        };
        let token = Secret::new(token.expose());
        match self.store.save(&token).await {
            Ok(()) => Ok(token),
            Err(error) => {
                let message = "the new token could not be saved, and the old one is void";
                Err(Error::new(ErrorKind::InvalidInput, message)
                    .with_may_have_landed(true)
                    .with_source(Unsaved { token, error }))
            }
        }
    }
}

/// A token that was issued and not saved: the [`source`](std::error::Error::source) of the keeper's
/// error. It is the only copy.
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
mod tests {
    use std::{
        error::Error as _,
        sync::{
            Arc, Mutex as StdMutex,
            atomic::{AtomicU32, Ordering::SeqCst},
        },
    };

    use bytes::Bytes;
    use http::{Request, Response};

    use super::*;

    #[derive(Default)]
    struct Memory {
        token: StdMutex<Option<Secret>>,
        is_full: bool,
    }

    impl TokenStore for Memory {
        async fn load(&self) -> Result<Option<Secret>, BoxError> {
            Ok(self.token.lock().unwrap().clone())
        }

        async fn save(&self, token: &Secret) -> Result<(), BoxError> {
            if self.is_full {
                return Err("disk full".into());
            }
            *self.token.lock().unwrap() = Some(token.clone());
            Ok(())
        }
    }

    /// A keeper over a service that numbers its tokens, and how many it issued.
    fn keeper(store: Memory) -> (TokenKeeper<Memory>, Arc<AtomicU32>) {
        let issued = Arc::new(AtomicU32::new(0));
        let counter = Arc::clone(&issued);
        let service = tower::service_fn(move |_: Request<Bytes>| {
            let counter = Arc::clone(&counter);
            async move {
                tokio::task::yield_now().await;
                let number = counter.fetch_add(1, SeqCst) + 1;
                let json = format!(r#"{{"RESULT":true,"TOKEN":"token-{number}","ERROR":false}}"#);
                Ok::<_, BoxError>(Response::new(Bytes::from(json)))
            }
        });
        let client = Client::builder()
            .transport(move |transport| transport.service(service))
            .build()
            .unwrap();
        (TokenKeeper::new(client, store), issued)
    }

    #[tokio::test]
    async fn u14_many_callers_share_one_token() {
        let (keeper, issued) = keeper(Memory::default());
        let (a, b, c) = tokio::join!(
            keeper.token("a", "b"),
            keeper.token("a", "b"),
            keeper.token("a", "b")
        );
        for token in [a, b, c] {
            assert_eq!(token.unwrap().expose(), "token-1");
        }
        assert_eq!(issued.load(SeqCst), 1);
        assert_eq!(keeper.renew("a", "b").await.unwrap().expose(), "token-2");
        assert_eq!(keeper.token("a", "b").await.unwrap().expose(), "token-2");
    }

    #[tokio::test]
    async fn u14_a_token_that_cannot_be_saved_is_not_lost() {
        let (keeper, _) = keeper(Memory {
            is_full: true,
            ..Memory::default()
        });
        let error = keeper.token("a", "b").await.unwrap_err();
        let unsaved = error.source().unwrap().downcast_ref::<Unsaved>().unwrap();
        assert_eq!(unsaved.token().expose(), "token-1");
        assert!(!format!("{error} {error:?}").contains("token-1"));
    }
}
