//! The receivers of the services have one shape: the same names, constructors, stores and observers.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use tower::ServiceExt as _;

const FORM: &str = "application/x-www-form-urlencoded";
const SECRET: &str = "path-secret-1";

fn post(path: &str, body: &'static str) -> Request<Full<Bytes>> {
    let request = Request::post(path).header("content-type", FORM);
    request.body(Full::from(body)).expect("a request")
}

/// Writes the tests of the receiver of one module, by names of that module alone. `$event` is the type of its events.
macro_rules! has_the_shape {
    ($name:ident, $($module:ident)::+, $event:ty) => {
        mod $name {
            use super::*;
            use shopwire::$($module)::+::{
                Accepted, Delivery, Kept, MemoryStore, OnReject, Reason, Receipt, Received, Receiver, Rejected,
                Rejection, Store,
            };

            /// A store of the user's own.
            struct Own(Result<(), &'static str>);

            impl Store<$event> for Own {
                async fn store(
                    &self,
                    received: &Received<$event>,
                ) -> Result<Receipt, common_transport::BoxError> {
                    self.0?;
                    Ok(Receipt::new(received.id()))
                }
            }

            /// The reasons that an observer was told.
            #[derive(Clone, Default)]
            struct Observer(Arc<Mutex<Vec<Reason>>>);

            impl OnReject for Observer {
                fn on_reject(&self, rejected: &Rejected<'_>) {
                    self.0.lock().expect("no panic").push(rejected.reason);
                }
            }

            // C15
            #[tokio::test]
            async fn c15_it_is_a_tower_service_over_a_store() {
                let observer = Observer::default();
                let receiver: Receiver<MemoryStore> = Receiver::new(SECRET, MemoryStore::new())
                    .source("shop-1")
                    .max_body(64)
                    .on_reject(observer.clone());
                let long = "a=1234567890&b=1234567890&c=1234567890&d=1234567890&e=1234567890";
                let long = format!("{long}&f=1").leak();
                for (request, status) in [
                    (post("/hook/path-secret-1", "state=success"), StatusCode::OK),
                    (post("/hook/guess", "state=success"), StatusCode::NOT_FOUND),
                    (post("/hook/path-secret-1", long), StatusCode::PAYLOAD_TOO_LARGE),
                ] {
                    let answer: Response<_> = receiver.clone().oneshot(request).await.expect("an answer");
                    assert_eq!(answer.status(), status);
                }
                receiver.drain().await;
                let events: Vec<Received<$event>> = receiver.store().events();
                assert_eq!(events.len(), 1);
                assert_eq!(&*events[0].source, "shop-1");
                assert_eq!(events[0].delivery.body, "state=success");
                let counts = receiver.counts();
                assert_eq!((counts.taken, counts.rejected(), counts.in_flight), (1, 2, 0));
                assert_eq!(*observer.0.lock().expect("no panic"), [Reason::Path, Reason::TooLarge]);
            }

            // C15
            #[tokio::test]
            async fn c15_it_answers_for_the_store_of_the_user() {
                let delivery = || Delivery::new("state=success").with_content_type(FORM);
                let kept = Receiver::new(SECRET, Own(Ok(())));
                let accepted: Accepted<$event> =
                    kept.receive(SECRET, delivery()).await.expect("it is kept");
                assert_eq!(accepted.receipt.kept, Kept::Now);
                let full = Receiver::new(SECRET, Own(Err("the disk is full")));
                let rejection: Rejection =
                    full.receive(SECRET, delivery()).await.expect_err("not kept");
                assert_eq!(rejection.reason(), Reason::Store);
                assert_eq!(rejection.status(), StatusCode::SERVICE_UNAVAILABLE);
            }
        }
    };
}

has_the_shape!(
    nicechat,
    nicechat::feed,
    shopwire::nicechat::feeds::FeedCallback
);
has_the_shape!(uvygoda, uvygoda::events, shopwire::uvygoda::events::Event);
