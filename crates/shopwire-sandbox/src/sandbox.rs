//! The sandbox as a whole: servers that start and stop together.

mod faults;
mod state;
mod webhooks;

use std::io;
use std::sync::Arc;

use serde_json::{Map, Value};

#[cfg(feature = "admin")]
use crate::admin::Admin;
use crate::clock::Clock;
use crate::journal::{Explanation, Journal};
use crate::names::ServiceName;
use crate::nicechat::NiceChat;
use crate::options::Options;
use crate::retailcrm::RetailCrm;
use crate::services::Services;
use crate::state::State;
use crate::uvygoda::Uvygoda;

/// Three emulated services on loopback. Dropping it stops them.
#[derive(Debug)]
pub struct Sandbox {
    /// Before the services: it stops first.
    #[cfg(feature = "admin")]
    admin: Option<Admin>,
    services: Arc<Services>,
}

impl Sandbox {
    /// Starts the three servers on 127.0.0.1, and the admin API if the options ask for it.
    ///
    /// # Errors
    /// A port cannot be bound; the error names the server and the port.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub async fn start(options: Options) -> io::Result<Self> {
        let services = Arc::new(Services::start(&options).await?);
        Ok(Self {
            #[cfg(feature = "admin")]
            admin: match options.admin_port {
                Some(port) => Some(Admin::start(port, services.clone()).await?),
                None => None,
            },
            services,
        })
    }

    /// Returns the emulated NiceChat.
    pub fn nicechat(&self) -> &NiceChat {
        &self.services.nicechat
    }

    /// Returns the emulated Uvygoda.
    pub fn uvygoda(&self) -> &Uvygoda {
        &self.services.uvygoda
    }

    /// Returns the emulated RetailCRM.
    pub fn retailcrm(&self) -> &RetailCrm {
        &self.services.retailcrm
    }

    /// Returns the admin API; `None` unless [`Options::admin_port`] asked for it.
    #[cfg(feature = "admin")]
    pub fn admin(&self) -> Option<&Admin> {
        self.admin.as_ref()
    }

    /// Returns the journal: every request that the three services received, with its answer, and why it was refused.
    pub fn journal(&self) -> &Journal {
        &self.services.parts.journal
    }

    /// Tells why a request was refused; `None` if the journal does not have it. An accepted request may have reasons
    /// too: what was odd about it. For a wrong signature of NiceChat it searches for the mistakes that give it, which
    /// takes up to some seconds for a long body.
    pub fn explain(&self, id: u64) -> Option<Explanation> {
        self.services.explain(id)
    }

    /// Returns the clock of the three services.
    pub fn clock(&self) -> &Clock {
        self.state().clock()
    }

    /// The handle to the state, for the parts of the sandbox.
    pub(crate) fn state(&self) -> &State {
        &self.services.state
    }

    /// Returns addresses and credentials as one line of JSON, for programs in other languages. The credentials are
    /// valid for this sandbox only.
    pub fn to_json(&self) -> String {
        let all = ServiceName::ALL.into_iter();
        let all = all.map(|name| (name.as_str().to_owned(), self.services.access(name)));
        let members: Map<String, Value> = all.collect();
        #[cfg(feature = "admin")]
        let members = {
            let mut members = members;
            if let Some(admin) = &self.admin {
                members.insert(
                    "admin".to_owned(),
                    serde_json::json!({ "url": admin.url() }),
                );
            }
            members
        };
        Value::Object(members).to_string()
    }

    /// Closes the ports and all connections, and waits until they are closed.
    pub async fn shutdown(self) {
        #[cfg(feature = "admin")]
        if let Some(admin) = &self.admin {
            admin.stop().await;
        }
        self.services.stop().await;
    }
}
