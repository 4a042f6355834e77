//! What a server has received: counters and a log without secrets.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

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
    /// When it arrived, since the start of the server.
    pub at: Duration,
}

/// The requests of one server since its start. Clones share the log.
#[derive(Clone)]
pub struct Requests {
    started: Instant,
    log: Arc<Mutex<Vec<Received>>>,
    connections: Arc<AtomicUsize>,
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
        self.lock().len()
    }

    /// How many requests had this method and a path (or RPC method's name) that starts with `path`.
    pub fn count(&self, method: &http::Method, path: &str) -> usize {
        let is_meant = |one: &&Received| {
            one.method == method.as_str()
                && (one.path.starts_with(path) || one.rpc.as_deref() == Some(path))
        };
        self.lock().iter().filter(is_meant).count()
    }

    /// How many requests were answered with this HTTP status.
    pub fn answered(&self, status: u16) -> usize {
        self.lock()
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
        self.lock().clone()
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
        let mut log = self.lock();
        log.push(received);
        log.len() - 1
    }

    pub(crate) fn processed(&self, number: usize) {
        self.lock()[number].processed = true;
    }

    pub(crate) fn answered_with(&self, number: usize, status: u16) {
        self.lock()[number].status = Some(status);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Received>> {
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
