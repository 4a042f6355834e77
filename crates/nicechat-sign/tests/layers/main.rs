//! The layers against services in memory.

mod sign;
mod trace;
mod verify;

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use nicechat_sign::tower::{MemoryReplayStore, SignLayer, VerifyLayer};
use nicechat_sign::{Credentials, Signer, Verifier};
use tower::{Layer as _, Service, service_fn};
use verify::{handle, signed};

const PATH: &str = "/marketplaces/v1/products/";

fn account() -> Credentials {
    Credentials::new("key", "secret")
}

fn signer() -> Signer {
    Signer::new(account())
}

/// A service that never becomes ready.
#[derive(Clone, Debug)]
struct Busy;

impl<R> Service<R> for Busy {
    type Response = Response<Bytes>;
    type Error = Infallible;
    type Future = Ready<Result<Response<Bytes>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Pending
    }

    fn call(&mut self, _: R) -> Self::Future {
        panic!("it was not ready")
    }
}

#[test]
fn layers_wait_until_the_inner_service_is_ready() {
    let mut context = Context::from_waker(std::task::Waker::noop());
    let mut in_headers = SignLayer::new(signer()).layer(Busy);
    let ready = Service::<Request<String>>::poll_ready(&mut in_headers, &mut context);
    assert!(ready.is_pending());
    let mut in_parameters = SignLayer::in_parameters(signer()).layer(Busy);
    let ready = Service::<Request<Full<Bytes>>>::poll_ready(&mut in_parameters, &mut context);
    assert!(ready.is_pending());
    let mut server = VerifyLayer::new(Verifier::new(), account()).layer(Busy);
    let ready = Service::<Request<Full<Bytes>>>::poll_ready(&mut server, &mut context);
    assert!(ready.is_pending());
}

#[test]
fn auto_traits_and_debug_are_part_of_the_api() {
    fn shared<T: Send + Sync + Clone + 'static>(_: &T) {}
    fn sent<T: Send>(_: &T) {}
    let layer = VerifyLayer::new(Verifier::new(), account());
    let sign = SignLayer::new(signer());
    shared(&layer);
    shared(&sign);
    shared(&SignLayer::in_parameters(signer()));
    let mut server = layer.layer(service_fn(handle));
    sent(&server.call(signed("{}")));
    let shown = format!("{layer:?} {sign:?} {:?}", server.call(signed("{}")));
    assert!(!shown.contains("secret"), "{shown}");
    assert!(shown.ends_with("VerifyFuture(\"reading\")"), "{shown}");
    // Functions inside have no `Debug` of their own.
    let sign = SignLayer::new(signer()).read_body(|body: &String| Some(body.as_bytes()));
    let verify = VerifyLayer::new(Verifier::new(), |_: &str| {
        ready(Ok::<_, Infallible>(Some(account())))
    });
    for (shown, name) in [
        (format!("{sign:?}"), "SignLayer { signer: "),
        (
            format!("{:?}", sign.layer(Busy)),
            "Sign { inner: Busy, signer: ",
        ),
        (format!("{verify:?}"), "VerifyLayer { verifier: "),
        (
            format!("{:?}", verify.layer(Busy)),
            "Verify { inner: Busy, verifier: ",
        ),
    ] {
        assert!(
            shown.starts_with(name) && !shown.contains("secret"),
            "{shown}"
        );
    }
    let store = MemoryReplayStore::new(Duration::from_secs(5), 9);
    let shown = format!("{store:?}");
    assert_eq!(shown, "MemoryReplayStore { window: 5s, capacity: 9, .. }");
}
