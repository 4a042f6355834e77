//! Deliveries that are being read or stored.

use tokio::sync::watch;

/// A counter of deliveries in flight, which lets a shutdown wait for the last one.
#[derive(Debug)]
pub(super) struct InFlight(watch::Sender<usize>);

impl InFlight {
    pub(super) fn new() -> Self {
        Self(watch::Sender::new(0))
    }

    /// Enters a delivery, unless `limit` are in flight. Each entered delivery must [`leave`](Self::leave).
    #[must_use]
    pub(super) fn enter(&self, limit: usize) -> bool {
        self.0.send_if_modified(|count| {
            let enters = *count < limit;
            *count += usize::from(enters);
            enters
        })
    }

    pub(super) fn leave(&self) {
        self.0.send_modify(|count| *count -= 1);
    }

    pub(super) fn count(&self) -> usize {
        *self.0.borrow()
    }

    /// Waits until no delivery is in flight.
    pub(super) async fn drained(&self) {
        // An error would mean that the sender is gone, but `self` is the sender.
        let _ = self.0.subscribe().wait_for(|count| *count == 0).await;
    }
}
