//! HTTP/2, where a sender can reset its stream and keep the connection.

use bytes::Bytes;
use common_api::receive::Reason;
use h2::{Reason as Code, client};
use http::Request;
use tokio::net::TcpStream;

use super::{
    receiver,
    server::{Protocol, Server},
    soon,
};

const EVENT: &[u8] = br#"{"event":"new","id":7}"#;

/// How a sender leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Leaves {
    Resets(Code),
    /// Closes the connection.
    Closes,
}

/// Whether the head announces the length of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Length {
    Announced,
    Unknown,
}

/// Whether the sender waits until its whole event has reached the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Waits {
    ForTheStore,
    Not,
}

async fn send(cut: usize, how: Leaves, length: Length, waits: Waits) -> (usize, Vec<Reason>) {
    let (receiver, store, told) = receiver();
    let server = Server::start(Protocol::Http2, &receiver).await;
    let stream = TcpStream::connect(server.address())
        .await
        .expect("a connection");
    let served = server.accept().await;
    let (sender, connection) = client::handshake(stream).await.expect("a handshake");
    let connection = tokio::spawn(connection);
    let mut request = Request::post("http://a/h/path-secret-1");
    if length == Length::Announced {
        request = request.header("content-length", EVENT.len());
    }
    let mut sender = sender.ready().await.expect("a stream");
    let request = request.body(()).expect("a request");
    let (response, mut body) = sender.send_request(request, false).expect("a head sent");
    let is_whole = cut == EVENT.len();
    body.send_data(Bytes::from_static(&EVENT[..cut]), is_whole)
        .expect("a body sent");
    if waits == Waits::ForTheStore {
        soon(store.reached()).await;
    } else {
        while receiver.counts().in_flight == 0 && told.lock().unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
    }
    match how {
        Leaves::Resets(code) => {
            body.send_reset(code);
            drop((response, body, sender));
            soon(connection)
                .await
                .expect("no panic")
                .expect("a clean end");
        }
        Leaves::Closes => {
            connection.abort();
            let _ = connection.await;
            drop((response, body, sender));
        }
    }
    soon(served).await.expect("no panic");
    store.open();
    soon(receiver.drain()).await;
    let bodies = store.bodies();
    assert!(bodies.iter().all(|body| body == EVENT), "{bodies:?}");
    let told = told.lock().unwrap().iter().map(|told| told.0).collect();
    (bodies.len(), told)
}

const WAYS: [Leaves; 3] = [
    Leaves::Resets(Code::CANCEL),
    Leaves::Resets(Code::NO_ERROR),
    Leaves::Closes,
];

// H3
#[tokio::test]
async fn h3_a_stream_that_is_reset_after_its_event_was_read_is_stored() {
    for how in WAYS {
        for length in [Length::Announced, Length::Unknown] {
            let seen = send(EVENT.len(), how, length, Waits::ForTheStore).await;
            assert_eq!(seen, (1, vec![]), "{how:?} {length:?}");
        }
    }
}

// H3: at every byte of the body, also by a reset that claims to be no error.
#[tokio::test]
async fn h3_a_stream_that_is_reset_within_its_body_is_not_stored() {
    for how in WAYS {
        for length in [Length::Announced, Length::Unknown] {
            for cut in 0..EVENT.len() {
                let (stored, told) = send(cut, how, length, Waits::Not).await;
                assert_eq!(
                    (stored, told),
                    (0, vec![Reason::BrokeOff]),
                    "{cut} {how:?} {length:?}"
                );
            }
        }
    }
}

// H3: the reset follows the last byte at once.
#[tokio::test]
async fn h3_a_whole_stream_of_known_length_is_stored_however_soon_it_is_reset() {
    for how in [Leaves::Resets(Code::CANCEL), Leaves::Resets(Code::NO_ERROR)] {
        for _ in 0..40 {
            let (receiver, store, _) = receiver();
            store.open();
            let server = Server::start(Protocol::Http2, &receiver).await;
            let stream = TcpStream::connect(server.address())
                .await
                .expect("a connection");
            let served = server.accept().await;
            let (sender, connection) = client::handshake(stream).await.expect("a handshake");
            let mut sender = sender.ready().await.expect("a stream");
            let request = Request::post("http://a/h/path-secret-1")
                .header("content-length", EVENT.len())
                .body(())
                .expect("a request");
            let (response, mut body) = sender.send_request(request, false).expect("a head sent");
            body.send_data(Bytes::from_static(EVENT), true)
                .expect("a body sent");
            let Leaves::Resets(code) = how else { continue };
            // Nothing was written yet: the three frames leave together.
            let driven = tokio::spawn(connection);
            while receiver.counts().in_flight == 0 && receiver.counts().taken == 0 {
                tokio::task::yield_now().await;
            }
            body.send_reset(code);
            drop((response, body, sender));
            soon(driven).await.expect("no panic").expect("a clean end");
            soon(served).await.expect("no panic");
            soon(receiver.drain()).await;
            assert_eq!(store.bodies().len(), 1, "{how:?}");
        }
    }
}
