//! Settings of the SQLite engine.

use std::{path::PathBuf, time::Duration};

use crate::{Clock, Limits};

/// Settings of a [`Sqlite`](super::Sqlite) store.
///
/// ```
/// use std::time::Duration;
/// use common_durable::sqlite::SqliteOptions;
///
/// let options = SqliteOptions::file("/var/lib/shop/inbox.db")
///     .queue(1_000)
///     .repeat_window(Duration::from_secs(3_600));
/// ```
#[derive(Debug, Clone)]
pub struct SqliteOptions {
    pub(super) path: Option<PathBuf>,
    pub(super) clock: Clock,
    pub(super) limits: Limits,
    pub(super) queue: usize,
    pub(super) queue_bytes: usize,
    pub(super) repeat_window: Duration,
    pub(super) patience: Duration,
    pub(super) own_limit: Duration,
    pub(super) log_bytes: u32,
    pub(super) any_file_system: bool,
    #[cfg(feature = "conformance")]
    pub(super) fault: Option<super::Fault>,
    #[cfg(feature = "conformance")]
    pub(super) points: crate::conformance::Points,
}

impl SqliteOptions {
    /// Keeps the store in a file, which is made if it does not exist. Its folder must exist.
    ///
    /// SQLite keeps the files `…-wal` and `…-shm` beside it, and the engine keeps `…-owner`.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::of(Some(path.into()))
    }

    /// Keeps the store in memory, for tests. Nothing survives the process.
    pub fn memory() -> Self {
        Self::of(None)
    }

    fn of(path: Option<PathBuf>) -> Self {
        Self {
            path,
            clock: Clock::system(),
            limits: Limits::default(),
            queue: 4_096,
            queue_bytes: 64 << 20,
            repeat_window: Duration::from_secs(24 * 3_600),
            patience: Duration::from_secs(10),
            own_limit: Duration::from_secs(1),
            log_bytes: 16 << 20,
            any_file_system: false,
            #[cfg(feature = "conformance")]
            fault: None,
            #[cfg(feature = "conformance")]
            points: crate::conformance::Points::default(),
        }
    }

    /// Sets the clock, for tests.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Sets the limits of values.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets the maximum number of commits and claims that wait for the writer. 4,096 unless set. Above it the store is
    /// [busy](crate::ErrorKind::Busy) at once.
    #[must_use]
    pub fn queue(mut self, waiting: usize) -> Self {
        self.queue = waiting;
        self
    }

    /// Sets the maximum size of all values that wait for the writer. 64 MiB unless set.
    #[must_use]
    pub fn queue_bytes(mut self, bytes: usize) -> Self {
        self.queue_bytes = bytes;
        self
    }

    /// Sets how long an equal body is recognised as a repeat. A day unless set.
    #[must_use]
    pub fn repeat_window(mut self, window: Duration) -> Self {
        self.repeat_window = window;
        self
    }

    /// Sets how long the writer waits for the lock while another process writes. Ten seconds unless set.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Sets how long an own statement may run. It holds back all other commits. One second unless set.
    #[must_use]
    pub fn own_statement_limit(mut self, limit: Duration) -> Self {
        self.own_limit = limit;
        self
    }

    /// Sets the size from which the write-ahead log is copied into the file. 16 MiB unless set.
    ///
    /// All commits wait while it is copied. A smaller log makes these waits shorter and more frequent. The log's file
    /// takes up to twice this size; it grows beyond while a reader holds a snapshot open.
    #[must_use]
    pub fn log_bytes(mut self, bytes: u32) -> Self {
        self.log_bytes = bytes;
        self
    }

    /// Allows network and FUSE file systems. Locks and syncs are often not honoured there, so the promises of the
    /// store do not hold.
    #[must_use]
    pub fn any_file_system(mut self) -> Self {
        self.any_file_system = true;
        self
    }

    /// Gives the engine a fault on purpose.
    #[cfg(feature = "conformance")]
    #[must_use]
    pub fn fault(mut self, fault: super::Fault) -> Self {
        self.fault = Some(fault);
        self
    }

    /// Sets the points at which tests stop the engine.
    #[cfg(feature = "conformance")]
    #[must_use]
    pub fn points(mut self, points: crate::conformance::Points) -> Self {
        self.points = points;
        self
    }
}
