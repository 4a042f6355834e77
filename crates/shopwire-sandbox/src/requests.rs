//! The requests that a server has received: counters, and a log without secrets.

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// One request, as received by the server. Query, headers and body are left out: they hold secrets.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The HTTP method.
    pub method: String,
    /// The unchanged path, without the query.
    pub path: String,
    /// Uvygoda: the name of the RPC method.
    pub rpc: Option<String>,
    /// The HTTP status of the answer; `None` when the connection ended without an answer.
    pub status: Option<u16>,
    /// Whether the service processed the request. A fault may prevent it.
    pub processed: bool,
    /// Time of arrival since the start of the server, by the runtime's clock.
    pub at: Duration,
}

/// Bytes that the log keeps: a sandbox may run for days, and a path may be long.
const KEPT: usize = 32 << 20;

/// Bytes after which a path or name is cut.
const LONGEST: usize = 2 << 10;

/// The requests of one server since its start. Clones share the log. It keeps the last 32 MiB (some 100,000
/// requests), and the first 2 KiB of each path. [`Requests::total`] counts all requests.
#[derive(Clone)]
pub struct Requests {
    started: Instant,
    log: Arc<Mutex<Log>>,
    connections: Arc<AtomicUsize>,
}

#[derive(Default)]
struct Log {
    /// Number of the oldest request that is kept.
    first: usize,
    kept: VecDeque<Received>,
    /// Bytes that the kept requests take.
    bytes: usize,
}

impl Received {
    /// Bytes that the request takes in the log.
    fn bytes(&self) -> usize {
        let rpc = self.rpc.as_ref().map_or(0, String::len);
        size_of::<Self>() + self.method.len() + self.path.len() + rpc
    }
}

/// The part of a text that the log keeps.
fn cut(text: &str) -> String {
    let mut ends = (0..=text.len().min(LONGEST)).rev();
    let end = ends.find(|end| text.is_char_boundary(*end));
    text[..end.unwrap_or(0)].to_owned()
}

impl Log {
    fn push(&mut self, received: Received) -> usize {
        self.bytes += received.bytes();
        self.kept.push_back(received);
        while self.bytes > KEPT {
            let Some(oldest) = self.kept.pop_front() else {
                break;
            };
            self.bytes -= oldest.bytes();
            self.first += 1;
        }
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

    /// Returns the number of requests that arrived.
    pub fn total(&self) -> usize {
        let log = self.lock();
        log.first + log.kept.len()
    }

    /// Returns the number of requests with this method whose path (or RPC method's name) starts with `path`.
    pub fn count(&self, method: &http::Method, path: &str) -> usize {
        let is_meant = |one: &&Received| {
            one.method == method.as_str()
                && (one.path.starts_with(path) || one.rpc.as_deref() == Some(path))
        };
        self.lock().kept.iter().filter(is_meant).count()
    }

    /// Returns the number of requests that were answered with this HTTP status.
    pub fn answered(&self, status: u16) -> usize {
        self.lock()
            .kept
            .iter()
            .filter(|one| one.status == Some(status))
            .count()
    }

    /// Returns the number of connections that were accepted.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }

    /// Returns the kept requests, oldest first.
    pub fn log(&self) -> Vec<Received> {
        self.lock().kept.iter().cloned().collect()
    }

    pub(crate) fn connected(&self) {
        self.connections.fetch_add(1, Ordering::Relaxed);
    }

    /// Records an arrival; returns its number for [`answered_with`](Self::answered_with).
    pub(crate) fn arrived<B>(&self, request: &http::Request<B>) -> usize {
        let rpc = request
            .headers()
            .get("method")
            .and_then(|name| name.to_str().ok());
        let received = Received {
            method: cut(request.method().as_str()),
            path: cut(request.uri().path()),
            rpc: rpc.map(|name| cut(name.trim())),
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

    /// Requests of this path, one after the other.
    fn arrived(path: &str, count: usize) -> Requests {
        let requests = Requests::new();
        let request = http::Request::get(path).body(()).expect("a request");
        for _ in 0..count {
            requests.arrived(&request);
        }
        requests
    }

    fn bytes(requests: &Requests) -> usize {
        requests.log().iter().map(Received::bytes).sum()
    }

    // H11
    #[test]
    fn h11_the_log_is_bounded_in_bytes_and_the_count_is_not() {
        let requests = arrived("/a?apiKey=secret", 400_000);
        assert_eq!(
            (requests.total(), requests.log()[0].path.as_str()),
            (400_000, "/a")
        );
        assert!(bytes(&requests) <= KEPT && requests.log().len() > 100_000);
        // The first has left the log, the last is in it.
        requests.answered_with(0, 200);
        requests.answered_with(399_999, 204);
        assert_eq!((requests.answered(200), requests.answered(204)), (0, 1));

        let long = format!("/{}", "x".repeat(60_000));
        let requests = arrived(&long, 40_000);
        assert_eq!(requests.total(), 40_000);
        assert!(bytes(&requests) <= KEPT);
        assert_eq!(requests.log()[0].path.len(), LONGEST);
        assert_eq!(cut(&"é".repeat(LONGEST)).len(), LONGEST);
    }
}
