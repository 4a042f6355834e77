//! The clocks of one attempt, on one timer.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use pin_project_lite::pin_project;
use tokio::time::{Instant, Sleep, sleep_until};

use super::AttemptLayer;
use crate::{body::Run, context::later, timer};

pin_project! {
    pub(super) struct Clock {
        head: Duration,
        idle: Duration,
        // Of the attempt.
        end: Instant,
        // Of the wait for the head, or of the present silence. None after a sign of life: the time is read when
        // there is nothing to do but wait, not for each piece of an answer.
        phase_end: Option<Instant>,
        // Set at first to no later than the silence that an answer may begin with, and moved on when it has run
        // out: moving a timer takes a lock, and most attempts are over before.
        #[pin]
        timer: Sleep,
    }
}

impl Clock {
    /// The clocks of an attempt that begins `now`, and ends by `deadline`.
    pub(super) fn new(bounds: &AttemptLayer, now: Instant, deadline: Option<Instant>) -> Self {
        let total_end = later(now, bounds.total);
        let end = deadline.map_or(total_end, |deadline| total_end.min(deadline));
        let phase_end = later(now, bounds.head);
        let silence_end = later(now, bounds.idle);
        Self {
            head: bounds.head,
            idle: bounds.idle,
            end,
            phase_end: Some(phase_end),
            timer: sleep_until(end.min(phase_end).min(silence_end)),
        }
    }

    /// When the attempt ends at the latest.
    pub(super) fn end(&self) -> Instant {
        self.end
    }

    /// Whether it is the attempt that has lasted too long, and not the present silence.
    pub(super) fn is_over(&self) -> bool {
        self.phase_end.is_none_or(|phase_end| self.end <= phase_end)
    }

    /// The peer lives: its silence is counted anew.
    pub(super) fn heard(self: Pin<&mut Self>) {
        *self.project().phase_end = None;
    }

    /// While a streamed body is being sent each piece counts as a sign of life, and the wait for the head
    /// begins with the last. An answer may begin before that: then both count.
    pub(super) fn follow(self: Pin<&mut Self>, upload: &Run, in_answer: bool, cx: &Context<'_>) {
        let this = self.project();
        let silent_at = upload.silent_at(*this.idle, *this.head, cx);
        if !in_answer {
            *this.phase_end = silent_at.or(*this.phase_end);
        } else if upload.is_sending() {
            let answer_silent_at = settled(this.phase_end, *this.idle);
            *this.phase_end = silent_at.max(Some(answer_silent_at));
        }
    }

    /// Ready when the attempt or the present silence has lasted too long.
    pub(super) fn poll_passed(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut this = self.project();
        let end = settled(this.phase_end, *this.idle).min(*this.end);
        if this.timer.deadline() > end {
            this.timer.as_mut().reset(end);
        }
        ready!(timer::poll(this.timer.as_mut(), cx));
        if this.timer.deadline() < end {
            this.timer.as_mut().reset(end);
            ready!(timer::poll(this.timer, cx));
        }
        Poll::Ready(())
    }
}

/// When the present phase ends; after a sign of life a silence begins, of `idle` at the most.
fn settled(phase_end: &mut Option<Instant>, idle: Duration) -> Instant {
    *phase_end.get_or_insert_with(|| later(Instant::now(), idle))
}
