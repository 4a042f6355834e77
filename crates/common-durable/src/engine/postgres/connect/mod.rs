//! Connections: made, checked, set up, kept in a pool.

mod facts;
mod tls;

use std::{fmt, ops::Deref, time::Duration};

use deadpool_postgres::{
    ClientWrapper, Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime,
    StatementCache, Timeouts,
};
use tokio_postgres::{Client, NoTls, config::SslMode};

use self::{facts::Facts, tls::Tls};
use super::{PostgresOptions, epoch::Epoch, failure, options::is_local, plan};
use crate::{Error, ErrorKind};

/// The number of prepared statements from which a connection forgets them. The engine has about 80 of its own.
const MOST_STATEMENTS: usize = 300;

/// The pool of connections to one database.
pub(super) struct Connections {
    pool: Pool,
    patience: Duration,
}

impl Connections {
    pub(super) fn new(options: &PostgresOptions) -> Result<Self, Error> {
        let settings = ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        };
        let mut config = options.config.clone();
        options.given.find_password(&mut config)?;
        let mode = options.given.mode(is_local(&config));
        config.ssl_mode(mode);
        let manager = match mode {
            SslMode::Disable => Manager::from_config(config, NoTls, settings),
            _ => {
                let tls = Tls::new(&options.given, &options.roots)?;
                Manager::from_config(config, tls, settings)
            }
        };
        let pool = Pool::builder(manager)
            .max_size(options.connections)
            .runtime(Runtime::Tokio1)
            .timeouts(Timeouts {
                wait: Some(options.patience),
                create: Some(options.patience),
                recycle: Some(options.patience),
            })
            .build()
            .map_err(|_| Error::new(ErrorKind::Unavailable, "the pool cannot be made"))?;
        Ok(Self {
            pool,
            patience: options.patience,
        })
    }

    /// Returns a connection of the pool. A new one is checked and set up, and says which server it has reached.
    pub(super) async fn get(&self) -> Result<(Connection, Option<Epoch>), Error> {
        let object = self.pool.get().await.map_err(of_pool)?;
        let is_new = Object::metrics(&object).recycled.is_none();
        let connection = Connection(Some(object));
        if !is_new {
            return Ok((connection, None));
        }
        match self.begin_session(&connection).await {
            Ok(epoch) => Ok((connection, Some(epoch))),
            Err(error) => {
                connection.discard();
                Err(error)
            }
        }
    }

    async fn begin_session(&self, client: &Client) -> Result<Epoch, Error> {
        Facts::ask(client).await?.check()?;
        let patience = self.patience.as_millis();
        // A process that stops between two statements must not hold its locks for ever.
        let settings = format!(
            "set idle_in_transaction_session_timeout = '30s'; set lock_timeout = {patience};
             set client_min_messages = warning; set jit = off; {}",
            plan::of_engine()
        );
        client
            .batch_execute(&settings)
            .await
            .map_err(|error| failure::of("settings of the connection", &error))?;
        Epoch::ask(client).await
    }

    /// Closes all connections that are not in use. The others are closed when they come back.
    pub(super) fn close(&self) {
        self.pool.close();
    }
}

impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connections")
            .field("status", &self.pool.status())
            .finish_non_exhaustive()
    }
}

fn of_pool(error: PoolError) -> Error {
    match error {
        PoolError::Backend(error) => failure::of("connection", &error),
        PoolError::Timeout(_) => Error::new(
            ErrorKind::Unavailable,
            "connection: none was free or could be made in time",
        ),
        PoolError::Closed => Error::new(ErrorKind::Unavailable, "the store is closed"),
        _ => Error::new(ErrorKind::Unavailable, "connection: the pool failed"),
    }
}

/// A connection of the pool. It goes back only by [`give_back`](Self::give_back). If it is dropped in the middle of a
/// transaction, it is closed.
pub(super) struct Connection(Option<Object>);

impl Connection {
    /// Returns the connection to the pool. No transaction is open.
    pub(super) fn give_back(mut self) {
        // Callers can have statements without number, and each prepared one takes memory here and at the server.
        if self.statements().size() > MOST_STATEMENTS {
            self.statements().clear();
        }
        drop(self.0.take());
    }

    /// Closes the connection.
    pub(super) fn discard(self) {
        drop(self);
    }

    pub(super) fn statements(&self) -> &StatementCache {
        &self.wrapper().statement_cache
    }

    fn wrapper(&self) -> &ClientWrapper {
        self.0
            .as_ref()
            .expect("a connection is there until it is given back")
    }
}

impl Deref for Connection {
    type Target = Client;

    fn deref(&self) -> &Client {
        self.wrapper()
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(object) = self.0.take() {
            drop(Object::take(object));
        }
    }
}
