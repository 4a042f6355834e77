//! The server's side: what reaches the handler, and what does not.

use std::convert::Infallible;
use std::future::{Ready, pending, ready};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Empty, Full, combinators::BoxBody};
use nicechat_sign::tower::{
    Accounts, KeyLookup, MemoryReplayStore, RawBody, ReplayStore, Seen, VerifyLayer,
};
use nicechat_sign::{Credentials, Form, Json, Signature, Verified, Verifier};
use tower::{Layer as _, ServiceExt as _, service_fn};

use super::{PATH, account, signer};

/// A handler that shows what it was given.
pub(crate) async fn handle(request: Request<Full<Bytes>>) -> Result<Response<Bytes>, Infallible> {
    let verified = request.extensions().get::<Verified>().unwrap().clone();
    let RawBody(raw) = request.extensions().get::<RawBody>().unwrap().clone();
    let body = request.into_body().collect().await?.to_bytes();
    assert_eq!(raw, body);
    let mut answer = Response::new(body);
    answer.extensions_mut().insert(verified);
    Ok(answer)
}

pub(crate) fn signed(body: &'static str) -> Request<Full<Bytes>> {
    let request = Request::post(PATH).body(Json(body.into())).unwrap();
    signer()
        .sign_with_headers(&request)
        .unwrap()
        .map(Full::from)
}

/// X4, X5: the exact bytes reach the handler, beside who sent them.
#[tokio::test]
async fn x5_the_handler_gets_the_exact_bytes() {
    let server = VerifyLayer::new(Verifier::new(), account()).layer(service_fn(handle));
    let answer = server
        .clone()
        .oneshot(signed(" {\"a\": 1 } "))
        .await
        .unwrap();
    assert_eq!(answer.body(), " {\"a\": 1 } ");
    assert_eq!(answer.extensions().get::<Verified>().unwrap().key(), "key");

    let form = Request::post(PATH)
        .body(Form::new().with("b", "x y").with("a", true))
        .unwrap();
    let form = signer().sign_with_parameters(&form).unwrap();
    let answer = server
        .oneshot(form.clone().map(Full::<Bytes>::from))
        .await
        .unwrap();
    assert_eq!(answer.body(), form.body());
}

/// X4: a service whose bodies are not made of bytes makes its refusals itself.
#[tokio::test]
async fn x4_refusals_are_made_by_a_function() {
    type Boxed = BoxBody<Bytes, Infallible>;
    let handler = service_fn(async |request: Request<Full<Bytes>>| {
        Ok::<_, Infallible>(Response::new(request.into_body().boxed()))
    });
    let server = VerifyLayer::new(Verifier::new(), account())
        .refuse_with(|rejection| {
            let body = Full::from(rejection.description()).boxed();
            let response = Response::builder().status(rejection.status());
            response.body::<Boxed>(body).unwrap()
        })
        .layer(handler);
    let mut forged = signed("{}");
    forged
        .headers_mut()
        .insert("x-api-key", "x".parse().unwrap());
    for (request, status, says) in [
        (signed("{}"), 200, "{}"),
        (forged, 401, "Access token or signature is non-valid"),
    ] {
        let answer = server.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), status);
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(body, says);
    }
}

/// X4: query, form, headers, and what is none of them.
#[tokio::test]
async fn x4_unsigned_requests_do_not_reach_the_handler() {
    let never = service_fn(|_: Request<Full<Bytes>>| async {
        panic!("reached") as Result<Response<Bytes>, Infallible>
    });
    let accounts: Accounts = [account(), Credentials::new("other", "secret-2")]
        .into_iter()
        .collect();
    let server = VerifyLayer::new(Verifier::new().max_body(8), accounts).layer(never);
    let mut wrong = signed("{}");
    *wrong.uri_mut() = "/marketplaces/v1/orders/".parse().unwrap();
    let mut other = signed("{}");
    other
        .headers_mut()
        .insert("x-api-key", "other".parse().unwrap());
    let mut nobody = signed("{}");
    nobody
        .headers_mut()
        .insert("x-api-key", "nobody".parse().unwrap());
    for (request, status) in [
        (wrong, 401),
        (other, 401),
        (nobody, 401),
        (signed("{\"a\":12}"), 200),
        (signed("{\"a\":123}"), 413),
        (signed("{"), 400),
    ] {
        if status == 200 {
            let reached = tokio::spawn(server.clone().oneshot(request)).await;
            assert!(reached.unwrap_err().is_panic());
            continue;
        }
        let answer = server.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), status);
        let code = format!("\"code\":{status},");
        assert!(std::str::from_utf8(answer.body()).unwrap().contains(&code));
    }
}

/// A body that comes in pieces, and may never end or may break.
struct Pieces(Vec<&'static [u8]>, End);

enum End {
    Whole,
    Broken,
    Never,
    /// So many more bytes are announced, and never come.
    Announced(u64),
}

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, std::io::Error>>> {
        if self.0.is_empty() {
            return match self.1 {
                End::Whole => Poll::Ready(None),
                End::Broken => Poll::Ready(Some(Err(std::io::Error::other("reset")))),
                End::Never | End::Announced(_) => Poll::Pending,
            };
        }
        let piece = self.0.remove(0);
        Poll::Ready(Some(Ok(if piece == b"trailers" {
            http_body::Frame::trailers(http::HeaderMap::new())
        } else {
            http_body::Frame::data(Bytes::from_static(piece))
        })))
    }

    fn size_hint(&self) -> http_body::SizeHint {
        match self.1 {
            End::Announced(length) if self.0.is_empty() => http_body::SizeHint::with_exact(length),
            _ => http_body::SizeHint::default(),
        }
    }
}

#[tokio::test]
async fn n31_the_body_is_read_up_to_the_limit_and_no_further() {
    let server = VerifyLayer::new(Verifier::new().max_body(6), account()).layer(service_fn(handle));
    let send = |pieces: Vec<&'static [u8]>, end| {
        let request = signed("[1, 2]").map(|_| Pieces(pieces, end));
        server.clone().oneshot(request)
    };
    let whole = send(vec![b"[1", b", ", b"", b"2]", b"trailers"], End::Whole)
        .await
        .unwrap();
    assert_eq!(
        (whole.status().as_u16(), whole.body().as_ref()),
        (200, &b"[1, 2]"[..])
    );
    // The seventh byte decides: the rest, which never comes, is not waited for.
    let long = send(vec![b"[1, 2]", b" "], End::Never).await.unwrap();
    assert_eq!(long.status(), 413);
    let more = send(vec![b"[1, 2"], End::Announced(2)).await.unwrap();
    assert_eq!(more.status(), 413);
    let broken = send(vec![b"[1,"], End::Broken).await.unwrap();
    assert_eq!(broken.status(), 400);
    // A length that is announced too long is refused unread.
    let announced = signed("[1,  2]");
    assert_eq!(
        server.clone().oneshot(announced).await.unwrap().status(),
        413
    );
    let empty = Request::get(PATH).body(()).unwrap();
    let empty = signer()
        .sign_with_headers(&empty)
        .unwrap()
        .map(|_| Empty::<Bytes>::new());
    assert_eq!(server.clone().oneshot(empty).await.unwrap().status(), 200);
}

#[tokio::test]
async fn x4_one_account_is_a_lookup_of_its_key_alone() {
    let found = account().account("key").await.unwrap();
    assert_eq!(found.unwrap().key(), "key");
    assert!(account().account("Key").await.unwrap().is_none());
}

#[tokio::test]
async fn x4_keys_are_looked_up_asynchronously() {
    let slow = |key: &str| {
        let known = key == "key";
        async move {
            tokio::task::yield_now().await;
            Ok::<_, Infallible>(known.then(account))
        }
    };
    let server = VerifyLayer::new(Verifier::new(), slow).layer(service_fn(handle));
    let future = server.clone().oneshot(signed("{}"));
    assert_eq!(future.await.unwrap().status(), 200);

    let broken = |_: &str| ready(Err::<Option<Credentials>, _>("database is down"));
    let server = VerifyLayer::new(Verifier::new(), broken).layer(service_fn(handle));
    let answer = server.oneshot(signed("{}")).await.unwrap();
    assert_eq!(answer.status(), 503);
    assert!(!answer.body().windows(8).any(|text| text == b"database"));

    let never = |_: &str| pending::<Result<Option<Credentials>, Infallible>>();
    let server = VerifyLayer::new(Verifier::new(), never).layer(service_fn(handle));
    let mut future = Box::pin(server.oneshot(signed("{}")));
    assert!(
        future
            .as_mut()
            .poll(&mut Context::from_waker(std::task::Waker::noop()))
            .is_pending()
    );
}

#[tokio::test]
async fn n31_a_replay_window_takes_a_change_once() {
    let store = MemoryReplayStore::new(Duration::from_secs(60), 2);
    let server =
        VerifyLayer::with_replay_store(Verifier::new(), account(), store).layer(service_fn(handle));
    let status = |request| {
        let server = server.clone();
        async move { server.oneshot(request).await.unwrap().status().as_u16() }
    };
    assert_eq!(status(signed("{}")).await, 200);
    assert_eq!(status(signed("{}")).await, 409);
    assert_eq!(status(signed("[]")).await, 200);
    // Full: unknown requests are not let through.
    assert_eq!(status(signed("[1]")).await, 503);
    assert_eq!(status(signed("[]")).await, 409);
    // Reading twice changes nothing.
    let get = Request::get(PATH).body(()).unwrap();
    let get = || signer().sign_with_headers(&get).unwrap().map(Full::from);
    assert_eq!(status(get()).await, 200);
    assert_eq!(status(get()).await, 200);
    // A wrong signature is not remembered.
    let mut wrong = signed("{}");
    wrong
        .headers_mut()
        .insert("x-api-sign", "0".repeat(64).parse().unwrap());
    assert_eq!(status(wrong).await, 401);
}

/// A store of one's own.
#[derive(Clone)]
struct Always(Seen);

impl ReplayStore for Always {
    type Error = Infallible;
    type Future = Ready<Result<Seen, Infallible>>;

    fn remember(&self, _: &Signature) -> Self::Future {
        ready(Ok(self.0))
    }
}

#[tokio::test]
async fn n31_the_replay_store_is_a_trait() {
    for (seen, status) in [(Seen::First, 200), (Seen::Again, 409)] {
        let server = VerifyLayer::with_replay_store(Verifier::new(), account(), Always(seen))
            .layer(service_fn(handle));
        assert_eq!(server.oneshot(signed("{}")).await.unwrap().status(), status);
    }
}
