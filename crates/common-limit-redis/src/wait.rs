//! A call that waits in a queue.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use common_transport::{
    Error,
    limit::{Permit, Ticket},
};
use pin_project_lite::pin_project;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::queue::{Queue, Turn};

pin_project! {
    /// A waiter. If it is dropped before its turn, it has taken nothing.
    pub(crate) struct Wait {
        deadline: Option<Instant>,
        // Begins with the first poll, which is inside of a runtime.
        #[pin]
        sleep: Option<Sleep>,
        place: Place,
    }
}

struct Place {
    queue: Arc<Queue>,
    ticket: Ticket,
}

impl Wait {
    pub(crate) fn new(queue: Arc<Queue>, ticket: Ticket, deadline: Option<Instant>) -> Self {
        Self {
            deadline,
            sleep: None,
            place: Place { queue, ticket },
        }
    }
}

impl Future for Wait {
    type Output = Result<Permit, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        if this.sleep.is_none() {
            this.sleep.set(this.deadline.map(sleep_until));
        }
        loop {
            match this
                .place
                .queue
                .turn(this.place.ticket, *this.deadline, cx.waker())
            {
                Turn::Start(permit) => return Poll::Ready(Ok(permit)),
                Turn::Refused(error) => return Poll::Ready(Err(error)),
                Turn::Wait => {}
            }
            // The task may have ended before it could wake this waiter.
            if let Err(error) = this.place.queue.keep_driven() {
                return Poll::Ready(Err(error));
            }
            match this.sleep.as_mut().as_pin_mut().map(|sleep| sleep.poll(cx)) {
                // It looks once more: its time may have come with the deadline.
                Some(Poll::Ready(())) => {}
                _ => return Poll::Pending,
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.queue.leave(self.ticket);
    }
}
