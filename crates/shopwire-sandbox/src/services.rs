//! The running services of one sandbox, with what they share.

use std::io;
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use crate::background::Background;
use crate::invalid::Invalid;
use crate::journal::{Exchange, Explanation, Reason, ReasonKind, SignatureExplanation};
use crate::names::ServiceName;
use crate::nicechat::NiceChat;
use crate::options::Options;
use crate::parts::Parts;
use crate::retailcrm::RetailCrm;
use crate::state::State;
use crate::uvygoda::Uvygoda;
use crate::webhooks::{NewWebhook, Webhook};

/// The three services. They stop when this is dropped.
#[derive(Debug)]
pub(crate) struct Services {
    pub(crate) nicechat: NiceChat,
    pub(crate) uvygoda: Uvygoda,
    pub(crate) retailcrm: RetailCrm,
    pub(crate) parts: Parts,
    pub(crate) state: State,
    /// Follows the steps of a scenario.
    steps: Background,
    /// Held during the search behind a signature, of which one runs at a time.
    searching: Mutex<()>,
}

impl Services {
    pub(crate) async fn start(options: &Options) -> io::Result<Self> {
        let parts = Parts::of(options);
        let steps = Background::new();
        steps.spawn(parts.ledger.clone().follow_plan());
        let nicechat = NiceChat::start(options, &parts)
            .await
            .map_err(|error| named("NiceChat", options.nicechat.port, &error))?;
        let uvygoda = Uvygoda::start(options, &parts)
            .await
            .map_err(|error| named("Uvygoda", options.uvygoda.port, &error))?;
        let retailcrm = RetailCrm::start(&options.retailcrm, &parts)
            .await
            .map_err(|error| named("RetailCRM", options.retailcrm.port, &error))?;
        let state = State::new(
            parts.origin.clone(),
            nicechat.state().clone(),
            uvygoda.state().clone(),
            retailcrm.state().clone(),
        );
        Ok(Self {
            nicechat,
            uvygoda,
            retailcrm,
            state,
            parts,
            steps,
            searching: Mutex::default(),
        })
    }

    /// Tells why a request was refused.
    pub(crate) fn explain(&self, id: u64) -> Option<Explanation> {
        let exchange = self.parts.journal.get(id)?;
        Some(Explanation {
            id,
            status: exchange.status,
            signature: self.signature(&exchange),
            reasons: exchange.reasons,
        })
    }

    /// Explains a signature that is missing or wrong.
    fn signature(&self, exchange: &Exchange) -> Option<SignatureExplanation> {
        let is_about_it =
            |reason: &Reason| matches!(reason.kind, ReasonKind::Signature | ReasonKind::Key);
        let is_meant =
            exchange.service == ServiceName::NiceChat && exchange.reasons.iter().any(is_about_it);
        if !is_meant {
            return None;
        }
        let one = self.searching.lock();
        let _one = one.unwrap_or_else(PoisonError::into_inner);
        self.nicechat.explain(exchange)
    }

    /// Sends a webhook by hand.
    pub(crate) fn send_webhook(&self, webhook: NewWebhook) -> Result<Webhook, Invalid> {
        webhook.check()?;
        match webhook.service {
            ServiceName::NiceChat => self.nicechat.send(webhook),
            ServiceName::Uvygoda => self.uvygoda.send(webhook),
            ServiceName::RetailCrm => self.retailcrm.send(webhook),
        }
    }

    /// Returns the base URL of a service, without a trailing slash.
    pub(crate) fn url(&self, service: ServiceName) -> String {
        match service {
            ServiceName::NiceChat => self.nicechat.url(),
            ServiceName::Uvygoda => self.uvygoda.url(),
            ServiceName::RetailCrm => self.retailcrm.url(),
        }
    }

    /// Returns the address and the credentials of a service, by the names of `Sandbox::to_json`.
    pub(crate) fn access(&self, service: ServiceName) -> Value {
        let url = self.url(service);
        match service {
            ServiceName::NiceChat => json!({
                "url": url,
                "api_key": self.nicechat.api_key(),
                "api_secret": self.nicechat.api_secret(),
            }),
            ServiceName::Uvygoda => json!({
                "url": url,
                "login": self.uvygoda.login(),
                "password": self.uvygoda.password(),
                "token": self.uvygoda.token(),
            }),
            ServiceName::RetailCrm => json!({ "url": url, "api_key": self.retailcrm.api_key() }),
        }
    }

    /// Closes the ports and all connections, and waits until they are closed.
    pub(crate) async fn stop(&self) {
        self.nicechat.stop().await;
        self.uvygoda.stop().await;
        self.retailcrm.stop().await;
        self.steps.stop();
        self.parts.webhooks.stop();
    }
}

/// Adds the server that could not start to the error.
pub(crate) fn named(server: &str, port: u16, error: &io::Error) -> io::Error {
    let kind = error.kind();
    let why = match kind {
        io::ErrorKind::AddrInUse => "the port is in use".to_owned(),
        _ => error.to_string(),
    };
    io::Error::new(
        kind,
        format!("{server} cannot listen on 127.0.0.1:{port}: {why}"),
    )
}
