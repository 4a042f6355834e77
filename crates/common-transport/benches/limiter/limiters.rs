//! The contestants behind one face.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use common_transport::{
    Limiter, RateClass, RateLimits,
    limit::{Key, Permit, PermitOutcome},
};
use tokio::{
    sync::Mutex,
    time::{Instant, sleep_until},
};
use tower::{Service, ServiceExt, limit::RateLimit, limit::rate::Rate};

#[derive(Clone, Copy)]
pub(crate) enum Contestant {
    Ours,
    /// One start after the other, evenly, some thousandths slower than the cap.
    Paced {
        extra: f64,
    },
    /// Evenly, 1 % slower than the cap, 2 % more at each refusal.
    PacedAdaptive,
    /// `tower::limit::RateLimit` behind a fair lock.
    Tower,
}

impl Contestant {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ours => "RateLimits",
            Self::Paced { .. } => "paced",
            Self::PacedAdaptive => "paced + 1 %, 2 % at 503",
            Self::Tower => "tower RateLimit",
        }
    }

    pub(crate) fn build(self, cap: u32) -> Built {
        match self {
            Self::Ours => Built::Ours(RateLimits::new().class(RateClass::DEFAULT, cap)),
            Self::Paced { extra } => Built::Paced(Arc::new(Paced::new(cap, extra, 0.0))),
            Self::PacedAdaptive => Built::Paced(Arc::new(Paced::new(cap, 0.01, 0.02))),
            Self::Tower => {
                let rate = Rate::new(u64::from(cap), Duration::from_secs(1));
                Built::Tower(Arc::new(Mutex::new(RateLimit::new(Nothing, rate))))
            }
        }
    }
}

#[derive(Clone)]
pub(crate) enum Built {
    Ours(RateLimits),
    Paced(Arc<Paced>),
    Tower(Arc<Mutex<RateLimit<Nothing>>>),
}

/// The right to start, and whom to tell of the answer.
pub(crate) enum Grant {
    Ours(Permit),
    Paced(Arc<Paced>),
    Tower,
}

impl Built {
    pub(crate) async fn acquire(&self) -> Grant {
        match self {
            Self::Ours(limits) => {
                let key = Key::new("demo.example", RateClass::DEFAULT);
                Grant::Ours(
                    limits
                        .acquire(key, None)
                        .await
                        .expect("there is no deadline"),
                )
            }
            Self::Paced(paced) => {
                paced.wait().await;
                Grant::Paced(paced.clone())
            }
            Self::Tower(limit) => {
                let mut limit = limit.lock().await;
                let Ok(()) = limit.ready().await.expect("nothing fails").call(()).await;
                Grant::Tower
            }
        }
    }
}

impl Grant {
    pub(crate) fn end(self, admitted: bool) {
        match self {
            Self::Ours(permit) if admitted => permit.end(PermitOutcome::Answered),
            Self::Ours(permit) => permit.end(PermitOutcome::Throttled { retry_after: None }),
            Self::Paced(paced) if !admitted => paced.refused(),
            Self::Paced(_) | Self::Tower => {}
        }
    }
}

/// One start after the other.
pub(crate) struct Paced {
    due: Mutex<Option<Instant>>,
    gap_micros: AtomicU64,
    step_micros: u64,
}

impl Paced {
    fn new(cap: u32, extra: f64, step: f64) -> Self {
        let gap = 1e6 / f64::from(cap);
        Self {
            due: Mutex::default(),
            gap_micros: AtomicU64::new((gap * (1.0 + extra)) as u64),
            step_micros: (gap * step) as u64,
        }
    }

    async fn wait(&self) {
        let mut due = self.due.lock().await;
        let now = Instant::now();
        let start = due.map_or(now, |due| due.max(now));
        sleep_until(start).await;
        *due = Some(start + Duration::from_micros(self.gap_micros.load(Relaxed)));
    }

    fn refused(&self) {
        self.gap_micros.fetch_add(self.step_micros, Relaxed);
    }
}

/// A service that does nothing.
#[derive(Clone)]
pub(crate) struct Nothing;

impl Service<()> for Nothing {
    type Response = ();
    type Error = std::convert::Infallible;
    type Future = std::future::Ready<Result<(), Self::Error>>;

    fn poll_ready(
        &mut self,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Result<(), Self::Error>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, (): ()) -> Self::Future {
        std::future::ready(Ok(()))
    }
}
