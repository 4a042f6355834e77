//! One fault in the ledger: whether it meets a request, and whether its turn has come.

use std::cell::OnceCell;
use std::time::Duration;

use http::{Method, Request};

use super::definition::Fault;
use super::draw::{Purpose, unit};
use super::kind::Kind;
use super::latency::Latency;
use super::listed::QueuedFault;
use crate::names::ServiceName;
use crate::operations::Operations;
use crate::random;

/// Largest seed: JSON numbers above it are not exact everywhere.
pub(super) const MAX_SEED: u64 = (1 << 53) - 1;

/// A fault with what has happened to it.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) id: u64,
    pub(super) service: ServiceName,
    pub(super) fault: Fault,
    /// How often it may still happen; `None`: always.
    left: Option<u32>,
    /// How many requests still pass.
    skip: u32,
    /// Number of requests for which a draw was due.
    drawn: u64,
    happened: u64,
}

/// A fault that happens now.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    pub(crate) id: u64,
    pub(crate) kind: Kind,
    /// Time to wait before the request is processed.
    pub(crate) delay: Duration,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) location: Option<String>,
}

/// Describes what a fault can be restricted to.
#[derive(Debug)]
pub(super) struct Head<'r> {
    service: ServiceName,
    method: &'r Method,
    path: &'r str,
    rpc: Option<&'r str>,
    /// Looked up when a fault asks for it.
    operation: OnceCell<Option<&'static str>>,
}

impl<'r> Head<'r> {
    pub(super) fn of<B>(service: ServiceName, request: &'r Request<B>) -> Self {
        let rpc = request.headers().get("method");
        let rpc = rpc.and_then(|value| value.to_str().ok()).map(str::trim);
        Self {
            service,
            method: request.method(),
            path: request.uri().path(),
            rpc,
            operation: OnceCell::new(),
        }
    }

    fn operation(&self) -> Option<&'static str> {
        let find = || Operations::of(self.service).find(self.method, self.path, self.rpc);
        *self.operation.get_or_init(find)
    }
}

impl Fault {
    /// Whether the fault is waiting for this request.
    pub(super) fn meets(&self, head: &Head<'_>) -> bool {
        !self.kind.is_of_callbacks()
            && self
                .method
                .as_ref()
                .is_none_or(|method| method == head.method)
            && self
                .path
                .as_deref()
                .is_none_or(|start| head.path.starts_with(start) || head.rpc == Some(start))
            && self
                .operation
                .as_deref()
                .is_none_or(|id| head.operation() == Some(id))
    }

    /// Whether the fault is waiting for the webhook of this event.
    pub(super) fn drops(&self, event: &str) -> bool {
        self.kind.is_of_callbacks() && self.event.as_deref().is_none_or(|name| name == event)
    }
}

impl Entry {
    pub(super) fn new(id: u64, service: ServiceName, mut fault: Fault) -> Self {
        if fault.seed.is_none() && fault.draws() {
            fault.seed = Some(random::new_seed() & MAX_SEED);
        }
        Self {
            id,
            service,
            left: fault.times,
            skip: fault.skip,
            drawn: 0,
            happened: 0,
            fault,
        }
    }

    /// Whether the fault can still happen.
    pub(super) fn is_pending(&self) -> bool {
        self.left != Some(0)
    }

    pub(super) fn listed(&self) -> QueuedFault {
        QueuedFault {
            id: self.id,
            service: self.service,
            fault: self.fault.clone(),
            happened: self.happened,
            pending: self.is_pending(),
        }
    }

    /// Counts a matching request. Returns the fault if it happens for this one.
    pub(super) fn turn(&mut self) -> Option<Taken> {
        if self.skip > 0 {
            self.skip -= 1;
            return None;
        }
        let (seed, number) = (self.fault.seed.unwrap_or_default(), self.drawn);
        self.drawn += 1;
        let is_drawn = |rate: f64| unit(seed, number, Purpose::Rate) < rate;
        if !self.fault.rate.is_none_or(is_drawn) {
            return None;
        }
        self.left = self.left.map(|left| left.saturating_sub(1));
        self.happened += 1;
        let sample = |latency: Latency| latency.sample(seed, number);
        Some(Taken {
            id: self.id,
            kind: self.fault.kind,
            delay: self
                .fault
                .delay
                .saturating_add(self.fault.latency.map(sample).unwrap_or_default()),
            retry_after: self.fault.retry_after,
            location: self.fault.location.clone(),
        })
    }
}
