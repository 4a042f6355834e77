//! HTTP/1.1, over TCP.

use common_api::receive::Reason;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{
    receiver,
    server::{Protocol, Server},
    soon,
};

/// How a sender leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Leaves {
    /// Closes the socket.
    Closes,
    /// Closes it with a reset, as a process that is killed with unread data does.
    Resets,
    /// Closes its sending side and waits for the answer.
    HalfCloses,
}

/// A request, and where its body begins.
struct Post {
    bytes: Vec<u8>,
    body_at: usize,
}

const EVENT: &str = r#"{"event":"new","id":7}"#;

fn with_length(body: &str) -> Post {
    let length = body.len();
    let head =
        format!("POST /h/path-secret-1 HTTP/1.1\r\nhost: a\r\ncontent-length: {length}\r\n\r\n");
    Post {
        body_at: head.len(),
        bytes: [head, body.to_owned()].concat().into(),
    }
}

/// Three chunks, with an extension and a trailer.
fn chunked(body: &str) -> Post {
    let head = "POST /h/path-secret-1 HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n"
        .to_owned();
    let (a, rest) = body.split_at(1);
    let (b, c) = rest.split_at(4);
    let mut text = head.clone();
    for (chunk, extension) in [(a, ""), (b, ";x=1"), (c, "")] {
        text += &format!("{:x}{extension}\r\n{chunk}\r\n", chunk.len());
    }
    text += "0\r\nx-trailer: 1\r\n\r\n";
    Post {
        body_at: head.len(),
        bytes: text.into(),
    }
}

async fn leave(mut stream: TcpStream, how: Leaves) -> String {
    let mut answer = Vec::new();
    match how {
        Leaves::Closes => drop(stream),
        Leaves::Resets => {
            stream.set_zero_linger().expect("a reset");
            drop(stream);
        }
        Leaves::HalfCloses => {
            stream.shutdown().await.expect("a half-closed socket");
            // A server that gave the connection up answers nothing.
            let _ = stream.read_to_end(&mut answer).await;
        }
    }
    String::from_utf8(answer).expect("an answer in ASCII")
}

/// Sends the first `cut` bytes and leaves; then lets the store go on.
async fn send(
    post: &Post,
    cut: usize,
    how: Leaves,
    protocol: Protocol,
) -> (usize, Vec<Reason>, String) {
    let (receiver, store, told) = receiver();
    let server = Server::start(protocol, &receiver).await;
    let mut stream = TcpStream::connect(server.address())
        .await
        .expect("a connection");
    let connection = server.accept().await;
    stream
        .write_all(&post.bytes[..cut])
        .await
        .expect("bytes sent");
    let answer = if protocol == Protocol::Http1 {
        // The sender is gone, and the server has noticed, before the store goes on.
        let answer = leave(stream, how).await;
        soon(connection).await.expect("no panic");
        store.open();
        answer
    } else {
        store.open();
        let answer = leave(stream, how).await;
        soon(connection).await.expect("no panic");
        answer
    };
    soon(receiver.drain()).await;
    let bodies = store.bodies();
    assert!(
        bodies.iter().all(|body| body == EVENT.as_bytes()),
        "{bodies:?}"
    );
    let told = told.lock().unwrap().iter().map(|told| told.0).collect();
    (bodies.len(), told, answer)
}

// H3: every byte of the request, each way to leave, both encodings of the body.
#[tokio::test]
async fn h3_an_event_is_stored_if_its_last_byte_came_and_traced_if_it_did_not() {
    for post in [with_length(EVENT), chunked(EVENT)] {
        for how in [Leaves::Closes, Leaves::Resets, Leaves::HalfCloses] {
            for cut in 0..=post.bytes.len() {
                for protocol in [Protocol::Http1, Protocol::Http1HalfClose] {
                    let (stored, told, _) = send(&post, cut, how, protocol).await;
                    let expected = match cut {
                        _ if cut == post.bytes.len() => (1, vec![]),
                        _ if cut < post.body_at => (0, vec![]),
                        _ => (0, vec![Reason::BrokeOff]),
                    };
                    assert_eq!((stored, told), expected, "{cut} {how:?} {protocol:?}");
                }
            }
        }
    }
}

// H3: the 40 of which none was stored, in one go and on all threads.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn h3_forty_of_forty_events_are_stored_when_their_senders_hang_up() {
    for how in [Leaves::Closes, Leaves::Resets, Leaves::HalfCloses] {
        let (receiver, store, told) = receiver();
        let server = Server::start(Protocol::Http1, &receiver).await;
        // The server's thread is never the sender's: it meets the end with the event.
        let mut connections = Vec::new();
        for _ in 0..40 {
            let mut stream = TcpStream::connect(server.address())
                .await
                .expect("a connection");
            connections.push(server.accept().await);
            let post = with_length(EVENT);
            stream.write_all(&post.bytes).await.expect("bytes sent");
            leave(stream, how).await;
        }
        for connection in connections {
            soon(connection).await.expect("no panic");
        }
        assert!(store.bodies().is_empty(), "nothing before the gate opens");
        store.open();
        soon(receiver.drain()).await;
        assert_eq!(store.bodies().len(), 40, "{how:?}");
        assert!(told.lock().unwrap().is_empty());
    }
}

// H3: an adapter that calls the receiver at the first poll of its future, as axum does.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn h3_forty_of_forty_events_are_stored_behind_a_lazy_adapter_with_half_close() {
    for how in [Leaves::Closes, Leaves::Resets] {
        let (receiver, store, told) = receiver();
        store.open();
        let server = Server::start(Protocol::Http1HalfClose, &receiver).await;
        let mut connections = Vec::new();
        for _ in 0..40 {
            let mut stream = TcpStream::connect(server.address())
                .await
                .expect("a connection");
            connections.push(server.accept().await);
            let post = with_length(EVENT);
            stream.write_all(&post.bytes).await.expect("bytes sent");
            leave(stream, how).await;
        }
        for connection in connections {
            soon(connection).await.expect("no panic");
        }
        soon(receiver.drain()).await;
        assert_eq!(store.bodies().len(), 40, "{how:?}");
        assert!(told.lock().unwrap().is_empty());
    }
}

// H3
#[tokio::test]
async fn h3_a_half_closed_sender_is_answered() {
    for post in [with_length(EVENT), chunked(EVENT)] {
        let whole = post.bytes.len();
        let (stored, _, answer) =
            send(&post, whole, Leaves::HalfCloses, Protocol::Http1HalfClose).await;
        assert_eq!(stored, 1);
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    }
}

// H3
#[tokio::test]
async fn h3_a_sender_that_waits_is_answered_after_the_store() {
    let (receiver, store, _) = receiver();
    let server = Server::start(Protocol::Http1, &receiver).await;
    let mut stream = TcpStream::connect(server.address())
        .await
        .expect("a connection");
    let _connection = server.accept().await;
    for _ in 0..3 {
        stream
            .write_all(&with_length(EVENT).bytes)
            .await
            .expect("bytes sent");
        soon(store.reached()).await;
        let mut answer = [0; 17];
        assert!(
            stream.try_read(&mut answer).is_err(),
            "no answer before the store"
        );
        store.gate.add_permits(1);
        soon(stream.read_exact(&mut answer))
            .await
            .expect("an answer");
        assert_eq!(&answer, b"HTTP/1.1 200 OK\r\n");
        let mut rest = vec![0; 1024];
        soon(stream.read(&mut rest))
            .await
            .expect("the rest of the head");
        store.gate.acquire().await.unwrap().forget();
    }
    assert_eq!(store.bodies().len(), 3, "the connection was kept alive");
}

// H3: a body that comes in many pieces, and whose sender closes at once.
#[tokio::test]
async fn h3_a_long_body_is_stored_though_its_sender_closed_with_the_last_byte() {
    let (receiver, store, _) = receiver();
    let server = Server::start(Protocol::Http1, &receiver).await;
    let body = "x".repeat(900 * 1024);
    let post = with_length(&body);
    let stream = TcpStream::connect(server.address())
        .await
        .expect("a connection");
    let connection = server.accept().await;
    let sender = tokio::spawn(async move {
        let mut stream = stream;
        stream.write_all(&post.bytes).await.expect("bytes sent");
    });
    soon(sender).await.expect("no panic");
    soon(connection).await.expect("no panic");
    store.open();
    soon(receiver.drain()).await;
    assert_eq!(store.bodies(), [body.into_bytes()]);
}

// H3: what cannot be taken leaves its size and its first bytes.
#[tokio::test]
async fn h3_a_body_that_is_wrongly_encoded_or_too_large_leaves_a_trace() {
    let head = "POST /h/path-secret-1 HTTP/1.1\r\nhost: a\r\n";
    for (rest, expected) in [
        (
            "transfer-encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n".to_owned(),
            (Reason::Encoding, b"abc".to_vec()),
        ),
        (
            format!("content-length: 2000000\r\n\r\n{}", "x".repeat(9)),
            (Reason::TooLarge, b"xxxxxxxxx".to_vec()),
        ),
    ] {
        let (receiver, store, told) = receiver();
        store.open();
        let server = Server::start(Protocol::Http1, &receiver).await;
        let mut stream = TcpStream::connect(server.address())
            .await
            .expect("a connection");
        let connection = server.accept().await;
        stream.write_all(head.as_bytes()).await.expect("bytes sent");
        stream.write_all(rest.as_bytes()).await.expect("bytes sent");
        let mut answer = [0; 12];
        soon(stream.read_exact(&mut answer))
            .await
            .expect("an answer");
        assert!(answer.starts_with(b"HTTP/1.1 4"), "{answer:?}");
        drop(stream);
        soon(connection).await.expect("no panic");
        soon(receiver.drain()).await;
        assert_eq!(*told.lock().unwrap(), [expected]);
        assert!(store.bodies().is_empty());
    }
}

// H3: a server that is stopped drops its connections.
#[tokio::test]
async fn h3_a_connection_that_the_server_drops_is_as_one_whose_sender_left() {
    for post in [with_length(EVENT), chunked(EVENT)] {
        for cut in post.body_at..=post.bytes.len() {
            let (receiver, store, told) = receiver();
            let server = Server::start(Protocol::Http1, &receiver).await;
            let mut stream = TcpStream::connect(server.address())
                .await
                .expect("a connection");
            let connection = server.accept().await;
            stream
                .write_all(&post.bytes[..cut])
                .await
                .expect("bytes sent");
            if cut == post.bytes.len() {
                soon(store.reached()).await;
            } else {
                while receiver.counts().in_flight == 0 {
                    tokio::task::yield_now().await;
                }
            }
            connection.abort();
            store.open();
            soon(receiver.drain()).await;
            let is_whole = cut == post.bytes.len();
            assert_eq!(store.bodies().len(), usize::from(is_whole), "{cut}");
            assert_eq!(told.lock().unwrap().len(), usize::from(!is_whole), "{cut}");
        }
    }
}
