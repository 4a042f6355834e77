//! Limits of a server: bytes, connections, time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Longest body of one request: more than any documented call needs.
pub(super) const MAX_BODY: usize = 64 << 20;

/// Bytes of all bodies that are being read or processed at the same time.
pub(super) const MAX_OPEN: usize = 256 << 20;

/// Bytes of the request line and headers of one request.
pub(crate) const MAX_HEAD: usize = 64 << 10;

/// Number of connections at the same time; further ones wait to be accepted.
pub(crate) const MAX_CONNECTIONS: usize = 2048;

/// Time for which a connection may be idle or send its headers.
pub(crate) const HEAD_TIMEOUT: Duration = Duration::from_secs(60);

/// Time in which a body must arrive.
pub(crate) const BODY_TIMEOUT: Duration = Duration::from_secs(60);

/// The budget of bytes that all open bodies of a server share.
#[derive(Clone, Debug, Default)]
pub(crate) struct Budget(Arc<AtomicUsize>);

impl Budget {
    /// Starts counting one body.
    pub(crate) fn claim(&self) -> Claim {
        Claim {
            budget: self.clone(),
            held: 0,
        }
    }
}

/// The bytes of one body, released when the claim is dropped.
#[derive(Debug)]
pub(crate) struct Claim {
    budget: Budget,
    held: usize,
}

impl Claim {
    /// Claims more bytes. Returns false when they exceed the server's budget.
    pub(crate) fn grow(&mut self, by: usize) -> bool {
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
