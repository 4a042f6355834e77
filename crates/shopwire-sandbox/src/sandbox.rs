//! The sandbox as a whole: three servers that start and stop together.

use std::io;

use serde_json::json;

use crate::clock::Clock;
use crate::nicechat::NiceChat;
use crate::options::Options;
use crate::origin::Origin;
use crate::retailcrm::RetailCrm;
use crate::state::State;
use crate::uvygoda::Uvygoda;

/// Three emulated services on loopback. Dropping it stops them.
#[derive(Debug)]
pub struct Sandbox {
    nicechat: NiceChat,
    uvygoda: Uvygoda,
    retailcrm: RetailCrm,
    state: State,
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
        let origin = Origin::of(&options);
        let nicechat = NiceChat::start(&options, &origin)
            .await
            .map_err(|error| named("NiceChat", options.nicechat.port, &error))?;
        let uvygoda = Uvygoda::start(&options, &origin)
            .await
            .map_err(|error| named("Uvygoda", options.uvygoda.port, &error))?;
        let retailcrm = RetailCrm::start(&options.retailcrm, &origin)
            .await
            .map_err(|error| named("RetailCRM", options.retailcrm.port, &error))?;
        let state = State::new(
            origin,
            nicechat.state().clone(),
            uvygoda.state().clone(),
            retailcrm.state().clone(),
        );
        Ok(Self {
            nicechat,
            uvygoda,
            retailcrm,
            state,
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

    /// Returns the clock of the three services.
    pub fn clock(&self) -> &Clock {
        self.state.clock()
    }

    /// The handle to the state, for the parts of the sandbox.
    pub(crate) fn state(&self) -> &State {
        &self.state
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
