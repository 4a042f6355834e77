//! Faults that have not happened yet.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::Request;

use super::definition::{Fault, Kind};

/// The queue of faults that are waiting for their request, in the order they were pushed. Clones share the queue.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    queue: Arc<Mutex<VecDeque<Fault>>>,
}

impl Faults {
    /// Queues a fault.
    pub fn push(&self, fault: Fault) {
        self.lock().push_back(fault);
    }

    /// Removes all faults from the queue.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// Returns the number of faults in the queue, including those that have happened some of their times.
    pub fn pending(&self) -> usize {
        self.lock().len()
    }

    /// Takes the first fault that matches the request, if its turn has come.
    pub(crate) fn take<B>(&self, request: &Request<B>) -> Option<Fault> {
        self.take_where(|fault| fault.matches(request))
    }

    /// Whether to drop the callback that is due now; takes the fault.
    pub(crate) fn loses_callback(&self) -> bool {
        self.take_where(|fault| fault.kind == Kind::LostCallback)
            .is_some()
    }

    /// Takes the first fault whose turn has come. Each matching fault before it counts the request as passed.
    fn take_where(&self, matches: impl Fn(&Fault) -> bool) -> Option<Fault> {
        let mut queue = self.lock();
        for index in 0..queue.len() {
            let fault = &mut queue[index];
            if fault.times == 0 || !matches(fault) {
                continue;
            }
            if fault.skip > 0 {
                fault.skip -= 1;
                continue;
            }
            fault.times -= 1;
            let taken = fault.clone();
            if fault.times == 0 {
                queue.remove(index);
            }
            return Some(taken);
        }
        None
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Fault>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;

    fn request(method: Method, path: &str) -> Request<()> {
        Request::builder()
            .method(method)
            .uri(path)
            .body(())
            .expect("a request")
    }

    #[test]
    fn x8_a_fault_waits_for_its_request_and_happens_as_often_as_told() {
        let faults = Faults::default();
        faults.push(
            Fault::unavailable()
                .on(Method::POST, "/a")
                .times(2)
                .after(1),
        );
        assert!(faults.take(&request(Method::GET, "/a")).is_none());
        assert!(
            faults.take(&request(Method::POST, "/a/1")).is_none(),
            "the first is let through"
        );
        assert!(faults.take(&request(Method::POST, "/a/1")).is_some());
        assert_eq!(faults.pending(), 1);
        assert!(faults.take(&request(Method::POST, "/a/1")).is_some());
        assert_eq!(faults.pending(), 0);
    }

    #[test]
    fn x8_a_fault_that_waits_does_not_hold_up_the_next() {
        let faults = Faults::default();
        faults.push(Fault::html().after(1));
        faults.push(Fault::truncated());
        let any = request(Method::GET, "/");
        assert_eq!(
            faults.take(&any).map(|fault| fault.kind),
            Some(Kind::Truncated)
        );
        assert_eq!(faults.take(&any).map(|fault| fault.kind), Some(Kind::Html));
    }

    #[test]
    fn x8_a_lost_callback_leaves_requests_alone() {
        let faults = Faults::default();
        faults.push(Fault::lost_callback());
        assert!(faults.take(&request(Method::GET, "/")).is_none());
        assert!(faults.loses_callback());
        assert!(!faults.loses_callback());
    }
}
