//! An engine under test, and the means that the cases need beyond the [`Store`].

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use crate::{
    Answer, Claim, Clock, Delivery, EffectDelivery, Error, Inbox, NewEvent, Outbox, Store,
};

/// A future of a case.
pub type Work<'a, T = ()> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Makes stores of one engine.
pub trait Factory: Send + Sync {
    /// Whether the engine can run here, for engines that need a server. Cases are skipped without it; the engine says
    /// so itself.
    fn is_available(&self) -> bool {
        true
    }

    /// Makes a new empty store with a queue of so many jobs.
    fn make(&self, queue: usize) -> Work<'_, Box<dyn Subject>>;

    /// Makes a store, spoils it while it is closed, and opens it. Returns what opening said, and whether the stored
    /// bytes are the same as before. `None` means that the engine cannot be spoilt like this.
    fn open_spoilt(&self, how: Spoilt) -> Work<'_, Option<(Result<(), Error>, bool)>>;

    /// Opens one new store twice at the same moment.
    fn open_at_once(&self) -> Work<'_, [Result<Arc<dyn Store>, Error>; 2]>;
}

/// How a closed store is spoilt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Spoilt {
    /// A newer version made it, and names this version as too old.
    NewerReader,
    /// A newer version made it, and names this version as able to work with it.
    NewerVersion,
    /// It belongs to another program.
    Foreign,
    /// A part of it is overwritten.
    Overwritten,
    /// A part of it is missing.
    CutShort,
}

/// A store under test.
pub trait Subject: Send + Sync {
    /// The store. After [`reopen`](Self::reopen) it is another value.
    fn store(&self) -> Arc<dyn Store>;

    /// The clock that the store reads.
    fn clock(&self) -> &Clock;

    /// Closes the store and opens it again, as a new process does.
    fn reopen(&mut self) -> Work<'_>;

    /// Goes back to the state of the store at the last [`reopen`](Self::reopen), as a restored backup, and opens it.
    fn restore(&mut self) -> Work<'_>;

    /// Runs a statement on the caller's tables, outside of the store.
    fn run_sql(&self, sqlite: &'static str, postgres: &'static str) -> Answer<()>;

    /// Returns the number that a query of the caller's tables gives.
    fn number(&self, sql: &'static str) -> Answer<i64>;

    /// Holds all commits and claims back that come from now on, so that they come together, or lets them go on.
    fn hold(&self, is_held: bool);

    /// Makes the engine lose the answer to the next commit, at a point: `steps_done` before the commit itself, or
    /// `committed` after it.
    fn lose_answer(&self, point: &'static str);

    /// Fills the disk, or empties it.
    fn fill_disk(&self, is_full: bool) -> Answer<()>;

    /// Opens a snapshot of the store and keeps it until the value is dropped.
    fn snapshot(&self) -> Box<dyn Send>;
}

/// The source of all events in the suite.
pub(super) const SOURCE: &str = "source:1";

/// The account of all effects in the suite.
pub(super) const ACCOUNT: &str = "account:1";

/// The length of all leases in the suite.
pub(super) const LEASE: Duration = Duration::from_secs(60);

/// A store with the handles that cases use.
pub(super) struct Bench {
    pub(super) subject: Box<dyn Subject>,
    pub(super) inbox: Inbox,
    pub(super) outbox: Outbox,
}

impl Bench {
    pub(super) async fn new(factory: &dyn Factory) -> Self {
        Self::with_queue(factory, 4_096).await
    }

    pub(super) async fn with_queue(factory: &dyn Factory, queue: usize) -> Self {
        let subject = factory.make(queue).await;
        Self {
            inbox: Inbox::new(subject.store()),
            outbox: Outbox::new(subject.store()),
            subject,
        }
    }

    pub(super) fn store(&self) -> Arc<dyn Store> {
        self.subject.store()
    }

    pub(super) async fn reopen(&mut self) {
        self.let_go();
        self.subject.reopen().await;
        self.hold_on();
    }

    pub(super) async fn restore(&mut self) {
        self.let_go();
        self.subject.restore().await;
        self.hold_on();
    }

    /// The handles keep the old store open, so they go first.
    fn let_go(&mut self) {
        let nothing: Arc<dyn Store> = Arc::new(super::broken::Gone);
        self.inbox = Inbox::new(Arc::clone(&nothing));
        self.outbox = Outbox::new(nothing);
    }

    fn hold_on(&mut self) {
        self.inbox = Inbox::new(self.subject.store());
        self.outbox = Outbox::new(self.subject.store());
    }

    pub(super) fn advance(&self, by: Duration) {
        self.subject.clock().advance(by);
    }

    /// Appends an event of a key and returns its number.
    pub(super) async fn append(&self, key: &str, body: &str) -> i64 {
        let appended = self.inbox.append(event(key, body)).await;
        appended.expect("the append succeeds").event().0
    }

    /// Claims at most so many events.
    pub(super) async fn claim(&self, at_most: u32) -> Vec<Delivery> {
        let claim = Claim::events(SOURCE).at_most(at_most).lease(LEASE);
        self.inbox.claim(claim).await.expect("the claim succeeds")
    }

    /// Claims the one event that is due.
    pub(super) async fn claim_one(&self) -> Delivery {
        let mut claimed = self.claim(1).await;
        claimed.pop().expect("an event is due")
    }

    /// Claims and finishes everything that is due, and returns the bodies in their order.
    pub(super) async fn work_off(&self) -> Vec<String> {
        let mut bodies = Vec::new();
        loop {
            let claimed = self.claim(1).await;
            let Some(delivery) = claimed.into_iter().next() else {
                return bodies;
            };
            bodies.push(body(&delivery));
            let finished = self.inbox.finish(delivery.ticket).await;
            finished.expect("the finish succeeds");
        }
    }

    /// Claims the one effect that is due.
    pub(super) async fn claim_effect(&self) -> EffectDelivery {
        let mut claimed = self.claim_effects(1).await;
        claimed.pop().expect("an effect is due")
    }

    /// Claims at most so many effects.
    pub(super) async fn claim_effects(&self, at_most: u32) -> Vec<EffectDelivery> {
        let claim = Claim::effects(ACCOUNT).at_most(at_most).lease(LEASE);
        self.outbox.claim(claim).await.expect("the claim succeeds")
    }
}

/// An event of a key.
pub(super) fn event(key: &str, body: &str) -> NewEvent {
    NewEvent::new(SOURCE, body.to_owned()).key(key)
}

/// The body of a delivery as text.
pub(super) fn body(delivery: &Delivery) -> String {
    String::from_utf8(delivery.event.body.to_vec()).expect("the suite's bodies are texts")
}
