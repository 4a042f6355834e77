//! Stores of the SQLite engine for the conformance suite.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use common_durable::{
    Answer, Clock, Error, ErrorKind, Store, Timestamp,
    conformance::{Broken, Factory, Flaw, Points, Spoilt, Subject, Work},
    sqlite::{
        Fault, Sqlite, SqliteOptions,
        rusqlite::{self, Connection},
    },
};

use crate::folder::Folder;

/// Makes stores in folders of their own, sound or with one flaw.
#[derive(Clone, Copy, Default)]
pub(crate) struct SqliteFactory {
    pub(crate) fault: Option<Fault>,
    pub(crate) flaw: Option<Flaw>,
}

impl SqliteFactory {
    pub(crate) fn sound() -> Self {
        Self::default()
    }

    fn options(self, path: &Path, clock: &Clock) -> SqliteOptions {
        let options = SqliteOptions::file(path).clock(clock.clone());
        match self.fault {
            Some(fault) => options.fault(fault),
            None => options,
        }
    }
}

fn clock() -> Clock {
    Clock::stopped_at(Timestamp::from_millis(1_800_000_000_000))
}

impl Factory for SqliteFactory {
    fn make(&self, queue: usize) -> Work<'_, Box<dyn Subject>> {
        Box::pin(async move {
            let folder = Folder::new();
            let clock = clock();
            let points = Points::default();
            let options = self
                .options(&folder.path().join("store.db"), &clock)
                .queue(queue)
                .points(points.clone());
            let mut subject = SqliteSubject {
                path: folder.path().join("store.db"),
                options,
                clock,
                points,
                flaw: self.flaw,
                open: None,
                _folder: folder,
            };
            subject.open().await;
            Box::new(subject) as Box<dyn Subject>
        })
    }

    fn open_spoilt(&self, how: Spoilt) -> Work<'_, Option<(Result<(), Error>, bool)>> {
        Box::pin(async move {
            let folder = Folder::new();
            let path = folder.path().join("store.db");
            let options = self.options(&path, &clock());
            let store = Sqlite::open(options.clone())
                .await
                .expect("a new store opens");
            store.close().await;
            spoil(&path, how);
            let before = fs::read(&path).expect("the file is there");
            let outcome = Sqlite::open(options).await;
            let is_unchanged = fs::read(&path).expect("the file is there") == before;
            if let Ok(store) = &outcome {
                store.close().await;
            }
            Some((outcome.map(drop), is_unchanged))
        })
    }

    fn open_at_once(&self) -> Work<'_, [Result<Arc<dyn Store>, Error>; 2]> {
        Box::pin(async move {
            let folder = Folder::new();
            let options = self.options(&folder.path().join("store.db"), &clock());
            let open = || async {
                let store = Sqlite::open(options.clone()).await?;
                Ok(Arc::new(store) as Arc<dyn Store>)
            };
            let (one, other) = tokio::join!(open(), open());
            // On Linux an open file outlives its folder.
            [one, other]
        })
    }
}

fn spoil(path: &Path, how: Spoilt) {
    match how {
        Spoilt::NewerReader => sql(
            path,
            "update durable_meta set value = 99 where name = 'min_reader'; pragma user_version = 99",
        ),
        Spoilt::NewerVersion => sql(path, "pragma user_version = 2"),
        Spoilt::Foreign => {
            fs::remove_file(path).expect("it is there");
            sql(path, "create table theirs (id integer)");
        }
        Spoilt::Overwritten => {
            let mut bytes = fs::read(path).expect("it is there");
            bytes[100..4_096].fill(0x5a);
            fs::write(path, bytes).expect("it can be written");
        }
        Spoilt::CutShort => {
            let bytes = fs::read(path).expect("it is there");
            fs::write(path, &bytes[..bytes.len() / 2]).expect("it can be written");
        }
        other => panic!("unknown way to spoil a store: {other:?}"),
    }
}

fn sql(path: &Path, text: &str) {
    let connection = Connection::open(path).expect("it opens");
    connection.execute_batch(text).expect("the statements run");
}

struct SqliteSubject {
    path: PathBuf,
    options: SqliteOptions,
    clock: Clock,
    points: Points,
    flaw: Option<Flaw>,
    /// The engine, and the store that cases see.
    open: Option<(Sqlite, Arc<dyn Store>)>,
    _folder: Folder,
}

impl SqliteSubject {
    async fn open(&mut self) {
        let engine = Sqlite::open(self.options.clone())
            .await
            .expect("the store opens");
        let store: Arc<dyn Store> = Arc::new(engine.clone());
        let store = match self.flaw {
            Some(flaw) => Arc::new(Broken::new(store, flaw)),
            None => store,
        };
        self.open = Some((engine, store));
    }

    async fn close(&mut self) {
        if let Some((engine, _)) = self.open.take() {
            engine.close().await;
        }
    }

    fn engine(&self) -> &Sqlite {
        &self.open.as_ref().expect("the store is open").0
    }

    fn backup(&self) -> PathBuf {
        self.path.with_extension("backup")
    }

    fn connection(&self) -> rusqlite::Result<Connection> {
        let connection = Connection::open(&self.path)?;
        connection.busy_timeout(Duration::from_secs(10))?;
        Ok(connection)
    }
}

impl Subject for SqliteSubject {
    fn store(&self) -> Arc<dyn Store> {
        Arc::clone(&self.open.as_ref().expect("the store is open").1)
    }

    fn clock(&self) -> &Clock {
        &self.clock
    }

    fn reopen(&mut self) -> Work<'_> {
        Box::pin(async {
            self.close().await;
            fs::copy(&self.path, self.backup()).expect("it can be copied");
            self.open().await;
        })
    }

    fn restore(&mut self) -> Work<'_> {
        Box::pin(async {
            self.close().await;
            fs::copy(self.backup(), &self.path).expect("it can be copied");
            self.open().await;
        })
    }

    fn run_sql(&self, sqlite: &'static str, _: &'static str) -> Answer<()> {
        let outcome = self
            .connection()
            .and_then(|connection| connection.execute_batch(sqlite));
        Box::pin(async { outcome.map_err(|error| failed(&error)) })
    }

    fn number(&self, sql: &'static str) -> Answer<i64> {
        let number = self
            .connection()
            .and_then(|connection| connection.query_row(sql, [], |row| row.get(0)));
        Box::pin(async { number.map_err(|error| failed(&error)) })
    }

    fn hold(&self, is_held: bool) {
        self.engine().pause(is_held);
    }

    fn lose_answer(&self, point: &'static str) {
        let is_first = AtomicBool::new(true);
        self.points.at(format!("sqlite.{point}"), move || {
            if is_first.swap(false, Relaxed) {
                // The writer's thread ends here, as a panic of its own would end it.
                std::panic::resume_unwind(Box::new("the answer is lost on purpose"));
            }
        });
    }

    fn fill_disk(&self, is_full: bool) -> Answer<()> {
        // SQLite raises a limit below the size of the file to that size.
        self.engine().tamper(match is_full {
            true => "pragma max_page_count = 1",
            false => "pragma max_page_count = 1000000",
        })
    }

    fn snapshot(&self) -> Box<dyn Send> {
        let connection = self.connection().expect("it opens");
        let read = "begin; select count(*) from durable_event";
        connection.execute_batch(read).expect("it reads");
        Box::new(connection)
    }
}

fn failed(error: &rusqlite::Error) -> Error {
    Error::new(ErrorKind::Statement, error.to_string())
}
