//! Stores of both engines, for tests whose body is the same on each.
//!
//! A test program that uses this module declares `server` and `binaries` at its root.
#![allow(dead_code, reason = "each test binary uses its part of this module")]

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use common_model::{Value as Json, from_json};
use shopwire::durable::{
    Inbox,
    postgres::{Postgres, PostgresOptions},
    sqlite::{Sqlite, SqliteOptions},
};

use crate::{
    server,
    support::{
        Run, command,
        receiving::{Receiving, fresh_store, webhooks},
        run,
    },
};

/// The store of a test.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    File(PathBuf),
    /// The address of a database.
    Database(String),
}

/// Runs a test on a new store of each engine. Without a server of PostgreSQL it says that this half did not run.
pub(crate) fn on_both_engines(name: &str, test: impl Fn(&Place)) {
    println!("{name}: SQLite");
    test(&Place::File(fresh_store(name)));
    if let Some(place) = database() {
        println!("{name}: PostgreSQL");
        test(&place);
    }
}

/// A new database of the server that the tests of a program share.
pub(crate) fn database() -> Option<Place> {
    server::shared().map(Place::of)
}

/// A store that this process has opened, as a worker does.
pub(crate) struct Worker {
    pub(crate) inbox: Inbox,
    engine: Engine,
}

enum Engine {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Worker {
    pub(crate) fn store(&self) -> Arc<dyn shopwire::durable::Store> {
        match &self.engine {
            Engine::Sqlite(store) => Arc::new(store.clone()),
            Engine::Postgres(store) => Arc::new(store.clone()),
        }
    }

    pub(crate) async fn close(self) {
        match self.engine {
            Engine::Sqlite(store) => store.close().await,
            Engine::Postgres(store) => store.close().await,
        }
    }
}

impl Place {
    /// A new database of a server.
    pub(crate) fn of(server: &server::Server) -> Self {
        let name = server::block_on(server.database());
        Self::Database(server.address(&name))
    }

    /// Names the store to a command.
    pub(crate) fn name_to(&self, command: &mut Command) {
        match self {
            Self::File(path) => command.env("SHOPWIRE_STORE", path),
            Self::Database(address) => command
                .env_remove("SHOPWIRE_STORE")
                .env("SHOPWIRE_STORE_URL", address),
        };
    }

    pub(crate) fn is_file(&self) -> bool {
        matches!(self, Self::File(_))
    }

    /// The command `webhooks` on this store.
    pub(crate) fn webhooks(&self, args: &[&str]) -> Command {
        let mut command = webhooks(Path::new(""), args);
        self.name_to(&mut command);
        command
    }

    pub(crate) fn receiving(&self) -> Receiving {
        Receiving::spawn(&mut self.webhooks(&[]))
    }

    /// Runs `shopwire inbox` on this store.
    pub(crate) fn inbox(&self, args: &[&str]) -> Run {
        self.inbox_with(args, "")
    }

    /// Runs `shopwire inbox` with a text on standard input.
    pub(crate) fn inbox_with(&self, args: &[&str], input: &str) -> Run {
        let mut command = command(&["inbox"]);
        self.name_to(&mut command);
        run(command.args(args), input)
    }

    /// The events of `shopwire inbox list --json`.
    pub(crate) fn events(&self) -> Vec<Json> {
        let listed = self.inbox(&["list", "--json", "--limit", "1000000"]);
        assert_eq!(listed.code, 0, "{listed:?}");
        let lines = listed.stdout.lines();
        lines.map(|line| from_json(line).expect("JSON")).collect()
    }

    pub(crate) async fn open(&self) -> Worker {
        match self {
            Self::File(path) => {
                let store = Sqlite::open(SqliteOptions::file(path)).await;
                let store = store.expect("it opens");
                Worker {
                    inbox: Inbox::new(Arc::new(store.clone())),
                    engine: Engine::Sqlite(store),
                }
            }
            Self::Database(address) => {
                let options = PostgresOptions::new(address).expect("an address");
                let store = Postgres::open(options).await.expect("it opens");
                Worker {
                    inbox: Inbox::new(Arc::new(store.clone())),
                    engine: Engine::Postgres(store),
                }
            }
        }
    }
}
