//! The sandbox as a whole: three servers that start and stop together.

use std::io;

use serde_json::json;

use crate::journal::{
    Exchange, Explanation, Journal, Reason, ReasonKind, ServiceName, SignatureExplanation,
};
use crate::nicechat::NiceChat;
use crate::options::Options;
use crate::retailcrm::RetailCrm;
use crate::uvygoda::Uvygoda;

/// Three emulated services on loopback. Dropping it stops them.
#[derive(Debug)]
pub struct Sandbox {
    nicechat: NiceChat,
    uvygoda: Uvygoda,
    retailcrm: RetailCrm,
    journal: Journal,
}

impl Sandbox {
    /// Starts the three servers on 127.0.0.1.
    ///
    /// # Errors
    /// A port cannot be bound; the error names the service and the port.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub async fn start(options: Options) -> io::Result<Self> {
        let journal = Journal::new();
        Ok(Self {
            nicechat: NiceChat::start(&options, &journal)
                .await
                .map_err(|error| named("NiceChat", options.nicechat.port, &error))?,
            uvygoda: Uvygoda::start(&options, &journal)
                .await
                .map_err(|error| named("Uvygoda", options.uvygoda.port, &error))?,
            retailcrm: RetailCrm::start(&options.retailcrm, &journal)
                .await
                .map_err(|error| named("RetailCRM", options.retailcrm.port, &error))?,
            journal,
        })
    }

    /// Returns the emulated NiceChat.
    pub fn nicechat(&self) -> &NiceChat {
        &self.nicechat
    }

    /// Returns the emulated Uvygoda.
    pub fn uvygoda(&self) -> &Uvygoda {
        &self.uvygoda
    }

    /// Returns the emulated RetailCRM.
    pub fn retailcrm(&self) -> &RetailCrm {
        &self.retailcrm
    }

    /// Returns the journal: every request that the three services received, with its answer, and why it was refused.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Tells why a request was refused; `None` if the journal does not have it. An accepted request may have reasons
    /// too: what was odd about it. For a wrong signature of NiceChat it searches for the mistakes that give it, which
    /// takes up to some seconds for a long body.
    pub fn explain(&self, id: u64) -> Option<Explanation> {
        let exchange = self.journal.get(id)?;
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
        is_meant.then(|| self.nicechat.explain(exchange)).flatten()
    }

    /// Returns addresses and credentials as one line of JSON, for programs in other languages. The credentials are
    /// valid for this sandbox only.
    pub fn to_json(&self) -> String {
        json!({
            "nicechat": {
                "url": self.nicechat.url(),
                "api_key": self.nicechat.api_key(),
                "api_secret": self.nicechat.api_secret(),
            },
            "uvygoda": {
                "url": self.uvygoda.url(),
                "login": self.uvygoda.login(),
                "password": self.uvygoda.password(),
                "token": self.uvygoda.token(),
            },
            "retailcrm": { "url": self.retailcrm.url(), "api_key": self.retailcrm.api_key() },
        })
        .to_string()
    }

    /// Closes the ports and all connections, and waits until they are closed.
    pub async fn shutdown(self) {
        self.nicechat.stop().await;
        self.uvygoda.stop().await;
        self.retailcrm.stop().await;
    }
}

/// Adds the server that could not start to the error.
fn named(service: &str, port: u16, error: &io::Error) -> io::Error {
    let kind = error.kind();
    let why = match kind {
        io::ErrorKind::AddrInUse => "the port is in use".to_owned(),
        _ => error.to_string(),
    };
    io::Error::new(
        kind,
        format!("{service} cannot listen on 127.0.0.1:{port}: {why}"),
    )
}
