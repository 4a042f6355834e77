//! `--compare`: the requests of a recording, sent to a fresh emulation, and where its answers differ.

mod answer;
mod credentials;
mod described;
mod emulation;
mod found;
mod ids;
mod report;
mod request;
mod shape;
mod sign;

use std::path::Path;

use common_api::cassette::{Exchange, Outcome};
use http::Method;

use self::{
    answer::{Answer, Described},
    emulation::Emulation,
    found::Found,
    ids::AllIds,
};
use super::{operation, play};
use crate::{
    args::{Sandbox, Service},
    call::{Description, entry},
    failure::Failure,
    input, output,
};

/// Sends the recorded requests to an emulation of its own, and lists the differences.
pub(super) async fn run(args: &Sandbox, file: &Path) -> Result<(), Failure> {
    let cassette = play::read("compare", file)?;
    let exchanges = cassette.exchanges();
    let started = exchanges.first().map(Exchange::started);
    let emulation = Emulation::start(args, started).await?;
    let descriptions = Service::ALL.map(Description::of);
    let mut found = Found::new(exchanges.len());
    let mut ids = AllIds::default();
    for (index, exchange) in exchanges.iter().enumerate() {
        let line = index + 1;
        let recorded = match comparable(exchange) {
            Ok(recorded) => recorded,
            Err(why) => {
                found.skip(line, exchange, why);
                continue;
            }
        };
        let service = recorded.service;
        let asked = request::anew(exchange, &recorded, ids.of(service), &emulation);
        let answered = match asked {
            Ok(asked) => emulation.send(exchange.started(), asked).await,
            Err(why) => Err(why),
        };
        let answered = match answered {
            Ok(answered) => answered,
            Err(why) => {
                found.skip(line, exchange, &why);
                continue;
            }
        };
        let described = Described {
            is_read: recorded.metadata.is_read(),
            thing: recorded.thing(),
            description: &descriptions[service as usize],
            entry: entry(service, recorded.metadata.name),
        };
        let differences = answer::compare(&recorded.answer, &answered, &described, ids.of(service));
        found.add(line, exchange, differences);
    }
    emulation.stop().await;
    let name = input::shown(file);
    match args.json {
        true => output::json_line(&report::json(&name, &found))?,
        false => output::line(&report::text(&name, &found))?,
    }
    match found.differs() {
        // The list is the report.
        true => Err(Failure::silent()),
        false => Ok(()),
    }
}

/// A recorded exchange with an answer of the service itself.
struct Recorded {
    service: Service,
    metadata: &'static common_transport::Metadata,
    answer: Answer,
}

impl Recorded {
    /// The kind of things that the operation reads or changes: `orders` of `orders.create`.
    /// Uvygoda's methods have it within their names.
    fn thing(&self) -> &'static str {
        let mut within = ["section", "product"].into_iter();
        let name = self.metadata.name.to_lowercase();
        match self.metadata.name.split_once('.') {
            // `orders.create_payment` is about payments.
            Some((group, call)) => call.split_once('_').map_or(group, |(_, thing)| thing),
            None => within
                .find(|thing| name.contains(thing))
                .unwrap_or_default(),
        }
    }
}

/// Reads what is compared, or says why an exchange is not.
fn comparable(exchange: &Exchange) -> Result<Recorded, &'static str> {
    let service = operation::service_of(exchange.operation());
    let service = service.ok_or("it is of no known service")?;
    let (status, headers, body) = match exchange.outcome() {
        Outcome::Answer {
            status,
            headers,
            body,
        } => (*status, headers, body),
        _ => return Err("the account did not answer"),
    };
    match status {
        429 | 503 => return Err("the account was busy"),
        500.. => return Err("the account failed"),
        _ => {}
    }
    let method = Method::from_bytes(exchange.method().as_bytes());
    let method = method.map_err(|_| "its method is not one of HTTP")?;
    let path = exchange.target().split('?').next().unwrap_or_default();
    let headers_asked = request::headers(exchange);
    Ok(Recorded {
        service,
        metadata: operation::find(service, &method, path, &headers_asked),
        answer: Answer::new(status, headers, body),
    })
}
