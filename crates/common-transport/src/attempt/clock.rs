//! The clocks of one attempt, which share a timer.

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
        // End of the attempt.
        end: Instant,
        // End of the wait for the head, or of the current pause. `None` after a sign of life: the time is then read
        // only when there is nothing left to do but wait, and not for each piece of an answer.
        phase_end: Option<Instant>,
        // At first it is set no later than the first pause of an answer could end, and it is moved on when it fires:
        // moving a timer takes a lock, and most attempts end earlier.
        #[pin]
        timer: Sleep,
    }
}

impl Clock {
    /// Builds the clocks of an attempt that begins `now` and ends by `deadline`.
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

    /// Returns the latest end of the attempt.
    pub(super) fn end(&self) -> Instant {
        self.end
    }

    /// Whether the whole attempt, rather than the current pause, has exceeded its limit.
    pub(super) fn is_over(&self) -> bool {
        self.phase_end.is_none_or(|phase_end| self.end <= phase_end)
    }

    /// Records a sign of life of the peer: its pause is counted anew.
    pub(super) fn heard(self: Pin<&mut Self>) {
        *self.project().phase_end = None;
    }

    /// Follows a streamed request body. Each piece that is sent counts as a sign of life, and the wait for the head
    /// begins with the last piece. If an answer begins earlier, both count.
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

    /// Ready when the attempt or the current pause has exceeded its limit.
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

/// Returns the end of the current phase. After a sign of life a pause of at most `idle` begins.
fn settled(phase_end: &mut Option<Instant>, idle: Duration) -> Instant {
    *phase_end.get_or_insert_with(|| later(Instant::now(), idle))
}
