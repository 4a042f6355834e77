//! Settings of the PostgreSQL engine.

use std::{fmt, net::IpAddr, str::FromStr, time::Duration};

use tokio_postgres::{
    Config,
    config::{Host, SslMode},
};

use crate::{Clock, Error, ErrorKind, Limits};

/// The smallest number of connections: the writer's, one for a claim, one for a look, one for a commit of its own.
const FEWEST_CONNECTIONS: usize = 4;

/// Settings of a [`Postgres`](super::Postgres) store.
///
/// ```
/// use std::time::Duration;
/// use common_durable::postgres::PostgresOptions;
///
/// let options = PostgresOptions::new("postgres://shop@db.example.com/shop")?
///     .password("not shown anywhere")
///     .connections(16)
///     .repeat_window(Duration::from_secs(3_600));
/// assert!(!format!("{options:?}").contains("not shown"));
/// # Ok::<(), common_durable::Error>(())
/// ```
#[derive(Clone)]
pub struct PostgresOptions {
    pub(super) config: Config,
    pub(super) roots: Vec<Vec<u8>>,
    pub(super) clock: Clock,
    pub(super) limits: Limits,
    pub(super) connections: usize,
    pub(super) queue: usize,
    pub(super) queue_bytes: usize,
    pub(super) repeat_window: Duration,
    pub(super) patience: Duration,
    pub(super) own_limit: Duration,
    #[cfg(feature = "conformance")]
    pub(super) points: crate::conformance::Points,
}

impl PostgresOptions {
    /// Takes the address of a database: a URL (`postgres://user@host:5432/database`) or a list of `key=value`, as libpq
    /// reads them.
    ///
    /// A connection to another machine uses TLS and checks the server's certificate, unless the address says
    /// `sslmode=disable`. A connection to this machine uses TLS if the address says `sslmode=require`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] if the address cannot be read. The message does not show it, because it may hold a
    /// password.
    pub fn new(address: &str) -> Result<Self, Error> {
        let mut config = Config::from_str(address).map_err(|_| {
            Error::new(
                ErrorKind::InvalidInput,
                "the address of the database cannot be read: write postgres://user@host/database",
            )
        })?;
        if config.get_ssl_mode() == SslMode::Prefer {
            // "Prefer" sends everything in plain text if somebody on the way says that there is no TLS.
            config.ssl_mode(match is_local(&config) {
                true => SslMode::Disable,
                false => SslMode::Require,
            });
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(5));
        }
        // A server that vanished without a word is noticed in half a minute.
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(Duration::from_secs(30));
        }
        config.keepalives_idle(Duration::from_secs(15));
        config.keepalives_interval(Duration::from_secs(5));
        config.keepalives_retries(3);
        if config.get_application_name().is_none() {
            config.application_name("common-durable");
        }
        Ok(Self {
            config,
            roots: Vec::new(),
            clock: Clock::system(),
            limits: Limits::default(),
            connections: 10,
            queue: 4_096,
            queue_bytes: 64 << 20,
            repeat_window: Duration::from_secs(24 * 3_600),
            patience: Duration::from_secs(10),
            own_limit: Duration::from_secs(5),
            #[cfg(feature = "conformance")]
            points: crate::conformance::Points::default(),
        })
    }

    /// Sets the password.
    #[must_use]
    pub fn password(mut self, password: impl AsRef<[u8]>) -> Self {
        self.config.password(password);
        self
    }

    /// Trusts one more root certificate (DER), such as that of a company. The certificates of the platform stay
    /// trusted.
    #[must_use]
    pub fn root_certificate(mut self, der: impl Into<Vec<u8>>) -> Self {
        self.roots.push(der.into());
        self
    }

    /// Sets the clock, for tests. Times are the server's; what [`Clock::advance`] added to this clock is added to them.
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

    /// Sets the maximum number of connections. 10 unless set, and at least 4.
    ///
    /// One connection shares its commits among all appends and ends. Claims, looks and commits with other steps use the
    /// rest.
    #[must_use]
    pub fn connections(mut self, most: usize) -> Self {
        self.connections = most.max(FEWEST_CONNECTIONS);
        self
    }

    /// Sets the maximum number of commits that wait. 4,096 unless set. Above it the store is
    /// [busy](crate::ErrorKind::Busy) at once.
    #[must_use]
    pub fn queue(mut self, waiting: usize) -> Self {
        self.queue = waiting;
        self
    }

    /// Sets the maximum size of all values that wait. 64 MiB unless set.
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

    /// Sets how long the engine waits for a free connection, for a lock that another transaction holds, and for the
    /// server to say how a commit ended whose answer was lost. Ten seconds unless set.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Sets how long an own statement may run, with the time that it waits for locks. Five seconds unless set. It should
    /// be longer than the server's `deadlock_timeout`, which is a second: otherwise a deadlock cannot be told from a slow
    /// statement, and the commit is not done again.
    #[must_use]
    pub fn own_statement_limit(mut self, limit: Duration) -> Self {
        self.own_limit = limit;
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

/// Whether all hosts are this machine.
fn is_local(config: &Config) -> bool {
    let addresses = config.get_hostaddrs();
    if !addresses.is_empty() {
        return addresses.iter().all(IpAddr::is_loopback);
    }
    config.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => {
            name == "localhost"
                || name
                    .parse()
                    .is_ok_and(|address: IpAddr| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    })
}

impl fmt::Debug for PostgresOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresOptions")
            .field("hosts", &self.config.get_hosts())
            .field("database", &self.config.get_dbname())
            .field("connections", &self.connections)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(address: &str) -> SslMode {
        PostgresOptions::new(address).unwrap().config.get_ssl_mode()
    }

    #[test]
    fn d19_another_machine_is_reached_by_tls_alone() {
        assert_eq!(mode("postgres://u@db.example.com/d"), SslMode::Require);
        assert_eq!(mode("postgres://u@10.0.0.7/d"), SslMode::Require);
        assert_eq!(
            mode("host=localhost,db.example.com user=u"),
            SslMode::Require
        );
        assert_eq!(
            mode("postgres://u@db.example.com/d?sslmode=disable"),
            SslMode::Disable
        );
        assert_eq!(mode("postgres://u@127.0.0.1/d"), SslMode::Disable);
        assert_eq!(
            mode("postgres://u@localhost/d?sslmode=require"),
            SslMode::Require
        );
    }

    #[test]
    fn d19_an_address_that_cannot_be_read_is_not_shown() {
        let error = PostgresOptions::new("postgres://u:hunter2@h/d?nonsense=1").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
}
