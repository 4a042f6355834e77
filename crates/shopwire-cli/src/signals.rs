//! Signals that end a command which serves.

use std::time::Duration;

use tokio::time::Instant;

use crate::failure::Failure;

/// Signals so close together are one: `timeout` and others send theirs to the process and to its group.
const ONE: Duration = Duration::from_millis(200);

/// The SIGINT and SIGTERM of the process, or its Ctrl-C.
pub(crate) struct Interrupts {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

/// Sets the handlers. They are set when this function returns.
#[cfg(unix)]
pub(crate) fn listen() -> Result<Interrupts, Failure> {
    use tokio::signal::unix::{SignalKind, signal};

    let handler =
        |kind| signal(kind).map_err(|error| Failure::new(format_args!("signals: {error}")));
    Ok(Interrupts {
        interrupt: handler(SignalKind::interrupt())?,
        terminate: handler(SignalKind::terminate())?,
    })
}

#[cfg(not(unix))]
pub(crate) fn listen() -> Result<Interrupts, Failure> {
    Ok(Interrupts {})
}

impl Interrupts {
    /// Waits for the next signal.
    pub(crate) async fn next(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.interrupt.recv() => (),
            _ = self.terminate.recv() => (),
        }
        // Without a handler, Ctrl-C ends the process itself.
        #[cfg(not(unix))]
        let _ = tokio::signal::ctrl_c().await;
    }

    /// Waits for the next signal that is not the first one once more.
    pub(crate) async fn next_after(&mut self, first: Instant) {
        loop {
            self.next().await;
            if first.elapsed() > ONE {
                return;
            }
        }
    }
}
