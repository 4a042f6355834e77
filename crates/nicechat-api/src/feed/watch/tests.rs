//! Time is paused.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use bytes::Bytes;
use common_transport::BoxError;
use http::{Request, Response};
use tower::service_fn;

use super::*;
use crate::Credentials;

/// A client that is told `started` until it is asked for the `count`-th time, and how often it asked.
fn client(count: u64) -> (Client, Arc<AtomicU64>) {
    let asked = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&asked);
    let service = service_fn(move |_: Request<Bytes>| {
        let state = match counter.fetch_add(1, Relaxed) + 1 >= count {
            true => "success",
            false => "started",
        };
        let json = format!(r#"{{"status":"ok","result":{{"state":"{state}"}}}}"#);
        std::future::ready(Ok::<_, BoxError>(Response::new(Bytes::from(json))))
    });
    let client = Client::builder(Credentials::new("key-1", "secret-1"))
        .transport(move |transport| transport.service(service))
        .build()
        .unwrap();
    (client, asked)
}

// H14, N77
#[tokio::test(start_paused = true)]
async fn h14_a_watch_ends_in_a_bounded_number_of_questions_whatever_is_set() {
    const MANY: u64 = 250;
    let nanos = Duration::from_nanos;
    let extremes = [
        nanos(0),
        nanos(1),
        nanos(999_999),
        Duration::from_millis(1),
        Duration::from_secs(2),
        Duration::from_secs(u64::from(u32::MAX)),
        Duration::from_secs(u64::MAX),
        Duration::MAX,
    ];
    for deadline in extremes {
        for (first, longest) in extremes.iter().flat_map(|a| extremes.map(|b| (*a, b))) {
            let policy = PollPolicy::new().waits(first, longest).deadline(deadline);
            let (client, asked) = client(MANY);
            let watch = client.watch_feed("t").policy(policy);
            let outcome = watch.await;
            let asked = asked.load(Relaxed);
            // A question at the beginning, and at most one each 10 ms.
            let most = deadline.as_millis() / 10 + 1;
            assert!(
                u128::from(asked) <= most.min(MANY.into()),
                "{policy:?}: {asked}"
            );
            match outcome {
                Ok(_) => assert_eq!(asked, MANY, "{policy:?}"),
                Err(error) => assert!(error.is_timeout(), "{policy:?}: {error}"),
            }
        }
    }
}
