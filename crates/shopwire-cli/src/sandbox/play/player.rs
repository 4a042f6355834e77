//! The recorded answers of one service.

use std::{
    io::{self, Write as _},
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use common_api::cassette::{Exchange, Outcome};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};

use super::meaning::Meaning;
use crate::{
    args::Service,
    call::service_name,
    sandbox::{
        loopback::{Answer, Answers, end_to_end},
        record::no_answer,
        refusal::refusal,
    },
    suggest, terminal,
};

/// Letters that are compared: a long text is told from others by its beginning.
const COMPARED: usize = 200;

/// Headers of a recorded answer that do not describe its expanded body, or that the server writes anew.
const REWRITTEN: [&str; 2] = ["content-encoding", "content-length"];

/// Gives recorded answers: to equal requests in their order, then the last one again.
#[derive(Debug)]
pub(super) struct Player {
    service: Service,
    recorded: Vec<(Meaning, Exchange)>,
    /// Which answers were given.
    given: Mutex<Vec<bool>>,
    /// Whether a line is printed for each request.
    prints: bool,
}

impl Player {
    pub(super) fn new(service: Service, exchanges: Vec<Exchange>, prints: bool) -> Self {
        let recorded: Vec<_> = exchanges
            .into_iter()
            .map(|exchange| (Meaning::recorded(&exchange), exchange))
            .collect();
        Self {
            service,
            given: Mutex::new(vec![false; recorded.len()]),
            recorded,
            prints,
        }
    }

    fn play(&self, request: &Request<Bytes>) -> Response<Bytes> {
        let asked = Meaning::asked(request);
        let (name, response) = match self.take(&asked) {
            Some(exchange) => (exchange.operation(), self.answer(exchange)),
            None => (None, self.unknown(request, &asked)),
        };
        self.print(request, name, response.status());
        response
    }

    /// The next answer to this request, or the last one if all were given.
    fn take(&self, asked: &Meaning) -> Option<&Exchange> {
        let covering = self.recorded.iter().enumerate();
        let mut covering = covering.filter(|(_, (known, _))| known.covers(asked));
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        let mut last = None;
        let next = covering.find(|(index, (_, exchange))| {
            last = Some(exchange);
            !given[*index]
        });
        let Some((index, (_, exchange))) = next else {
            return last;
        };
        given[index] = true;
        Some(exchange)
    }

    fn answer(&self, exchange: &Exchange) -> Response<Bytes> {
        match exchange.outcome() {
            Outcome::Answer {
                status,
                headers,
                body,
            } => {
                // It was checked when the recording was read.
                let status = StatusCode::from_u16(*status).unwrap_or_default();
                if status.is_informational() {
                    let why = format!("the recorded status {} ends no exchange", status.as_u16());
                    return refusal(self.service, StatusCode::BAD_GATEWAY, &why);
                }
                let mut response = Response::new(Bytes::from(body.clone()));
                *response.status_mut() = status;
                *response.headers_mut() = played(headers);
                response
            }
            Outcome::Failure {
                message,
                may_have_landed,
                ..
            } => {
                let why = no_answer(message, *may_have_landed);
                refusal(self.service, StatusCode::BAD_GATEWAY, &why)
            }
            // There is no other outcome yet.
            _ => refusal(
                self.service,
                StatusCode::BAD_GATEWAY,
                "no answer from the account",
            ),
        }
    }

    /// The answer to a request that was not recorded.
    fn unknown(&self, request: &Request<Bytes>, asked: &Meaning) -> Response<Bytes> {
        let nearest = match self.nearest(asked) {
            None => format!("nothing was recorded of {}", service_name(self.service)),
            Some((known, exchange)) => format!(
                "the nearest recorded request is {} ({} {}), whose {} differs",
                exchange.operation().unwrap_or("no operation"),
                exchange.method(),
                exchange.target(),
                known.difference(asked).unwrap_or("body"),
            ),
        };
        let why = format!(
            "{} {} was not recorded; {nearest}",
            request.method(),
            request.uri().path()
        );
        refusal(self.service, StatusCode::NOT_IMPLEMENTED, &why)
    }

    /// The recorded request that is most like this one. Each part decides among those that are equal so far, so that
    /// long texts are compared for few.
    fn nearest(&self, asked: &Meaning) -> Option<&(Meaning, Exchange)> {
        let text = |meaning: &Meaning| meaning.body.text().unwrap_or_default();
        let query = |meaning: &Meaning| format!("{:?}", meaning.query);
        let parts: [&dyn Fn(&Meaning) -> usize; 4] = [
            &|known| {
                usize::from(known.rpc != asked.rpc) * 2 + usize::from(known.method != asked.method)
            },
            &|known| far(&known.path, &asked.path),
            &|known| far(&query(known), &query(asked)),
            &|known| far(&text(known), &text(asked)),
        ];
        let mut near: Vec<&(Meaning, Exchange)> = self.recorded.iter().collect();
        for part in parts {
            if near.len() < 2 {
                break;
            }
            let distances: Vec<usize> = near.iter().map(|(known, _)| part(known)).collect();
            let least = distances.iter().min().copied();
            let mut distances = distances.into_iter();
            near.retain(|_| distances.next() == least);
        }
        near.first().copied()
    }

    fn print(&self, request: &Request<Bytes>, name: Option<&str>, status: StatusCode) {
        if self.prints {
            let what = match name {
                Some(name) => name.to_owned(),
                None => format!("{} (not recorded)", service_name(self.service)),
            };
            // Without standard error the recording is still played.
            let _ = writeln!(
                io::stderr(),
                "{} {} {}",
                terminal::line(&what),
                request.method(),
                status.as_u16()
            );
        }
    }
}

impl Answers for Player {
    fn answer(self: Arc<Self>, request: Request<Bytes>) -> Answer {
        Box::pin(async move { self.play(&request) })
    }
}

fn played(recorded: &[(String, String)]) -> HeaderMap {
    let kept = recorded
        .iter()
        .filter(|(name, _)| !REWRITTEN.contains(&name.as_str()));
    let mut headers = HeaderMap::new();
    for (name, value) in kept {
        let value = HeaderValue::from_bytes(value.as_bytes());
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), value) {
            headers.append(name, value);
        }
    }
    end_to_end(&headers)
}

fn far(one: &str, other: &str) -> usize {
    let begin = |text: &str| text.chars().take(COMPARED).collect::<String>();
    match one == other {
        true => 0,
        false => 1 + suggest::distance(&begin(one), &begin(other)),
    }
}
