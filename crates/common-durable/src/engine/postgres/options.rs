//! Settings of the PostgreSQL engine.

use std::{ffi::OsString, fmt, net::IpAddr, time::Duration};

use tokio_postgres::{Config, config::Host};

use super::libpq::{self, Given};
use crate::{Clock, Error, Limits};

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
    pub(super) given: Given,
    pub(super) roots: Vec<Vec<u8>>,
    pub(super) must_exist: bool,
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
    /// A connection to another machine uses TLS and checks the server's certificate and its name, unless the address says
    /// `sslmode=disable`. A connection to this machine uses TLS if the address says `sslmode=require`, `verify-ca` or
    /// `verify-full`, or names an `sslrootcert`. The three modes are one here: the certificate and its name are always
    /// checked.
    ///
    /// - `sslrootcert`: a file of root certificates (PEM) that are trusted instead of the platform's. `system` stands for
    ///   the platform's.
    /// - `sslcert`, `sslkey`: files with the client's certificate and key (PEM).
    /// - `passfile`: a file of passwords, as `.pgpass`.
    ///
    /// The files are read when the store is opened. Only the user may have access to those with secrets.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if the address cannot be read. The message names the
    /// parameter. It does not show the address, because it may hold a password.
    pub fn new(address: &str) -> Result<Self, Error> {
        let (mut config, given) = libpq::split(address)?;
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
            given,
            roots: Vec::new(),
            must_exist: false,
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

    /// Takes what the address does not say from the variables of libpq: `PGPASSWORD`, `PGPASSFILE` (else the user's
    /// `.pgpass`), `PGSSLMODE`, `PGSSLROOTCERT`, `PGSSLCERT` and `PGSSLKEY`.
    ///
    /// ```
    /// use common_durable::postgres::PostgresOptions;
    ///
    /// let options = PostgresOptions::new("postgres://shop@db.example.com/shop")?
    ///     .environment(|name| std::env::var_os(name))?;
    /// # Ok::<(), common_durable::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) with the name of the variable.
    pub fn environment(
        mut self,
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Self, Error> {
        self.given.fill(&mut self.config, &variable)?;
        Ok(self)
    }

    /// Refuses a database that holds no store, instead of making one: for programs that look into it.
    #[must_use]
    pub fn must_exist(mut self, must: bool) -> Self {
        self.must_exist = must;
        self
    }

    /// Trusts one more root certificate (DER), such as that of a company, beside those of the platform or of
    /// `sslrootcert`.
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
pub(super) fn is_local(config: &Config) -> bool {
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
    use tokio_postgres::config::SslMode;

    use super::*;
    use crate::ErrorKind;

    fn mode(address: &str) -> SslMode {
        mode_of(&PostgresOptions::new(address).unwrap())
    }

    fn mode_of(options: &PostgresOptions) -> SslMode {
        options.given.mode(is_local(&options.config))
    }

    #[test]
    fn d19_another_machine_is_reached_by_tls_alone() {
        assert_eq!(mode("postgres://u@db.example.com/d"), SslMode::Require);
        assert_eq!(mode("postgres://u@10.0.0.7/d"), SslMode::Require);
        assert_eq!(
            mode("host=localhost,db.example.com user=u"),
            SslMode::Require
        );
        for weak in ["allow", "prefer"] {
            assert_eq!(
                mode(&format!("postgres://u@db.example.com/d?sslmode={weak}")),
                SslMode::Require
            );
        }
        assert_eq!(
            mode("postgres://u@db.example.com/d?sslmode=disable"),
            SslMode::Disable
        );
        assert_eq!(mode("postgres://u@127.0.0.1/d"), SslMode::Disable);
        for strict in ["require", "verify-ca", "verify-full"] {
            assert_eq!(
                mode(&format!("postgres://u@localhost/d?sslmode={strict}")),
                SslMode::Require
            );
        }
        assert_eq!(
            mode("postgres://u@localhost/d?sslrootcert=ca.pem"),
            SslMode::Require
        );
    }

    #[test]
    fn d19_the_environment_fills_what_the_address_does_not_say() {
        let variables = |name: &str| {
            let value = match name {
                "PGPASSWORD" => "hunter2",
                "PGSSLMODE" => "verify-full",
                "PGSSLROOTCERT" => "/ca.pem",
                _ => return None,
            };
            Some(value.into())
        };
        let options = PostgresOptions::new("postgres://u@localhost/d").unwrap();
        let options = options.environment(variables).unwrap();
        assert_eq!(mode_of(&options), SslMode::Require);
        assert_eq!(options.config.get_password(), Some(&b"hunter2"[..]));
        assert!(!format!("{options:?}").contains("hunter2"));
        let options = PostgresOptions::new("postgres://u:own@localhost/d?sslmode=disable").unwrap();
        let options = options.environment(variables).unwrap();
        assert_eq!(mode_of(&options), SslMode::Disable);
        assert_eq!(options.config.get_password(), Some(&b"own"[..]));
        let wrong = PostgresOptions::new("postgres://u@localhost/d").unwrap();
        let error = wrong
            .environment(|name| (name == "PGSSLMODE").then(|| "hunter2".into()))
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        let shown = error.to_string();
        assert!(
            shown.contains("PGSSLMODE") && !shown.contains("hunter2"),
            "{shown}"
        );
    }
}
