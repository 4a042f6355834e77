//! What a server has received: counters and a log without secrets.

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// One request as the server saw it. The query, headers and body are left out: they hold secrets.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The HTTP method.
    pub method: String,
    /// The path without the query, as it came.
    pub path: String,
    /// Uvygoda: the RPC method's name.
    pub rpc: Option<String>,
    /// The HTTP status that was answered; `None` when the connection ended without an answer.
    pub status: Option<u16>,
    /// Whether the service worked on the request (a fault may have kept it away).
    pub processed: bool,
    /// When it arrived, since the start of the server, by the runtime's clock.
    pub at: Duration,
}

/// How many requests the log keeps: a sandbox may run for days.
const KEPT: usize = 100_000;

/// The requests of one server since its start. Clones share the log, which keeps the last 100,000;
/// [`Requests::total`] counts all.
#[derive(Clone)]
pub struct Requests {
    started: Instant,
    log: Arc<Mutex<Log>>,
    connections: Arc<AtomicUsize>,
}

#[derive(Default)]
struct Log {
    /// The number of the oldest request that is kept.
    first: usize,
    kept: VecDeque<Received>,
}

impl Log {
    fn push(&mut self, received: Received) -> usize {
        if self.kept.len() == KEPT {
            self.kept.pop_front();
            self.first += 1;
        }
        self.kept.push_back(received);
        self.first + self.kept.len() - 1
    }

    fn entry(&mut self, number: usize) -> Option<&mut Received> {
        self.kept.get_mut(number.checked_sub(self.first)?)
    }
}

impl Requests {
    pub(crate) fn new() -> Self {
        Self {
            started: Instant::now(),
            log: Arc::default(),
            connections: Arc::default(),
        }
    }

    /// How many requests arrived.
    pub fn total(&self) -> usize {
        let log = self.lock();
        log.first + log.kept.len()
    }

    /// How many requests had this method and a path (or RPC method's name) that starts with `path`.
    pub fn count(&self, method: &http::Method, path: &str) -> usize {
        let is_meant = |one: &&Received| {
            one.method == method.as_str()
                && (one.path.starts_with(path) || one.rpc.as_deref() == Some(path))
        };
        self.lock().kept.iter().filter(is_meant).count()
    }

    /// How many requests were answered with this HTTP status.
    pub fn answered(&self, status: u16) -> usize {
        self.lock()
            .kept
            .iter()
            .filter(|one| one.status == Some(status))
            .count()
    }

    /// How many connections were accepted.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }

    /// Everything received, oldest first.
    pub fn log(&self) -> Vec<Received> {
        self.lock().kept.iter().cloned().collect()
    }

    pub(crate) fn connected(&self) {
        self.connections.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes an arrival; the number is its place in the log.
    pub(crate) fn arrived<B>(&self, request: &http::Request<B>) -> usize {
        let rpc = request
            .headers()
            .get("method")
            .and_then(|name| name.to_str().ok());
        let received = Received {
            method: request.method().as_str().to_owned(),
            path: request.uri().path().to_owned(),
            rpc: rpc.map(|name| name.trim().to_owned()),
            status: None,
            processed: false,
            at: self.started.elapsed(),
        };
        self.lock().push(received)
    }

    pub(crate) fn processed(&self, number: usize) {
        if let Some(entry) = self.lock().entry(number) {
            entry.processed = true;
        }
    }

    pub(crate) fn answered_with(&self, number: usize, status: u16) {
        if let Some(entry) = self.lock().entry(number) {
            entry.status = Some(status);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Requests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Requests")
            .field("total", &self.total())
            .field("connections", &self.connections())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn x8_the_log_is_bounded_and_the_count_is_not() {
        let requests = Requests::new();
        let request = http::Request::get("/a?apiKey=secret")
            .body(())
            .expect("a request");
        for _ in 0..KEPT {
            requests.arrived(&request);
        }
        let last = requests.arrived(&request);
        requests.answered_with(0, 200);
        requests.answered_with(last, 204);
        assert_eq!((requests.total(), requests.log().len()), (KEPT + 1, KEPT));
        assert_eq!((requests.answered(200), requests.answered(204)), (0, 1));
        assert_eq!(requests.log()[0].path, "/a");
    }
}
