//! Switches for tests: hold commits back, lose an answer, act at a named point.

use std::{
    future::poll_fn,
    pin::pin,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    task::Poll,
};

use tokio::sync::watch;

use crate::conformance::Points;

/// The switches of one store.
#[derive(Debug)]
pub(super) struct Switches {
    is_held: watch::Sender<bool>,
    lose: Mutex<Option<&'static str>>,
    committed: AtomicU64,
    rolled_back: AtomicU64,
    points: Points,
}

impl Switches {
    pub(super) fn new(points: Points) -> Self {
        Self {
            is_held: watch::Sender::new(false),
            lose: Mutex::default(),
            committed: AtomicU64::new(0),
            rolled_back: AtomicU64::new(0),
            points,
        }
    }

    /// The engine has come to a point.
    pub(super) fn reach(&self, point: &str) {
        self.points.reach(point);
    }

    /// Carries out the round trip that commits. It is under way at the point `postgres.sent`.
    pub(super) async fn sent<T>(&self, round_trip: impl Future<Output = T>) -> T {
        let mut round_trip = pin!(round_trip);
        let begun = poll_fn(|context| Poll::Ready(round_trip.as_mut().poll(context))).await;
        self.reach("postgres.sent");
        match begun {
            Poll::Ready(ended) => ended,
            Poll::Pending => round_trip.await,
        }
    }

    pub(super) fn hold(&self, is_held: bool) {
        self.is_held.send_replace(is_held);
    }

    pub(super) fn is_held(&self) -> bool {
        *self.is_held.borrow()
    }

    /// Waits until commits and claims are not held back.
    pub(super) async fn released(&self) {
        let mut is_held = self.is_held.subscribe();
        // The sender lives as long as the store.
        let _ = is_held.wait_for(|is_held| !is_held).await;
    }

    /// Loses the answer to the next commit at a point.
    pub(super) fn lose_answer(&self, point: &'static str) {
        *self.lose.lock().unwrap_or_else(PoisonError::into_inner) = Some(point);
    }

    /// Whether the answer is to be lost here. It is lost once.
    pub(super) fn loses_answer(&self, point: &str) -> bool {
        let mut lose = self.lose.lock().unwrap_or_else(PoisonError::into_inner);
        let is_here = *lose == Some(point);
        if is_here {
            *lose = None;
        }
        is_here
    }

    /// Counts a commit whose answer was lost and whose fate the server told.
    pub(super) fn count_fate(&self, is_committed: bool) {
        let counter = match is_committed {
            true => &self.committed,
            false => &self.rolled_back,
        };
        counter.fetch_add(1, Relaxed);
    }

    /// Numbers of commits of lost answer that were committed and rolled back.
    pub(super) fn fates(&self) -> (u64, u64) {
        (self.committed.load(Relaxed), self.rolled_back.load(Relaxed))
    }
}
