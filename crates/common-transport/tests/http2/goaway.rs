//! Servers that go away: what they say of the streams they have seen decides what may have landed.

use common_transport::BaseUrl;
use tokio::time::{Duration, timeout};

use crate::{
    client,
    frames::*,
    support::Say,
    tls::{Ca, Socket, ca, config, leaf, listen},
};

const NO_ERROR: u32 = 0;
const ENHANCE_YOUR_CALM: u32 = 11;

/// What a server says in place of an answer, and what it does then.
#[derive(Debug, Clone, Copy)]
struct Leaving {
    /// Whether the last stream it says it has looked at is the one of the request.
    has_seen: bool,
    code: u32,
    closes: bool,
}

async fn leaving(ca: &Ca, how: Leaving) -> BaseUrl {
    let mut config = config(leaf(ca, "127.0.0.1", 2100), None);
    config.alpn_protocols = vec![b"h2".to_vec()];
    listen(config, move |mut socket: Socket| async move {
        greet(&mut socket, &[]).await;
        while let Some(frame) = read_frame(&mut socket).await {
            confirm(&mut socket, &frame).await;
            if !frame.ends_stream() {
                continue;
            }
            let last = if how.has_seen { frame.stream } else { 0 };
            let mut payload = last.to_be_bytes().to_vec();
            payload.extend(how.code.to_be_bytes());
            write_frame(&mut socket, GOAWAY, 0, 0, &payload).await;
            if how.closes {
                return;
            }
        }
    })
    .await
}

// H6: RFC 9113, 6.8: streams above the last one were not looked at.
#[tokio::test]
async fn h6_a_goaway_proves_that_later_streams_were_not_looked_at() {
    let ca = ca("one");
    for code in [NO_ERROR, ENHANCE_YOUR_CALM] {
        for closes in [false, true] {
            for has_seen in [false, true] {
                // Who has seen the request and stays may answer yet.
                if has_seen && !closes {
                    continue;
                }
                let how = Leaving {
                    has_seen,
                    code,
                    closes,
                };
                let client = client(leaving(&ca, how).await, &ca);
                let post = Say::post("abc");
                let call = timeout(Duration::from_secs(10), client.send(&post));
                let error = call.await.expect("an end").unwrap_err();
                let expected = if has_seen { (1, true) } else { (4, false) };
                let said = (error.attempts(), error.may_have_landed());
                assert_eq!(said, expected, "{how:?}: {error:?}");
                let read = client.send(&Say::get()).await.unwrap_err();
                assert!(!read.may_have_landed(), "{how:?}: {read:?}");
            }
        }
    }
}
