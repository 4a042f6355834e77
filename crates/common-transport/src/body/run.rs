//! The progress of sending a streamed body, shared by the body, the clocks and the transport.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    task::{Context, Waker},
    time::Duration,
};

use tokio::time::Instant;

use crate::context::later;

/// The sending of one call's body. Attempts are numbered. A connection may still hold the body of an earlier
/// attempt, which ends when its number is no longer current.
#[derive(Debug, Default)]
pub(crate) struct Run(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    attempt: u64,
    /// The time at which the connection took the last piece.
    moved: Option<Instant>,
    ended: bool,
    sender: Option<Waker>,
    watcher: Option<Waker>,
}

impl Run {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins another attempt and returns its number; bodies of earlier attempts end.
    pub(crate) fn begin(&self) -> u64 {
        let mut state = self.state();
        state.attempt += 1;
        state.moved = None;
        state.ended = false;
        let attempt = state.attempt;
        let sender = state.sender.take();
        drop(state);
        if let Some(sender) = sender {
            sender.wake();
        }
        attempt
    }

    /// Whether this attempt is the current one. The caller is woken when it no longer is.
    pub(super) fn is_current(&self, attempt: u64, cx: &Context<'_>) -> bool {
        let mut state = self.state();
        if state.attempt != attempt {
            return false;
        }
        match &mut state.sender {
            Some(waker) => waker.clone_from(cx.waker()),
            none => *none = Some(cx.waker().clone()),
        }
        true
    }

    /// Records that a piece was taken.
    pub(super) fn moved(&self, attempt: u64) {
        self.note(attempt, false);
    }

    /// Records that nothing more will be sent.
    pub(super) fn ended(&self, attempt: u64) {
        self.note(attempt, true);
    }

    fn note(&self, attempt: u64, ended: bool) {
        let mut state = self.state();
        if state.attempt != attempt || state.ended {
            return;
        }
        // The watcher has set a timer for another event; later pieces only postpone that timer.
        let tell = ended || state.moved.is_none();
        state.moved = Some(Instant::now());
        state.ended = ended;
        let watcher = if tell { state.watcher.take() } else { None };
        drop(state);
        if let Some(watcher) = watcher {
            watcher.wake();
        }
    }

    /// Returns the time at which the current pause becomes too long, once the first piece was taken. The limit is
    /// `idle` after each piece, and `head` after the last.
    pub(crate) fn silent_at(
        &self,
        idle: Duration,
        head: Duration,
        cx: &Context<'_>,
    ) -> Option<Instant> {
        let mut state = self.state();
        match &mut state.watcher {
            Some(waker) => waker.clone_from(cx.waker()),
            none => *none = Some(cx.waker().clone()),
        }
        let wait = if state.ended { head } else { idle };
        state.moved.map(|moved| later(moved, wait))
    }

    /// Whether pieces were taken, and more are to come.
    pub(crate) fn is_sending(&self) -> bool {
        let state = self.state();
        state.moved.is_some() && !state.ended
    }
}
