//! Receivers on a real hyper server, with senders that leave at every point.

mod http1;
mod http2;
mod server;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use common_api::receive::{
    Delivery, Format, MemoryStore, Reason, Receipt, Received, Receiver, Rejected, Store, Storing,
};
use common_transport::BoxError;
use tokio::sync::Semaphore;

/// Takes whatever comes, and makes nothing of it.
#[derive(Debug, Default)]
struct Raw;

impl Format for Raw {
    type Event = ();

    fn read(&self, _: &Delivery) -> Result<(), BoxError> {
        Ok(())
    }
}

/// A store that keeps nothing before it is let.
#[derive(Debug)]
struct Gated {
    /// A permit for each event that has reached the store.
    reached: Semaphore,
    gate: Semaphore,
    events: MemoryStore<()>,
}

impl Default for Gated {
    fn default() -> Self {
        Self {
            reached: Semaphore::new(0),
            gate: Semaphore::new(0),
            events: MemoryStore::new(),
        }
    }
}

impl Gated {
    fn open(&self) {
        self.gate.add_permits(Semaphore::MAX_PERMITS / 2);
    }

    /// Waits until an event has reached the store: its body was read whole.
    async fn reached(&self) {
        self.reached.acquire().await.unwrap().forget();
    }

    fn bodies(&self) -> Vec<Vec<u8>> {
        let events = self.events.events().into_iter();
        events.map(|event| event.delivery.body.to_vec()).collect()
    }
}

impl Store<()> for Gated {
    async fn store(&self, received: &Received<()>) -> Result<Receipt, BoxError> {
        self.reached.add_permits(1);
        let _permit = self.gate.acquire().await?;
        self.events.store(received).await
    }
}

type GatedReceiver = Receiver<Storing<Raw, Arc<Gated>>>;
type Told = Arc<Mutex<Vec<(Reason, Vec<u8>)>>>;

/// A receiver, its store, and the traces of what it did not take.
fn receiver() -> (GatedReceiver, Arc<Gated>, Told) {
    let store = Arc::new(Gated::default());
    let told = Told::default();
    let keep = Arc::clone(&told);
    let receiver = Receiver::new("path-secret-1", Arc::clone(&store)).on_reject(
        move |rejected: &Rejected<'_>| {
            let seen = (rejected.reason, rejected.head.to_vec());
            keep.lock().unwrap().push(seen);
        },
    );
    (receiver, store, told)
}

/// A test that would wait for ever fails instead.
async fn soon<T>(future: impl Future<Output = T>) -> T {
    let waited = tokio::time::timeout(Duration::from_secs(60), future).await;
    waited.expect("it hangs")
}
