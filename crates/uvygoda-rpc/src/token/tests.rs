use std::{
    error::Error as _,
    sync::{
        Arc, Mutex as StdMutex,
        atomic::{AtomicBool, AtomicU32, Ordering::SeqCst},
    },
    task::{Context, Waker},
};

use bytes::Bytes;
use http::{Request, Response};

use super::*;

#[derive(Clone, Default)]
struct Memory {
    token: Arc<StdMutex<Option<Secret>>>,
    is_full: Arc<AtomicBool>,
}

impl Memory {
    fn full() -> Self {
        let memory = Self::default();
        memory.is_full.store(true, SeqCst);
        memory
    }

    fn kept(&self) -> Option<String> {
        let token = self.token.lock().unwrap();
        token.as_ref().map(|token| token.expose().to_owned())
    }
}

impl TokenStore for Memory {
    async fn load(&self) -> Result<Option<Secret>, BoxError> {
        tokio::task::yield_now().await;
        Ok(self.token.lock().unwrap().clone())
    }

    async fn save(&self, token: &Secret) -> Result<(), BoxError> {
        tokio::task::yield_now().await;
        if self.is_full.load(SeqCst) {
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

// U14: a token has no end, and what is stored is used by whoever starts next.
#[tokio::test(start_paused = true)]
async fn u14_a_stored_token_is_used_for_ever() {
    let store = Memory::default();
    let (first, issued) = keeper(store.clone());
    assert_eq!(first.token("a", "b").await.unwrap().expose(), "token-1");
    for years in 0..5 {
        tokio::time::advance(std::time::Duration::from_secs(365 * 24 * 3600)).await;
        let (next, of_next) = keeper(store.clone());
        assert_eq!(next.token("a", "b").await.unwrap().expose(), "token-1");
        assert_eq!(of_next.load(SeqCst), 0, "after {years} years");
    }
    assert_eq!(first.token("a", "b").await.unwrap().expose(), "token-1");
    assert_eq!(issued.load(SeqCst), 1);
}

#[tokio::test]
async fn u14_a_token_that_cannot_be_saved_is_not_lost() {
    let store = Memory::full();
    let (keeper, issued) = keeper(store.clone());
    let error = keeper.token("a", "b").await.unwrap_err();
    let unsaved = error.source().unwrap().downcast_ref::<Unsaved>().unwrap();
    assert_eq!(unsaved.token().expose(), "token-1");
    assert!(!format!("{error} {error:?}").contains("token-1"));

    // The next call saves it, and asks for no other.
    assert!(keeper.token("a", "b").await.is_err());
    store.is_full.store(false, SeqCst);
    assert_eq!(keeper.token("a", "b").await.unwrap().expose(), "token-1");
    assert_eq!(store.kept().as_deref(), Some("token-1"));
    assert_eq!(issued.load(SeqCst), 1);
}

/// Polls a call so often, drops it, and lets everything that runs come to its end. Whether it was
/// ready in time.
async fn dropped_after(polls: u32, call: impl Future<Output = Result<Secret, Error>>) -> bool {
    let mut call = Box::pin(call);
    let mut is_ready = false;
    for _ in 0..polls {
        let mut context = Context::from_waker(Waker::noop());
        if call.as_mut().poll(&mut context).is_ready() {
            is_ready = true;
            break;
        }
        tokio::task::yield_now().await;
    }
    drop(call);
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    is_ready
}

// H10: whatever was issued is kept, wherever the caller was dropped.
#[tokio::test]
async fn h10_a_token_is_not_lost_whenever_its_caller_is_dropped() {
    for is_renewed in [true, false] {
        let mut was_ready = false;
        for polls in 0.. {
            let store = Memory::default();
            let (keeper, issued) = keeper(store.clone());
            was_ready = match is_renewed {
                true => dropped_after(polls, keeper.renew("a", "b")).await,
                false => dropped_after(polls, keeper.token("a", "b")).await,
            };
            let expected = match polls {
                0 => (0, None),
                _ => (1, Some("token-1".to_owned())),
            };
            assert_eq!(
                (issued.load(SeqCst), store.kept()),
                expected,
                "{polls} polls"
            );
            if was_ready {
                break;
            }
        }
        assert!(was_ready);
    }
}

// H10: the next caller waits for a call whose own caller was dropped.
#[tokio::test]
async fn h10_one_call_at_a_time_also_when_its_caller_is_dropped() {
    let store = Memory::default();
    let (keeper, issued) = keeper(store.clone());
    for _ in 0..5 {
        let mut call = Box::pin(keeper.token("a", "b"));
        let mut context = Context::from_waker(Waker::noop());
        assert!(call.as_mut().poll(&mut context).is_pending());
    }
    assert_eq!(keeper.token("a", "b").await.unwrap().expose(), "token-1");
    assert_eq!(issued.load(SeqCst), 1);
}

// H10: the store failed after the caller was dropped.
#[tokio::test]
async fn h10_a_token_that_nobody_was_told_of_is_saved_later() {
    let store = Memory::full();
    let (keeper, issued) = keeper(store.clone());
    assert!(!dropped_after(1, keeper.renew("a", "b")).await);
    assert_eq!((issued.load(SeqCst), store.kept()), (1, None));
    store.is_full.store(false, SeqCst);
    assert_eq!(
        keeper.clone().token("a", "b").await.unwrap().expose(),
        "token-1"
    );
    assert_eq!(
        (issued.load(SeqCst), store.kept().as_deref()),
        (1, Some("token-1"))
    );
    assert!(!format!("{keeper:?}").contains("token-1"));
}
