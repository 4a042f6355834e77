//! Receiving the events that `setWebHook` asks for.
//!
//! The service announces five events. It documents no shapes, no signature and no repeats, and no
//! method reads orders or chats: **a lost event is lost data**. The receiver therefore accepts every
//! body that reaches the right address. It tells events apart by [`Rules`], which are data, keeps the
//! body unchanged, and answers only after a store has it. Equal bodies are kept too: the statuses 1,
//! 2, 1 of an order are three events.
#![cfg_attr(
    feature = "receivers",
    doc = r##"
A [`Receiver`] is a tower service. Mount it at the address given to `setWebHook`, whose last segment
is the secret; [`common_api::receive`] says what it promises, and how hyper has to be set.

```
use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use tower_service::Service;
use uvygoda_rpc::events::{EventKind, MemoryStore, Receiver, Rule, Rules};

# #[tokio::main(flavor = "current_thread")] async fn main() {
let rules = Rules::new([Rule::new(EventKind::NewOrder, "/event").equals("order.new")]);
let mut receiver = Receiver::new("path-secret-1", MemoryStore::new()).format(rules);

let order = Full::<Bytes>::from(r#"{"event":"order.new","order":{"ID":7}}"#);
let request = Request::post("/hooks/path-secret-1").body(order).unwrap();
assert_eq!(receiver.call(request).await.unwrap().status(), 200);
assert_eq!(receiver.store().events()[0].event.kind, EventKind::NewOrder);

// A wrong path gets 404 and no details.
let request = Request::post("/hooks/guess").body(Full::<Bytes>::default()).unwrap();
assert_eq!(receiver.call(request).await.unwrap().status(), 404);

// Call it before the program ends.
receiver.drain().await;
# }
```
"##
)]

mod event;
#[cfg(feature = "receivers")]
mod receiver;
mod rules;

pub use event::{Event, EventKind};
#[cfg(feature = "receivers")]
pub use receiver::{MemoryStore, Receiver};
pub use rules::{Rule, Rules};

#[cfg(feature = "receivers")]
pub use common_api::receive::{
    Accepted, Counts, Delivery, Kept, OnReject, Reason, Receipt, ReceiptId, Received, Rejected,
    Rejection, Store,
};
