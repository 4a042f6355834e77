//! The admin API: everything that the Rust API of the sandbox does, over HTTP, for programs in any language.
//!
//! It is on a loopback port of its own. `openapi.json` describes it; verbs, paths, parameters and schemas are read
//! from there, so a request that the description does not allow never reaches a handler.

mod answer;
mod call;
mod changes;
mod clock;
mod context;
mod events;
mod failure;
mod faults;
mod files;
mod guard;
mod har;
mod page;
mod requests;
mod resend;
mod routes;
mod scenario;
mod server;
mod services;
mod state;
mod wait;
mod webhooks;

use std::io;
use std::sync::{Arc, LazyLock};

use crate::schema::Description;
use crate::services::{Services, named};
use context::Context;

/// The description of the admin API: OpenAPI 3.1 in JSON.
const OPENAPI: &str = include_str!("openapi.json");

/// The description, parsed once.
static DESCRIPTION: LazyLock<Description> = LazyLock::new(|| Description::bundled(OPENAPI));

/// The running admin API. Dropping it closes its port.
#[derive(Debug)]
pub struct Admin {
    server: server::Server,
}

impl Admin {
    /// The OpenAPI 3.1 description of the admin API, as JSON.
    pub const OPENAPI: &'static str = OPENAPI;

    /// Starts the port on 127.0.0.1; 0 lets the system choose.
    pub(crate) async fn start(port: u16, services: Arc<Services>) -> io::Result<Self> {
        let context = Arc::new(Context::new(services));
        let server = server::Server::start(port, |port| routes::router(context, port)).await;
        let server = server.map_err(|error| named("the admin API", port, &error))?;
        Ok(Self { server })
    }

    /// Returns the address of the page, without a trailing slash.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Closes the port and all connections, and waits until they are closed.
    pub(crate) async fn stop(&self) {
        self.server.stop().await;
    }
}
