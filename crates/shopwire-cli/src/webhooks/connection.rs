//! One connection: how long each part of it may take, and its end.

use std::{convert::Infallible, pin::pin, time::Duration};

use bytes::Bytes;
use http_body_util::Full;
use hyper::{body::Incoming, server::conn::http1, service::HttpService};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::watch,
    time::timeout,
};
use tokio_io_timeout::TimeoutStream;

/// Time in which a connection of a sender must bring the head of its next request.
pub(super) const HEAD_TIMEOUT: Duration = Duration::from_secs(15);

/// Time in which a sender must take some bytes of an answer. hyper waits for ever.
const WRITE_TIMEOUT: Duration = Duration::from_secs(15);

/// Time in which connections take new requests after the server was told to stop: for what was on its way already. No
/// service sends an event again.
const LINGER: Duration = Duration::from_millis(500);

/// Answers the requests of a connection until it ends, or soon after the server was told to stop. `head` is the time in
/// which it must bring the head of its next request.
pub(crate) async fn drive(
    stream: impl AsyncRead + AsyncWrite + Send,
    service: impl HttpService<Incoming, ResBody = Full<Bytes>, Error = Infallible>,
    mut stopped: watch::Receiver<()>,
    head: Duration,
) -> hyper::Result<()> {
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(WRITE_TIMEOUT));
    // A sender that has closed only its sending side gets an answer.
    let connection = http1::Builder::new()
        .half_close(true)
        .timer(TokioTimer::new())
        .header_read_timeout(head)
        .serve_connection(TokioIo::new(Box::pin(stream)), service);
    let mut connection = pin!(connection);
    tokio::select! {
        ended = &mut connection => ended,
        // The other end is dropped when the server stops.
        _ = stopped.changed() => match timeout(LINGER, &mut connection).await {
            Ok(ended) => ended,
            Err(_) => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        }
    }
}

/// Logs why a connection ended. The words of the error are hyper's own, without a byte of the request.
pub(super) fn log(error: &hyper::Error) {
    if error.is_parse() {
        tracing::warn!(%error, "a request was refused before its body: its head cannot be read");
    } else {
        tracing::debug!(%error, "a connection ended early");
    }
}

#[cfg(test)]
mod tests {
    use http::{Request, Response};
    use hyper::service::service_fn;
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _, duplex},
        time::sleep,
    };

    use super::*;

    const ANSWER: usize = 20_000;

    /// A connection with a small buffer whose sender asks for a long answer, and the time until it ends.
    async fn serve(
        sender: impl AsyncFnOnce(tokio::io::DuplexStream),
    ) -> (hyper::Result<()>, Duration) {
        let (near, far) = duplex(1_024);
        let service = service_fn(async |_: Request<Incoming>| {
            Ok::<_, Infallible>(Response::new(Full::new(Bytes::from(vec![b'x'; ANSWER]))))
        });
        let (_stopping, stopped) = watch::channel(());
        let start = tokio::time::Instant::now();
        let served = async {
            (
                drive(near, service, stopped, HEAD_TIMEOUT).await,
                start.elapsed(),
            )
        };
        let (served, ()) = tokio::join!(served, sender(far));
        served
    }

    // H3
    #[tokio::test(start_paused = true)]
    async fn h3_a_sender_that_reads_nothing_is_cut() {
        let (ended, took) = serve(async |mut far| {
            far.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
                .await
                .expect("sent");
            sleep(Duration::from_secs(600)).await;
        })
        .await;
        assert!(ended.is_err());
        assert_eq!(took, WRITE_TIMEOUT);
    }

    // H3
    #[tokio::test(start_paused = true)]
    async fn h3_a_sender_that_reads_slowly_gets_the_whole_answer() {
        let (ended, took) = serve(async |mut far| {
            far.write_all(b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
                .await
                .expect("sent");
            let (mut read, mut piece) = (0, [0; 1_000]);
            loop {
                sleep(WRITE_TIMEOUT / 2).await;
                match far.read(&mut piece).await.expect("not cut") {
                    0 => break,
                    bytes => read += bytes,
                }
            }
            assert!(read > ANSWER, "{read}");
        })
        .await;
        ended.expect("it ends well");
        assert!(took > WRITE_TIMEOUT * 9, "{took:?}");
    }
}
