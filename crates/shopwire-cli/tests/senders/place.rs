//! The store of a test, on each engine.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use shopwire::durable::{
    EventId, Inbox, Store,
    postgres::{Postgres, PostgresOptions},
    sqlite::{Sqlite, SqliteOptions},
};

use crate::{server, support::receiving::Receiving};

/// Where a store is.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    File(PathBuf),
    /// The address of a database.
    Database(String),
}

/// A store that this process has opened.
pub(crate) enum Opened {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Place {
    /// A new database of the server that the tests share. Without the programs, the test did not run, and says so.
    pub(crate) fn database() -> Option<Self> {
        server::shared().map(Self::of)
    }

    /// A new database of a server.
    pub(crate) fn of(server: &server::Server) -> Self {
        let name = server::block_on(server.database());
        Self::Database(server.address(&name))
    }

    pub(crate) fn receiving(&self) -> Receiving {
        match self {
            Self::File(path) => Receiving::start(path),
            Self::Database(address) => Receiving::start_on(address),
        }
    }

    pub(crate) async fn open(&self) -> Opened {
        match self {
            Self::File(path) => {
                let store = Sqlite::open(SqliteOptions::file(path)).await;
                Opened::Sqlite(store.expect("it opens"))
            }
            Self::Database(address) => {
                let options = PostgresOptions::new(address).expect("an address");
                Opened::Postgres(Postgres::open(options).await.expect("it opens"))
            }
        }
    }

    /// How often each body is in the store.
    pub(crate) fn stored(&self) -> BTreeMap<String, u32> {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let opened = self.open().await;
            let bodies = bodies(Inbox::new(opened.store())).await;
            opened.close().await;
            bodies
        })
    }
}

impl Opened {
    pub(crate) fn store(&self) -> Arc<dyn Store> {
        match self {
            Self::Sqlite(store) => Arc::new(store.clone()),
            Self::Postgres(store) => Arc::new(store.clone()),
        }
    }

    pub(crate) async fn close(self) {
        match self {
            Self::Sqlite(store) => store.close().await,
            Self::Postgres(store) => store.close().await,
        }
    }
}

async fn bodies(inbox: Inbox) -> BTreeMap<String, u32> {
    let (mut bodies, mut after) = (BTreeMap::new(), None);
    loop {
        let events = inbox.events(None, None, after, 1_000).await.expect("read");
        let Some(last) = events.last() else {
            return bodies;
        };
        after = Some(EventId(last.id.0));
        for event in events {
            let details = inbox.event(event.id).await.expect("read");
            let content = details.expect("it is there").event.expect("its content");
            let body = String::from_utf8_lossy(&content.body).into_owned();
            *bodies.entry(body).or_default() += 1;
        }
    }
}
