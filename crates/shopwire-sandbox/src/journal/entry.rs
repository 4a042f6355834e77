//! An exchange as it is stored: in parts that can be dropped, each with its size.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::HeaderMap;
use tokio::time::Instant;

use super::body::Body;
use super::cut::cut;
use super::exchange::{Exchange, Message};
use super::reason::Reason;
use crate::names::ServiceName;

/// Bytes that the allocator adds to each allocation, about.
const OVERHEAD: usize = 16;

/// Bytes after which a method, path or name is cut.
const LONGEST: usize = 2 << 10;

/// One exchange. It is kept small: the journal holds more than 100,000 of them.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(super) id: u64,
    /// Milliseconds since 1970, by the sandbox's clock.
    at_ms: i64,
    pub(crate) arrived: Instant,
    pub(super) duration: Option<Duration>,
    /// Method and path, and the name of the RPC method if there is one, each after a space.
    line: Box<str>,
    pub(super) operation: Option<&'static str>,
    pub(super) fault: Option<&'static str>,
    pub(crate) status: Option<u16>,
    pub(super) service: ServiceName,
    pub(crate) processed: bool,
    /// Whether subscribers have been told.
    pub(super) is_told: bool,
    pub(super) reason_count: u16,
    /// Sizes of the bodies of request and answer, which stay when the bodies are dropped.
    pub(super) sizes: [u32; 2],
    pub(super) notes: Option<Arc<Kept>>,
    pub(super) content: Option<Arc<Content>>,
}

/// Query and reasons.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept {
    pub(super) query: Box<str>,
    pub(super) reasons: Vec<Reason>,
}

/// Headers and bodies.
#[derive(Clone, Debug, Default)]
pub(super) struct Content {
    pub(super) request: Message,
    pub(super) answer: Option<Message>,
}

impl Entry {
    pub(super) fn new<B>(
        id: u64,
        at_ms: i64,
        service: ServiceName,
        request: &http::Request<B>,
    ) -> Self {
        let (method, path) = (request.method().as_str(), request.uri().path());
        let rpc = request.headers().get("method");
        let rpc = rpc.and_then(|name| name.to_str().ok()).map(str::trim);
        let mut line = format!("{} {}", cut(method, LONGEST), cut(path, LONGEST));
        if let Some(rpc) = rpc {
            line.push(' ');
            line.push_str(cut(rpc, LONGEST));
        }
        let query = request.uri().query().unwrap_or_default();
        Self {
            id,
            at_ms,
            arrived: Instant::now(),
            duration: None,
            line: line.into(),
            operation: None,
            fault: None,
            status: None,
            service,
            processed: false,
            is_told: false,
            reason_count: 0,
            sizes: [0; 2],
            notes: (!query.is_empty()).then(|| {
                Arc::new(Kept {
                    query: query.into(),
                    reasons: Vec::new(),
                })
            }),
            content: None,
        }
    }

    pub(crate) fn method(&self) -> &str {
        self.part(0).unwrap_or_default()
    }

    pub(crate) fn path(&self) -> &str {
        self.part(1).unwrap_or_default()
    }

    /// The name of the RPC method.
    pub(crate) fn rpc(&self) -> Option<&str> {
        self.part(2)
    }

    fn part(&self, at: usize) -> Option<&str> {
        self.line.splitn(3, ' ').nth(at)
    }

    /// Bytes of the entry without notes and content.
    pub(super) fn bytes(&self) -> usize {
        size_of::<Self>() + size_of::<usize>() + self.line.len() + 2 * OVERHEAD
    }

    pub(super) fn exchange(&self) -> Exchange {
        let at = SystemTime::UNIX_EPOCH;
        let offset = Duration::from_millis(self.at_ms.unsigned_abs());
        let at = if self.at_ms < 0 {
            at.checked_sub(offset)
        } else {
            at.checked_add(offset)
        };
        let content = self.content.as_deref().cloned();
        let content = content.unwrap_or_else(|| self.dropped());
        let notes = self.notes.as_deref().cloned().unwrap_or_default();
        Exchange {
            id: self.id,
            service: self.service,
            at: at.unwrap_or(SystemTime::UNIX_EPOCH),
            method: self.method().to_owned(),
            path: self.path().to_owned(),
            rpc: self.rpc().map(str::to_owned),
            operation: self.operation,
            status: self.status,
            duration: self.duration,
            fault: self.fault,
            processed: self.processed,
            ended: self.is_told,
            reason_count: self.reason_count.into(),
            query: notes.query.into(),
            reasons: notes.reasons,
            request: content.request,
            answer: content.answer,
        }
    }
}

impl Entry {
    /// The content of which only the sizes are left.
    fn dropped(&self) -> Content {
        let of = |size: u32| Message::new(Box::default(), Body::dropped(size.into()));
        let [request, answer] = self.sizes;
        Content {
            request: of(request),
            answer: self.status.map(|_| of(answer)),
        }
    }
}

impl Kept {
    pub(super) fn bytes(&self) -> usize {
        let reason = |reason: &Reason| {
            let field = reason.field.as_ref().map_or(0, String::len);
            let detail = reason
                .detail
                .as_ref()
                .map_or(0, |detail| 4 * detail.to_string().len());
            size_of::<Reason>() + field + reason.message.len() + detail + 2 * OVERHEAD
        };
        let reasons: usize = self.reasons.iter().map(reason).sum();
        size_of::<Self>() + self.query.len() + reasons + 3 * OVERHEAD
    }
}

impl Content {
    pub(super) fn bytes(&self) -> usize {
        size_of::<Self>()
            + self.request.bytes()
            + self.answer.as_ref().map_or(0, Message::bytes)
            + OVERHEAD
    }
}

/// The headers as lines `name:value`; neither a name nor a value can have a line end.
pub(super) fn lines(headers: &HeaderMap) -> Box<[u8]> {
    let length = headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 2);
    let mut lines = Vec::with_capacity(length.sum());
    for (name, value) in headers {
        lines.extend_from_slice(name.as_str().as_bytes());
        lines.push(b':');
        lines.extend_from_slice(value.as_bytes());
        lines.push(b'\n');
    }
    lines.into()
}
