//! The sandbox as a whole: three servers that start and stop together.

use std::io;

use serde_json::{Value, json};

use crate::clock::Clock;
use crate::entities::{RowQuery, Rows};
use crate::error::StateError;
use crate::nicechat::NiceChat;
use crate::options::Options;
use crate::origin::Origin;
use crate::plan::SeedPlan;
use crate::retailcrm::RetailCrm;
use crate::state::{ClockAfterReset, State};
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

    /// Puts all data and the clock back to the start. Keys, options and seed stay, so that clients go on. Imports and
    /// moderations under way end. Requests and faults are not touched.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// use shopwire_sandbox::{Options, Sandbox, SeedPlan};
    ///
    /// let sandbox = Sandbox::start(Options::default()).await?;
    /// sandbox.seed(&SeedPlan::new(7).orders(5)).await;
    /// assert_eq!(sandbox.counts()["retailcrm"]["orders"], 5);
    /// sandbox.reset().await;
    /// assert_eq!(sandbox.counts()["retailcrm"]["orders"], 0);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn reset(&self) {
        self.state.reset(ClockAfterReset::Start).await;
    }

    /// Resets, and fills the services with generated data. The same plan gives the same rows, ids and times in every
    /// run, and so do later calls: the clock stands still at 2026-01-01 00:00:00 UTC, unless [`Options::clock`] has
    /// set a start. Keys stay. Returns the counts of all entities by service, as [`Sandbox::counts`] does.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// use shopwire_sandbox::{Options, RowQuery, Sandbox, SeedPlan};
    ///
    /// let sandbox = Sandbox::start(Options::default()).await?;
    /// let counts = sandbox.seed(&SeedPlan::new(7).orders(30).cards(4)).await;
    /// assert_eq!((&counts["retailcrm"]["orders"], &counts["uvygoda"]["cards"]), (&30.into(), &4.into()));
    /// let once = sandbox.rows("retailcrm", "orders", &RowQuery::default()).expect("orders");
    /// sandbox.seed(&SeedPlan::new(7).orders(30).cards(4)).await;
    /// assert_eq!(sandbox.rows("retailcrm", "orders", &RowQuery::default()), Ok(once));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn seed(&self, plan: &SeedPlan) -> Value {
        self.state.seed(plan).await
    }

    /// Returns the whole state as one JSON document: the data of the three services with their keys and generators,
    /// the clock, and what waits for it. Not in it are requests, faults, and callbacks and events on their way.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// use shopwire_sandbox::{Options, Sandbox};
    ///
    /// let (one, other) = (Sandbox::start(Options::default()).await?, Sandbox::start(Options::default()).await?);
    /// one.clock().freeze();
    /// other.restore(&one.snapshot()).await.expect("a snapshot");
    /// assert_eq!(other.retailcrm().api_key(), one.retailcrm().api_key());
    /// assert_eq!(other.clock().now(), one.clock().now());
    /// assert_eq!(other.snapshot(), one.snapshot());
    /// # Ok(())
    /// # }
    /// ```
    pub fn snapshot(&self) -> String {
        self.state.snapshot()
    }

    /// Replaces the whole state by that of a snapshot. Imports and moderations go on where they were. The keys are
    /// those of the snapshot, so that its clients go on; the addresses and the options stay. After it a reset goes
    /// back to this sandbox's own start.
    ///
    /// # Errors
    /// The document is no snapshot, is of another version or is damaged; the error says where. Nothing has changed.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// use shopwire_sandbox::{Options, Sandbox};
    ///
    /// let sandbox = Sandbox::start(Options::default()).await?;
    /// let newer = sandbox.snapshot().replacen("\"version\":1", "\"version\":2", 1);
    /// let refused = sandbox.restore(&newer).await.unwrap_err();
    /// assert_eq!(refused.field(), "version");
    /// # Ok(())
    /// # }
    /// ```
    pub async fn restore(&self, snapshot: &str) -> Result<(), StateError> {
        self.state.restore(snapshot).await
    }

    /// Returns the numbers of rows by service (`nicechat`, `uvygoda`, `retailcrm`) and entity.
    pub fn counts(&self) -> Value {
        self.state.counts()
    }

    /// Returns one page of an entity's rows, as the service keeps them. [`Sandbox::counts`] has the names of services
    /// and entities.
    ///
    /// # Errors
    /// There is no such service or entity, or a number of the query is wrong; the error names it.
    pub fn rows(&self, service: &str, entity: &str, query: &RowQuery) -> Result<Rows, StateError> {
        self.state.rows(service, entity, query)
    }

    /// Returns one row by its id, or by its code in a reference book.
    pub fn row(&self, service: &str, entity: &str, id: &str) -> Option<Value> {
        self.state.row(service, entity, id)
    }

    /// Returns the history of a row, oldest entry first. RetailCRM keeps one of its `orders`, `customers` and
    /// `corporate_customers`.
    pub fn history(&self, service: &str, entity: &str, id: &str) -> Option<Vec<Value>> {
        self.state.history(service, entity, id)
    }

    /// Changes an order or a customer of RetailCRM as a manager does in its pages, and returns the new entries of the
    /// history, whose source is `user`; what the system adds by itself, such as a segment, has the source `code`. The
    /// change is a JSON object: `entity` (`order`, `customer` or
    /// `corporate_customer`), `id` or `externalId`, `changes` with fields as in an edit by the API, and optionally
    /// `user`, the id of the user who makes it (2, a manager, by default).
    ///
    /// # Errors
    /// A field is unknown or wrong, or there is no such row; the error names the field. Nothing has changed.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// use serde_json::{Value, json};
    /// use shopwire_sandbox::{Options, Sandbox, SeedPlan};
    ///
    /// let sandbox = Sandbox::start(Options::default()).await?;
    /// sandbox.seed(&SeedPlan::new(7).orders(1)).await;
    /// let changes = json!({"managerComment": "called back", "status": "no-call"});
    /// let told = sandbox.change(&json!({"entity": "order", "id": 1, "changes": changes})).expect("a change");
    /// assert_eq!((&told[0]["source"], &told[0]["user"]["id"]), (&json!("user"), &json!(2)));
    ///
    /// let wrong = json!({"entity": "order", "id": 1, "changes": {"statuss": "new"}});
    /// assert_eq!(sandbox.change(&wrong).unwrap_err().field(), "changes.statuss");
    /// # Ok(())
    /// # }
    /// ```
    pub fn change(&self, change: &Value) -> Result<Vec<Value>, StateError> {
        self.state.change(change)
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
