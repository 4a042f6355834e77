//! The state of the three services: reset, seed, snapshots, a look inside, changes by a manager.

use serde_json::Value;

use super::Sandbox;
use crate::entities::{RowQuery, Rows};
use crate::invalid::Invalid;
use crate::plan::SeedPlan;
use crate::state::ClockAfterReset;

impl Sandbox {
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
        self.state().reset(ClockAfterReset::Start).await;
    }

    /// As [`Sandbox::reset`], but the clock stays where it is.
    pub async fn reset_data(&self) {
        self.state().reset(ClockAfterReset::Kept).await;
    }

    /// Resets, and fills the services with generated data. The same plan gives the same rows, ids and times in every
    /// run, and so do later calls: the clock stands still at 2026-01-01 00:00:00 UTC, unless [`Options::clock`](crate::Options::clock) has
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
        self.state().seed(plan).await
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
        self.state().snapshot()
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
    pub async fn restore(&self, snapshot: &str) -> Result<(), Invalid> {
        self.state().restore(snapshot).await
    }

    /// Returns the numbers of rows by service (`nicechat`, `uvygoda`, `retailcrm`) and entity.
    pub fn counts(&self) -> Value {
        self.state().counts()
    }

    /// Returns one page of an entity's rows, as the service keeps them. [`Sandbox::counts`] has the names of services
    /// and entities.
    ///
    /// # Errors
    /// There is no such service or entity, or a number of the query is wrong; the error names it.
    pub fn rows(&self, service: &str, entity: &str, query: &RowQuery) -> Result<Rows, Invalid> {
        self.state().rows(service, entity, query)
    }

    /// Returns one row by its id, or by its code in a reference book.
    pub fn row(&self, service: &str, entity: &str, id: &str) -> Option<Value> {
        self.state().row(service, entity, id)
    }

    /// Returns the history of a row, oldest entry first. RetailCRM keeps one of its `orders`, `customers` and
    /// `corporate_customers`.
    pub fn history(&self, service: &str, entity: &str, id: &str) -> Option<Vec<Value>> {
        self.state().history(service, entity, id)
    }

    /// Changes an order or a customer of RetailCRM as a manager does in its pages, and returns the new entries of the
    /// history. Their source is `user`; what the system adds by itself, such as a segment, has the source `code`. The
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
    pub fn change(&self, change: &Value) -> Result<Vec<Value>, Invalid> {
        self.state().change(change)
    }
}
