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

/// How many bytes the log keeps: a sandbox may run for days, and a path may be long.
const KEPT: usize = 32 << 20;

/// The longest path or name that is kept; the rest of it is cut off.
const LONGEST: usize = 2 << 10;

/// The requests of one server since its start. Clones share the log, which keeps the last 32 MiB
/// (some 100,000 requests); [`Requests::total`] counts all. Of a path it keeps the first 2 KiB.
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
    /// What the kept ones occupy.
    bytes: usize,
}

impl Received {
    /// What it occupies in the log.
    fn bytes(&self) -> usize {
        let rpc = self.rpc.as_ref().map_or(0, String::len);
        size_of::<Self>() + self.method.len() + self.path.len() + rpc
    }
}

/// As much of a text as the log keeps.
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
