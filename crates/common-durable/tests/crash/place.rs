//! The place of a store, and the engine that a process opens there.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use common_durable::{
    Answer, Appended, Claim, Claimed, Commit, Done, EventId, Look, Page, Step, Store,
    postgres::{Postgres, PostgresOptions, tokio_postgres},
    sqlite::{Fault, Sqlite, SqliteOptions, rusqlite::Connection},
};

use crate::{role::Role, server, verdict::Content};

/// Points of the SQLite engine at which every second process kills itself.
const SQLITE: [&str; 5] = [
    "sqlite.taken",
    "sqlite.steps_done",
    "sqlite.committed",
    "sqlite.answered",
    "sqlite.checkpoint",
];

/// Points of the PostgreSQL engine.
const POSTGRES: [&str; 6] = [
    "postgres.taken",
    "postgres.locked",
    "postgres.steps_done",
    "postgres.sent",
    "postgres.committed",
    "postgres.answered",
];

/// Where a store is.
#[derive(Clone)]
pub(crate) enum Place {
    File(PathBuf),
    /// The address of a database.
    Database(String),
}

/// An engine that a process has opened.
pub(crate) enum Engine {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Place {
    pub(crate) fn file(folder: &Path) -> Self {
        Self::File(folder.join("store.db"))
    }

    /// The points of the engine, for a file and for a database.
    pub(crate) fn points(&self) -> &'static [&'static str] {
        match self {
            Self::File(_) => &SQLITE,
            Self::Database(_) => &POSTGRES,
        }
    }

    /// The latest kill after the start, and the last visit of a point at which a process kills itself. A commit takes
    /// longer on a server.
    pub(crate) fn life(&self) -> (Duration, u64) {
        match self {
            Self::File(_) => (Duration::from_millis(200), 60),
            Self::Database(_) => (Duration::from_millis(500), 40),
        }
    }

    /// Pause of a sender after each event, so that the workers keep up.
    pub(crate) fn pace(&self) -> Duration {
        match self {
            Self::File(_) => Duration::from_millis(8),
            Self::Database(_) => Duration::from_millis(30),
        }
    }

    /// Reads the store without its engine.
    pub(crate) fn content(&self) -> Content {
        match self {
            Self::File(path) => of_file(path).expect("the store can be read"),
            Self::Database(address) => {
                server::block_on(of_database(address)).expect("the store can be read")
            }
        }
    }
}

impl Engine {
    /// Opens the store of a role, and makes the caller's own table.
    pub(crate) async fn open(role: &Role) -> Self {
        let is_broken = role.part == "broken";
        match &role.place {
            Place::File(path) => {
                let mut options = SqliteOptions::file(path).points(role.points());
                if is_broken {
                    options = options.fault(Fault::AnswerBeforeCommit);
                }
                let store = Sqlite::open(options).await.expect("the store opens");
                make_table(path).expect("the caller's table is there");
                Self::Sqlite(store)
            }
            Place::Database(address) => {
                let options = PostgresOptions::new(address).expect("an address");
                let store = Postgres::open(options.points(role.points())).await;
                let client = connect(address).await.expect("a connection");
                let table = "create table if not exists applied
                    (place bigint generated always as identity primary key, key bigint, number bigint)";
                let made = client.batch_execute(table).await;
                made.expect("the caller's table is there");
                Self::Postgres(store.expect("the store opens"))
            }
        }
    }

    pub(crate) fn store(&self, role: &Role) -> Arc<dyn Store> {
        match self {
            Self::Sqlite(store) => Arc::new(store.clone()),
            Self::Postgres(store) if role.part == "broken" => Arc::new(Early(store.clone())),
            Self::Postgres(store) => Arc::new(store.clone()),
        }
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(store) => store.close().await,
            Self::Postgres(store) => store.close().await,
        }
    }
}

/// A store that answers appends before they are committed.
#[derive(Debug)]
struct Early(Postgres);

impl Store for Early {
    fn commit(&self, commit: Commit) -> Answer<Vec<Done>> {
        let is_append = matches!(commit.steps(), [Step::Append(_)]);
        let answer = self.0.commit(commit);
        if !is_append {
            return answer;
        }
        tokio::spawn(answer);
        let appended = Appended::Stored {
            event: EventId(0),
            repeat_of: None,
        };
        Box::pin(async move { Ok(vec![Done::Appended(appended)]) })
    }

    fn claim(&self, claim: Claim) -> Answer<Vec<Claimed>> {
        self.0.claim(claim)
    }

    fn look(&self, look: Look) -> Answer<Page> {
        self.0.look(look)
    }
}

fn make_table(path: &Path) -> common_durable::sqlite::rusqlite::Result<()> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.execute_batch(
        "create table if not exists applied (place integer primary key, key integer, number integer)",
    )
}

fn of_file(path: &Path) -> common_durable::sqlite::rusqlite::Result<Content> {
    let connection = Connection::open(path)?;
    let check: String = connection.query_row("pragma integrity_check", [], |row| row.get(0))?;
    assert_eq!(check, "ok");
    let one = |sql: &str| connection.query_row(sql, [], |row| row.get(0));
    Ok(Content {
        applied: connection
            .prepare("select key, number from applied order by place")?
            .query_map([], |row| row.try_into())?
            .collect::<Result<_, _>>()?,
        effects: connection
            .prepare("select natural_key, state from durable_effect")?
            .query_map([], |row| row.try_into())?
            .collect::<Result<_, _>>()?,
        events: one("select count(*) from durable_event")?,
        unfinished: one("select count(*) from durable_event where state <> 1")?,
    })
}

async fn of_database(address: &str) -> Result<Content, tokio_postgres::Error> {
    let client = connect(address).await?;
    let applied = "select key, number from applied order by place";
    let effects = "select natural_key, state::bigint from durable_effect";
    let events = "select count(*), count(*) filter (where state <> 1) from durable_event";
    let counts = client.query_one(events, &[]).await?;
    Ok(Content {
        applied: (client.query(applied, &[]).await?.iter())
            .map(|row| (row.get(0), row.get(1)))
            .collect(),
        effects: (client.query(effects, &[]).await?.iter())
            .map(|row| (row.get(0), row.get(1)))
            .collect(),
        events: counts.get(0),
        unfinished: counts.get(1),
    })
}

async fn connect(address: &str) -> Result<tokio_postgres::Client, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(address, tokio_postgres::NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}
