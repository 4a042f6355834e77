//! A call may be dropped at any await: pool and limiter stay sound.
#![cfg(feature = "client")]

mod support;

use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::atomic::{AtomicU32, Ordering::Relaxed},
    task::Poll,
};

use common_transport::{Client, RateClass, RateLimits, RetryPolicy};
use support::{Say, answer, listen, read_request, write};
use tokio::time::Duration;

/// Polls a future so often and then drops it; its output if it was ready by then.
async fn polls<F: Future>(times: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = times;
    poll_fn(|cx| match left.checked_sub(1) {
        None => Poll::Ready(None),
        Some(fewer) => {
            left = fewer;
            future.as_mut().poll(cx).map(Some)
        }
    })
    .await
}

#[tokio::test(start_paused = true)]
async fn x2_a_call_dropped_anywhere_leaves_pool_and_limiter_sound() {
    static REQUESTS: AtomicU32 = AtomicU32::new(0);
    let base = listen(|_, mut socket| async move {
        while read_request(&mut socket).await.is_some() {
            let busy = REQUESTS.fetch_add(1, Relaxed).is_multiple_of(3);
            let answer = answer(if busy { 500 } else { 200 }, "a body in two pieces");
            let (first, second) = answer.split_at(answer.len() - 5);
            write(&mut socket, first).await;
            tokio::time::sleep(Duration::from_millis(1)).await;
            write(&mut socket, second).await;
        }
    })
    .await;
    let host = base.authority().to_owned();
    let limits = RateLimits::new().class(RateClass::DEFAULT, 100);
    let client = Client::builder(base)
        .limits(limits.clone())
        .retry(RetryPolicy::new().waits(Duration::from_millis(2), Duration::from_millis(2)))
        .build()
        .unwrap();
    let mut finished = 0;
    for round in 0..600 {
        let (first, second) = (Say::get(), Say::get());
        let (first, second) = (client.send(&first), client.send(&second));
        let dropped = async { tokio::join!(polls(round % 40, first), polls(round % 25, second)) };
        let (first, second) = dropped.await;
        finished += usize::from(first.is_some()) + usize::from(second.is_some());
        assert_eq!(
            limits.waiting(&host, RateClass::DEFAULT),
            0,
            "round {round}"
        );
    }
    assert!(
        (50..1_000).contains(&finished),
        "{finished} of 1200 were not dropped"
    );
    for _ in 0..20 {
        assert_eq!(
            client.send(&Say::get()).await.unwrap(),
            "a body in two pieces"
        );
    }
}
