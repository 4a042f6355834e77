//! The receiver of callbacks.

use common_api::receive::{self, Delivery, Format, Storing};
use common_transport::BoxError;

use crate::feeds::FeedCallback;

/// Receives the callbacks posted to an address that ends in a secret, and keeps each in a store.
///
/// The service does not sign callbacks and posts each of them once. The receiver answers after the
/// store has the callback. Take it as a hint, and query the result to confirm it. Callbacks are small,
/// so set a low [`max_body`](receive::Receiver::max_body). See [`common_api::receive`] for the
/// guarantees of a receiver and the settings of hyper.
///
/// ```
/// use bytes::Bytes;
/// use http::Request;
/// use http_body_util::Full;
/// use nicechat_api::feed::{MemoryStore, Receiver};
/// use tower_service::Service;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let mut receiver = Receiver::new("path-secret-1", MemoryStore::new()).max_body(64 * 1024);
/// let request = Request::post("/nicechat/path-secret-1")
///     .header("content-type", "application/x-www-form-urlencoded")
///     .body(Full::<Bytes>::from("imported_elements_count=392"))
///     .unwrap();
/// assert_eq!(receiver.call(request).await.unwrap().status(), 200);
/// let callback = &receiver.store().events()[0].event;
/// assert_eq!(callback.imported_elements_count, Some(392));
/// # }
/// ```
pub type Receiver<S> = receive::Receiver<Storing<CallbackFormat, S>>;

/// A store of callbacks in memory, with a capacity.
pub type MemoryStore = receive::MemoryStore<FeedCallback>;

/// The format of callbacks, read by [`FeedCallback::parse`]. A callback without a content type is
/// read as urlencoded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallbackFormat;

impl Format for CallbackFormat {
    type Event = FeedCallback;

    fn read(&self, delivery: &Delivery) -> Result<FeedCallback, BoxError> {
        let urlencoded = "application/x-www-form-urlencoded";
        let content_type = delivery.content_type().unwrap_or(urlencoded);
        Ok(FeedCallback::parse(content_type, &delivery.body)?)
    }

    /// The task, if the callback has its token.
    fn subject(&self, callback: &FeedCallback) -> Option<String> {
        callback.token.clone()
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use common_api::receive::Reason;

    use super::*;

    fn receiver() -> Receiver<MemoryStore> {
        Receiver::new("secret-1", MemoryStore::new())
    }

    #[tokio::test]
    async fn n84_another_path_learns_nothing() {
        let receiver = receiver();
        for secret in ["", "secret-2", "secret-11"] {
            let rejection = receiver
                .receive(secret, Delivery::new("state=success"))
                .await;
            assert_eq!(rejection.unwrap_err().status(), 404);
        }
        let callback = Delivery::new("state=success");
        assert!(receiver.receive("secret-1", callback).await.is_ok());
        assert!(!format!("{receiver:?}").contains("secret-1"));
    }

    // N83, H3
    #[tokio::test]
    async fn n83_h3_a_callback_is_stored_and_what_is_none_leaves_a_trace() {
        let receiver = receiver().max_body(64);
        let form = |body: String| {
            Delivery::new(body).with_content_type("application/x-www-form-urlencoded")
        };
        let many = form("imported_elements_count=many".to_owned());
        let rejection = receiver.receive("secret-1", many).await.unwrap_err();
        assert_eq!(rejection.status(), 400);
        let source = rejection.source().unwrap().to_string();
        assert!(source.contains("imported_elements_count"), "{source}");
        let text = Delivery::new("x").with_content_type("text/plain");
        let rejection = receiver.receive("secret-1", text).await.unwrap_err();
        assert_eq!(rejection.reason(), Reason::Unreadable);
        let rejection = receiver.receive("secret-1", form("x".repeat(65))).await;
        assert_eq!(rejection.unwrap_err().status(), 413);
        // Two imports may end alike.
        for _ in 0..2 {
            let same = form("state=success".to_owned());
            receiver.receive("secret-1", same).await.unwrap();
        }
        assert_eq!(receiver.store().events().len(), 2);
        let counts = receiver.counts();
        assert_eq!((counts.taken, counts.rejected()), (2, 3));
    }
}
