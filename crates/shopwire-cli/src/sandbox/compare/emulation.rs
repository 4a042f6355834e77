//! A fresh emulation, whose clock goes as that of the recording.

use std::time::SystemTime;

use bytes::Bytes;
use common_transport::Pool;
use http::{Request, uri::Uri};
use shopwire_sandbox::{ClockStart, Filter, Options, RateLimit, ReasonKind};
use tower_service::Service as _;

use super::answer::Answer;
use crate::{
    args::{Sandbox, Service},
    failure::Failure,
    sandbox::{record::Raw, serve},
};

/// The services, and the way to them.
pub(super) struct Emulation {
    pub(super) services: shopwire_sandbox::Sandbox,
    network: Raw,
    pub(super) signer: nicechat_sign::Signer,
}

/// An answer of the emulation.
#[derive(Debug)]
pub(super) struct Answered {
    pub(super) answer: Answer,
    /// Why the request was refused.
    pub(super) reasons: Vec<String>,
    /// Whether all reasons are about the data of the account.
    pub(super) lacks_data: bool,
}

impl Emulation {
    /// Starts the services. Their clock stands at the beginning of the recording.
    pub(super) async fn start(args: &Sandbox, started: Option<&str>) -> Result<Self, Failure> {
        let clock = started.and_then(time).map(ClockStart::FrozenAt);
        let options = serve::checks(Options::default(), args)
            .retailcrm(|crm| crm.rate_limit(RateLimit::Lifted))
            .clock(clock.unwrap_or_default());
        let services = shopwire_sandbox::Sandbox::start(options).await;
        let services = services
            .map_err(|error| Failure::new(format_args!("the sandbox does not start: {error}")))?;
        let nicechat = services.nicechat();
        let (key, secret) = (nicechat.api_key(), nicechat.api_secret());
        let credentials = nicechat_sign::Credentials::new(key, secret);
        Ok(Self {
            signer: nicechat_sign::Signer::new(credentials)
                .with_dialect(args.nicechat_dialect)
                .with_names(serve::names(args))
                .with_query_rule(serve::query_rule(args)),
            services,
            network: Raw::new(Pool::new()),
        })
    }

    /// The address of a service.
    pub(super) fn url(&self, service: Service) -> String {
        match service {
            Service::Nicechat => self.services.nicechat().url(),
            Service::Uvygoda => self.services.uvygoda().url(),
            Service::Retailcrm => self.services.retailcrm().url(),
        }
    }

    /// Moves the clock to the time of the recorded request, and sends it.
    ///
    /// # Errors
    /// Why there is no answer.
    pub(super) async fn send(
        &self,
        started: &str,
        (service, mut request): (Service, Request<Bytes>),
    ) -> Result<Answered, String> {
        let clock = self.services.clock();
        if let Some(passed) = time(started).and_then(|at| at.duration_since(clock.now()).ok()) {
            clock.advance(passed).await;
        }
        let address = format!("{}{}", self.url(service), request.uri());
        *request.uri_mut() = address
            .parse::<Uri>()
            .map_err(|error| format!("its address cannot be sent: {error}"))?;
        let answer = self.network.clone().call(request).await;
        let answer = answer.map_err(|error| format!("no answer: {}", error.message()))?;
        let headers: Vec<(String, String)> = answer
            .headers()
            .iter()
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                (name.as_str().to_owned(), value)
            })
            .collect();
        let (reasons, lacks_data) = self.reasons();
        Ok(Answered {
            answer: Answer::new(answer.status().as_u16(), &headers, answer.body()),
            reasons,
            lacks_data,
        })
    }

    /// Why the last request was refused.
    fn reasons(&self) -> (Vec<String>, bool) {
        let last = self.services.journal().page(&Filter::default(), 1);
        let Some(last) = last.exchanges.into_iter().next() else {
            return (Vec::new(), false);
        };
        let mut kinds = last.reasons.iter().map(|reason| reason.kind);
        let lacks_data = !last.reasons.is_empty() && kinds.all(|kind| kind == ReasonKind::Refused);
        let reasons = last.reasons.iter().map(ToString::to_string);
        (reasons.collect(), lacks_data)
    }

    pub(super) async fn stop(self) {
        self.services.shutdown().await;
    }
}

fn time(text: &str) -> Option<SystemTime> {
    let time: jiff::Timestamp = text.parse().ok()?;
    Some(time.into())
}
