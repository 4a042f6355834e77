//! Polling of a timer.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::{task::unconstrained, time::Sleep};

/// Whether the time of `timer` has come.
///
/// tokio limits how much a task does before it must yield, and beyond that limit a timer is never ready. Our timers
/// are polled last, so beside a call that is always busy they would never fire. This poll ignores the limit.
pub(crate) fn poll(timer: Pin<&mut Sleep>, cx: &mut Context<'_>) -> Poll<()> {
    Pin::new(&mut unconstrained(timer)).poll(cx)
}

#[cfg(test)]
mod tests {
    use std::{convert::Infallible, time::Duration};

    use bytes::Bytes;
    use http::{Request, Response};
    use http_body::{Body, Frame};
    use tokio::{
        task::{consume_budget, spawn, yield_now},
        time::advance,
    };
    use tower::{Layer, ServiceExt, service_fn};

    use crate::{Error, attempt::AttemptLayer, body::Bounded, deadline::DeadlineLayer};

    /// Always has something to do.
    async fn busy() -> Result<Response<Busy>, Error> {
        loop {
            consume_budget().await;
        }
    }

    struct Busy;

    impl Body for Busy {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            self: std::pin::Pin<&mut Self>,
            cx: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            let mut busy = std::pin::pin!(busy());
            busy.as_mut().poll(cx).map(|_| None)
        }
    }

    /// Whether what is to end within a second has ended after two.
    async fn ends(call: impl Future<Output: Send> + Send + 'static) -> bool {
        let call = spawn(call);
        for _ in 0..20 {
            advance(Duration::from_millis(100)).await;
            yield_now().await;
        }
        call.is_finished()
    }

    #[tokio::test(start_paused = true)]
    async fn n91_a_busy_call_ends_in_time() {
        let second = Duration::from_secs(1);
        let call = |layer: DeadlineLayer| layer.layer(service_fn(|_: Request<()>| busy()));
        assert!(ends(call(DeadlineLayer::new(second)).oneshot(Request::new(()))).await);
        let call = |layer: AttemptLayer| layer.layer(service_fn(|_: Request<()>| busy()));
        assert!(ends(call(AttemptLayer::new().timeout(second)).oneshot(Request::new(()))).await);
        let body = Bounded::new(Busy).idle_timeout(second);
        assert!(ends(http_body_util::BodyExt::collect(body)).await);
    }
}
