//! The service that plays a recording.

use std::{
    fmt,
    future::{Ready, ready},
    sync::{Arc, Mutex, PoisonError},
    task::{self, Poll},
};

use bytes::Bytes;
use common_transport::{Context, Error, ErrorKind, verdict::End};
use http::{HeaderName, HeaderValue, Request, Response, StatusCode};
use tower_service::Service;

use super::{
    exchange::{Exchange, Outcome},
    key::Key,
    nearest::nearest,
};
use crate::masked::Masked;

/// Gives recorded answers in place of the network: for `ClientBuilder::service`. Clones play the same recording.
///
/// Requests with the same method, path, query, headers and body get the recorded answers in their order, each once.
/// Host, secrets, signatures and what differs from run to run do not count. A request without an answer fails with
/// [`Error::is_invalid_input`]; the error names the nearest recorded request and the first difference.
#[derive(Clone)]
pub struct Player {
    recorded: Arc<[(Key, Exchange)]>,
    /// Which answers were given.
    given: Arc<Mutex<Vec<bool>>>,
}

impl Player {
    pub(super) fn new(exchanges: Vec<Exchange>) -> Self {
        let keyed = exchanges
            .into_iter()
            .map(|exchange| (Key::of(&exchange), exchange));
        let recorded: Arc<[_]> = keyed.collect();
        let given = vec![false; recorded.len()];
        Self {
            recorded,
            given: Arc::new(Mutex::new(given)),
        }
    }

    /// Returns the number of answers that were not asked for.
    pub fn left(&self) -> usize {
        let given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        given.iter().filter(|is_given| !**is_given).count()
    }

    fn answer(&self, request: &Request<Bytes>) -> Result<Response<Bytes>, Error> {
        let asked = asked(request);
        let key = Key::of(&asked);
        let taken = {
            let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
            let mut free = given.iter_mut().zip(&*self.recorded);
            let taken = free.find(|(is_given, (known, _))| !**is_given && *known == key);
            taken.map(|(is_given, (_, exchange))| {
                *is_given = true;
                exchange
            })
        };
        match taken {
            Some(exchange) => played(exchange),
            None => Err(Error::invalid_input("cassette", self.refusal(&asked, &key))),
        }
    }

    fn refusal(&self, asked: &Exchange, key: &Key) -> String {
        let name = asked.name();
        let times = self
            .recorded
            .iter()
            .filter(|(known, _)| known == key)
            .count();
        match times {
            0 => format!("{name} was not recorded; {}", nearest(&self.recorded, key)),
            1 => format!("{name} was recorded once, and was answered before"),
            _ => format!("{name} was recorded {times} times, and was answered as often"),
        }
    }
}

/// The request as a recorder would write it.
fn asked(request: &Request<Bytes>) -> Exchange {
    let masked = Masked::of(request);
    let metadata = Context::of(request).and_then(Context::metadata);
    Exchange {
        operation: metadata.map(|of| format!("{}.{}", of.service, of.name)),
        started: String::new(),
        took_micros: 0,
        method: request.method().to_string(),
        url: masked.uri(request.uri()),
        headers: masked.headers(request.headers()),
        body: masked.bytes(request.body()).into_owned(),
        outcome: Outcome::Failure {
            kind: ErrorKind::Transport,
            may_have_landed: false,
            message: String::new(),
        },
    }
}

fn played(exchange: &Exchange) -> Result<Response<Bytes>, Error> {
    match &exchange.outcome {
        Outcome::Answer {
            status,
            headers,
            body,
        } => {
            let mut response = Response::new(Bytes::from(body.clone()));
            *response.status_mut() = StatusCode::from_u16(*status)
                .map_err(|_| Error::invalid_input("cassette", "it holds no HTTP status"))?;
            for (name, value) in headers {
                // The body is whole and plain as it was recorded.
                if ["content-encoding", "content-length", "transfer-encoding"].contains(&&**name) {
                    continue;
                }
                if let (Ok(name), Ok(value)) =
                    (HeaderName::try_from(name), HeaderValue::from_str(value))
                {
                    response.headers_mut().append(name, value);
                }
            }
            Ok(response)
        }
        Outcome::Failure {
            kind,
            may_have_landed,
            message,
        } => {
            let end = match (kind, may_have_landed) {
                (ErrorKind::Connect, _) => End::NoConnection,
                (ErrorKind::Timeout, true) => End::Late,
                (ErrorKind::Timeout, false) => End::LateUnsent,
                (ErrorKind::BodyLimit, _) => End::TooLarge,
                (_, true) => End::Lost,
                (_, false) => End::Unsent,
            };
            Err(Error::ended(end, message.clone()))
        }
    }
}

impl fmt::Debug for Player {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Player")
            .field("left", &self.left())
            .finish_non_exhaustive()
    }
}

/// The future of [`Player`]; it is ready at once.
pub type PlayerFuture = Ready<Result<Response<Bytes>, Error>>;

impl Service<Request<Bytes>> for Player {
    type Response = Response<Bytes>;
    type Error = Error;
    type Future = PlayerFuture;

    fn poll_ready(&mut self, _: &mut task::Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Bytes>) -> PlayerFuture {
        ready(self.answer(&request))
    }
}
