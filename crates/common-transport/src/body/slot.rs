//! A stream that can be sent once, and the attempts that compete for it.

use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Wake, Waker, ready},
};

use bytes::Bytes;

use super::{failure::BodyFailure, pieces::BoxPieces, run::Run};

pub(super) struct Slot {
    pieces: BoxPieces,
    /// The call and the attempt that took the first piece.
    taken_by: Option<(Arc<Run>, u64)>,
    waiting: Arc<Waiting>,
}

impl Slot {
    pub(super) fn new(pieces: BoxPieces) -> Mutex<Self> {
        Mutex::new(Self {
            pieces,
            taken_by: None,
            waiting: Arc::default(),
        })
    }

    pub(super) fn is_taken(slot: &Mutex<Self>) -> bool {
        lock(slot).taken_by.is_some()
    }

    /// Whether another attempt has begun to send it, so that the rest is incomplete.
    fn is_anothers(&self, run: &Arc<Run>, attempt: u64) -> bool {
        let taken_by = self.taken_by.as_ref();
        taken_by.is_some_and(|(by, number)| !Arc::ptr_eq(by, run) || *number != attempt)
    }

    /// Polls the next piece, for an attempt of `run`. The first piece goes to the attempt that polls when it comes.
    pub(super) fn poll_piece(
        slot: &Mutex<Self>,
        run: &Arc<Run>,
        attempt: u64,
        cx: &Context<'_>,
    ) -> Poll<Option<Result<Bytes, BodyFailure>>> {
        let mut slot = lock(slot);
        if slot.is_anothers(run, attempt) {
            return Poll::Ready(Some(Err(BodyFailure::new("it was sent before"))));
        }
        slot.waiting.add(run, cx.waker());
        let all = Waker::from(Arc::clone(&slot.waiting));
        let piece = ready!(
            slot.pieces
                .as_mut()
                .poll_piece(&mut Context::from_waker(&all))
        );
        let is_first = slot.taken_by.replace((Arc::clone(run), attempt)).is_none();
        drop(slot);
        if is_first {
            // Wakes the other attempts, which find the stream taken.
            all.wake();
        }
        Poll::Ready(piece.map(|piece| piece.map_err(BodyFailure::caused)))
    }
}

/// The attempts that wait for the next piece. A stream knows only the last waker, whose attempt may be gone.
#[derive(Default)]
struct Waiting(Mutex<Vec<(Arc<Run>, Waker)>>);

impl Waiting {
    fn add(&self, run: &Arc<Run>, waker: &Waker) {
        let mut all = lock(&self.0);
        match all.iter_mut().find(|(known, _)| Arc::ptr_eq(known, run)) {
            Some((_, known)) => known.clone_from(waker),
            None => all.push((Arc::clone(run), waker.clone())),
        }
    }
}

impl Wake for Waiting {
    fn wake(self: Arc<Self>) {
        let all = mem::take(&mut *lock(&self.0));
        all.into_iter().for_each(|(_, waker)| waker.wake());
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
