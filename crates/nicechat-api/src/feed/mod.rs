//! Feed imports: polling of a task to its end, and the callback that announces the end.
//!
//! The service posts the callback once, without a signature and without retries. Take it as a hint
//! that there is a result, query the result to confirm it, and keep polling in case a callback is
//! lost. The service also reads the feed on its own schedule. To import only by push, turn off
//! "Check products automatically" in its settings, under Website, Products.
#![cfg_attr(
    feature = "receivers",
    doc = r##"
A [`Receiver`] is a tower service. Mount it at the address of the callback, whose last segment is the
secret; [`common_api::receive`] says what it promises, and how hyper has to be set. It has the same
constructor, stores and observer of rejections as the receivers of the other services.

```
use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use nicechat_api::feed::{MemoryStore, Receiver, Rejected};
use tower_service::Service;

# #[tokio::main(flavor = "current_thread")] async fn main() {
let mut receiver = Receiver::new("path-secret-1", MemoryStore::new())
    .on_reject(|rejected: &Rejected<'_>| eprintln!("not a callback: {}", rejected.reason));

let post = |path: &str| {
    Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Full::<Bytes>::from("state=success&imported_elements_count=392"))
        .unwrap()
};
assert_eq!(receiver.call(post("/nicechat/path-secret-1")).await.unwrap().status(), 200);
let callback = &receiver.store().events()[0].event;
assert_eq!(callback.imported_elements_count, Some(392));

// A wrong path gets 404 and no details.
assert_eq!(receiver.call(post("/nicechat/guess")).await.unwrap().status(), 404);
assert_eq!(receiver.counts().rejected(), 1);

// Call it before the program ends.
receiver.drain().await;
# }
```
"##
)]

mod callback;
mod poll;
#[cfg(feature = "receivers")]
mod receiver;
#[cfg(feature = "client")]
mod watch;

pub use poll::{FeedPoll, PollPolicy, Progress};
#[cfg(feature = "receivers")]
pub use receiver::{CallbackFormat, MemoryStore, Receiver};
#[cfg(feature = "client")]
pub use watch::FeedWatch;

#[cfg(feature = "receivers")]
pub use common_api::receive::{
    Accepted, Counts, Delivery, Kept, OnReject, Reason, Receipt, ReceiptId, Received, Rejected,
    Rejection, Store,
};
