//! Requests that the sandbox sends to itself: which id a request from a socket got.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The sockets from which requests are expected.
#[derive(Clone, Debug, Default)]
pub(super) struct Arrivals(Arc<Mutex<HashMap<SocketAddr, Arc<AtomicU64>>>>);

/// A request that is expected. Dropping it ends the expectation.
#[cfg(feature = "admin")]
#[derive(Debug)]
pub(crate) struct Arrival {
    arrivals: Arrivals,
    peer: SocketAddr,
    id: Arc<AtomicU64>,
}

impl Arrivals {
    #[cfg(feature = "admin")]
    pub(super) fn expect(&self, peer: SocketAddr) -> Arrival {
        let id = Arc::new(AtomicU64::new(0));
        self.lock().insert(peer, id.clone());
        Arrival {
            arrivals: self.clone(),
            peer,
            id,
        }
    }

    pub(super) fn tell(&self, peer: SocketAddr, id: u64) {
        if let Some(expected) = self.lock().get(&peer) {
            expected.store(id, Ordering::Relaxed);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<SocketAddr, Arc<AtomicU64>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(feature = "admin")]
impl Arrival {
    /// Returns the id of the request, once it has arrived.
    pub(crate) fn id(&self) -> Option<u64> {
        Some(self.id.load(Ordering::Relaxed)).filter(|id| *id > 0)
    }
}

#[cfg(feature = "admin")]
impl Drop for Arrival {
    fn drop(&mut self) {
        self.arrivals.lock().remove(&self.peer);
    }
}

#[cfg(test)]
#[cfg(feature = "admin")]
mod tests {
    use super::*;

    #[test]
    fn s1_a_request_is_told_by_its_socket() {
        let arrivals = Arrivals::default();
        let (one, other) = (
            "127.0.0.1:1".parse().expect("one"),
            "127.0.0.1:2".parse().expect("two"),
        );
        let expected = arrivals.expect(one);
        arrivals.tell(other, 7);
        assert_eq!(expected.id(), None);
        arrivals.tell(one, 8);
        assert_eq!(expected.id(), Some(8));
        drop(expected);
        assert!(arrivals.lock().is_empty());
    }
}
