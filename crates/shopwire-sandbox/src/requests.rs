//! The requests that a server has received: counters, and a log without secrets.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use crate::journal::Journal;
use crate::names::ServiceName;

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

/// The requests of one server since its start, or since the [`Journal`] was cleared: a view of the journal, without
/// secrets. Clones share it. The journal keeps more than 100,000 requests of all servers, and the first 2 KiB of each
/// path. [`Requests::total`] counts all requests.
#[derive(Clone)]
pub struct Requests {
    started: Instant,
    journal: Journal,
    service: ServiceName,
    connections: Arc<AtomicUsize>,
}

impl Requests {
    pub(crate) fn new(journal: Journal, service: ServiceName) -> Self {
        Self {
            started: Instant::now(),
            journal,
            service,
            connections: Arc::default(),
        }
    }

    /// Returns the number of requests that arrived.
    pub fn total(&self) -> usize {
        self.journal.of(self.service, |_, total| total)
    }

    /// Returns the number of requests with this method whose path (or RPC method's name) starts with `path`.
    pub fn count(&self, method: &http::Method, path: &str) -> usize {
        self.journal.of(self.service, |entries, _| {
            entries
                .filter(|one| {
                    one.method() == method.as_str()
                        && (one.path().starts_with(path) || one.rpc() == Some(path))
                })
                .count()
        })
    }

    /// Returns the number of requests that were answered with this HTTP status.
    pub fn answered(&self, status: u16) -> usize {
        self.journal.of(self.service, |entries, _| {
            entries.filter(|one| one.status == Some(status)).count()
        })
    }

    /// Returns the number of connections that were accepted.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }

    /// Returns the kept requests, oldest first.
    pub fn log(&self) -> Vec<Received> {
        self.journal.of(self.service, |entries, _| {
            entries
                .map(|one| Received {
                    method: one.method().to_owned(),
                    path: one.path().to_owned(),
                    rpc: one.rpc().map(str::to_owned),
                    status: one.status,
                    processed: one.processed,
                    at: one.arrived.saturating_duration_since(self.started),
                })
                .collect()
        })
    }

    pub(crate) fn connected(&self) {
        self.connections.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn journal(&self) -> &Journal {
        &self.journal
    }

    pub(crate) fn service(&self) -> ServiceName {
        self.service
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
