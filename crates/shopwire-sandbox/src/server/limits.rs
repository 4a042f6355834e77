//! What a server gives its peers at most: bytes, connections, time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// The longest body of one request: more than any documented call needs.
pub(super) const MAX_BODY: usize = 64 << 20;

/// All bodies that are being read or worked on at the same time.
pub(super) const MAX_OPEN: usize = 256 << 20;

/// The request line and headers of one request.
pub(super) const MAX_HEAD: usize = 64 << 10;

/// Connections at the same time; others wait to be accepted.
pub(super) const MAX_CONNECTIONS: usize = 2048;

/// How long a connection may be idle or send its headers.
pub(super) const HEAD_TIMEOUT: Duration = Duration::from_secs(60);

/// How long a body may take to arrive.
pub(super) const BODY_TIMEOUT: Duration = Duration::from_secs(60);

/// The bytes that all open bodies of a server share.
#[derive(Clone, Debug, Default)]
pub(super) struct Budget(Arc<AtomicUsize>);

impl Budget {
    /// Starts to count one body.
    pub(super) fn claim(&self) -> Claim {
        Claim {
            budget: self.clone(),
            held: 0,
        }
    }
}

/// The bytes of one body. They are given back when it is dropped.
#[derive(Debug)]
pub(super) struct Claim {
    budget: Budget,
    held: usize,
}

impl Claim {
    /// Takes that many bytes more; false when the server has no more to give.
    pub(super) fn grow(&mut self, by: usize) -> bool {
        let open = &self.budget.0;
        let fits = |used: usize| used.checked_add(by).filter(|sum| *sum <= MAX_OPEN);
        let grown = open.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits);
        if grown.is_ok() {
            self.held += by;
        }
        grown.is_ok()
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.budget.0.fetch_sub(self.held, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // H11
    #[test]
    fn h11_open_bodies_share_one_budget() {
        let budget = Budget::default();
        let (mut one, mut other) = (budget.claim(), budget.claim());
        assert!(one.grow(MAX_OPEN - 10));
        assert!(!other.grow(11));
        assert!(other.grow(10));
        assert!(!one.grow(1));
        drop(one);
        assert!(other.grow(MAX_OPEN - 10), "what is dropped is given back");
        drop(other);
        assert!(budget.claim().grow(MAX_OPEN));
    }
}
