//! The expansion of a body in steps.

use std::{
    io::{self, Read},
    task::{Context, Poll},
};

use bytes::Bytes;

use super::coding::Decoder;

/// Bytes that are expanded before other tasks get their turn: well under a millisecond of work.
pub(super) const STEP: usize = 128 * 1024;

pub(super) struct Expansion {
    decoder: Decoder,
    expanded: Vec<u8>,
    max: usize,
}

/// The reason why a body could not be expanded.
#[derive(Debug)]
pub(super) enum Failure {
    TooLarge,
    Broken(io::Error),
}

impl Expansion {
    pub(super) fn new(decoder: Decoder, max: usize) -> Self {
        Self {
            decoder,
            expanded: Vec::new(),
            max,
        }
    }

    /// Expands by one step. A longer body wakes itself at once: in between, other tasks can run, and a deadline can
    /// end it.
    pub(super) fn poll(&mut self, cx: &Context<'_>) -> Poll<Result<Bytes, Failure>> {
        match self.step() {
            Err(error) => Poll::Ready(Err(Failure::Broken(error))),
            Ok(_) if self.expanded.len() > self.max => Poll::Ready(Err(Failure::TooLarge)),
            Ok(Step::End) => Poll::Ready(Ok(std::mem::take(&mut self.expanded).into())),
            Ok(Step::Full) => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
        }
    }

    /// Expands to the end, by one step, or to one byte more than the limit.
    fn step(&mut self) -> io::Result<Step> {
        let left = (self.max - self.expanded.len()).saturating_add(1);
        let step = left.min(STEP);
        self.make_room(step, left);
        let mut decoder = (&mut self.decoder).take(step as u64);
        match decoder.read_to_end(&mut self.expanded) {
            Ok(read) => Ok(if read < step { Step::End } else { Step::Full }),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(Step::Full),
            Err(error) => Err(error),
        }
    }

    /// Doubles the buffer when it has no room for a step, up to `left`.
    fn make_room(&mut self, step: usize, left: usize) {
        if self.expanded.capacity() - self.expanded.len() < step {
            let more = self.expanded.len().max(step);
            self.expanded.reserve_exact(more.min(left));
        }
    }
}

enum Step {
    End,
    Full,
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;

    #[test]
    fn x2_no_more_memory_is_taken_than_the_limit() {
        for max in [0, 1, STEP - 1, STEP, 3 * STEP, 5 * STEP + 7] {
            let mut expansion = Expansion::new(Box::new(io::repeat(0)), max);
            let cx = Context::from_waker(Waker::noop());
            let end = loop {
                if let Poll::Ready(end) = expansion.poll(&cx) {
                    break end;
                }
            };
            assert!(matches!(end, Err(Failure::TooLarge)));
            assert_eq!(expansion.expanded.len(), max + 1);
            assert!(expansion.expanded.capacity() <= max + 1, "{max}");
        }
    }
}
