//! Stores of the PostgreSQL engine for the conformance suite.

use std::sync::{Arc, mpsc};

use common_durable::{
    Answer, Clock, Error, ErrorKind, Store, Timestamp,
    conformance::{Factory, Spoilt, Subject, Work},
    postgres::{Postgres, PostgresOptions, tokio_postgres},
};

use crate::server::{self, Server};

/// Makes stores in databases of their own.
pub(crate) struct PostgresFactory;

impl Factory for PostgresFactory {
    fn is_available(&self) -> bool {
        server::shared().is_some()
    }

    fn make(&self, queue: usize) -> Work<'_, Box<dyn Subject>> {
        let server = server::shared().expect("the suite asked for it");
        Box::pin(async move {
            let database = server.database().await;
            let clock = Clock::stopped_at(Timestamp::from_millis(1_800_000_000_000));
            let options = server.options(&database).clock(clock.clone()).queue(queue);
            let engine = Postgres::open(options.clone()).await;
            Box::new(PostgresSubject {
                server,
                database,
                options,
                clock,
                engine: engine.expect("the store opens"),
            }) as Box<dyn Subject>
        })
    }

    fn open_spoilt(&self, how: Spoilt) -> Work<'_, Option<(Result<(), Error>, bool)>> {
        let server = server::shared().expect("the suite asked for it");
        Box::pin(async move {
            let database = server.database().await;
            let options = server.options(&database);
            if how != Spoilt::Foreign {
                let store = Postgres::open(options.clone())
                    .await
                    .expect("a new store opens");
                store.close().await;
            }
            let client = server.connect(&database).await.expect("a connection");
            client
                .batch_execute(spoil(how))
                .await
                .expect("the statements run");
            let before = content(&client).await;
            let outcome = Postgres::open(options).await;
            let is_unchanged = content(&client).await == before;
            if let Ok(store) = &outcome {
                store.close().await;
            }
            Some((outcome.map(drop), is_unchanged))
        })
    }

    fn open_at_once(&self) -> Work<'_, [Result<Arc<dyn Store>, Error>; 2]> {
        let server = server::shared().expect("the suite asked for it");
        Box::pin(async move {
            let database = server.database().await;
            let open = || async {
                let store = Postgres::open(server.options(&database)).await?;
                Ok(Arc::new(store) as Arc<dyn Store>)
            };
            let (one, other) = tokio::join!(open(), open());
            [one, other]
        })
    }
}

fn spoil(how: Spoilt) -> &'static str {
    match how {
        Spoilt::NewerReader => {
            "update durable_meta set value = '99' where name in ('version', 'min_reader')"
        }
        Spoilt::NewerVersion => "update durable_meta set value = '2' where name = 'version'",
        Spoilt::Foreign => "create table durable_meta (id integer primary key, value text)",
        Spoilt::Overwritten => "update durable_meta set value = 'ZZZZ' where name = 'version'",
        Spoilt::CutShort => "drop table durable_body",
        other => panic!("unknown way to spoil a store: {other:?}"),
    }
}

/// The names of all tables and indexes, and what the store says of itself.
async fn content(client: &tokio_postgres::Client) -> String {
    let row = client
        .query_one(
            "select (select string_agg(relname, ',' order by relname) from pg_class)
                 || (select string_agg(durable_meta::text, ',' order by durable_meta::text) from durable_meta)",
            &[],
        )
        .await;
    row.map_or_else(
        |error| error.to_string(),
        |row| row.get::<_, Option<String>>(0).unwrap_or_default(),
    )
}

struct PostgresSubject {
    server: &'static Server,
    database: String,
    options: PostgresOptions,
    clock: Clock,
    engine: Postgres,
}

impl PostgresSubject {
    fn backup(&self) -> String {
        format!("{}_backup", self.database)
    }

    async fn open(&mut self) {
        let engine = Postgres::open(self.options.clone()).await;
        self.engine = engine.expect("the store opens");
    }

    /// Closes the store and waits until the server has noticed.
    async fn close(&self) {
        self.engine.close().await;
        let kick = format!(
            "select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = '{}'",
            self.database
        );
        self.server.admin(&kick).await;
    }
}

impl Subject for PostgresSubject {
    fn store(&self) -> Arc<dyn Store> {
        Arc::new(self.engine.clone())
    }

    fn clock(&self) -> &Clock {
        &self.clock
    }

    fn reopen(&mut self) -> Work<'_> {
        Box::pin(async {
            self.close().await;
            let (database, backup) = (&self.database, self.backup());
            self.server
                .admin(&format!("drop database if exists {backup}"))
                .await;
            self.server
                .admin(&format!("create database {backup} template {database}"))
                .await;
            self.open().await;
        })
    }

    fn restore(&mut self) -> Work<'_> {
        Box::pin(async {
            self.close().await;
            let (database, backup) = (&self.database, self.backup());
            self.server
                .admin(&format!("drop database {database}"))
                .await;
            self.server
                .admin(&format!("create database {database} template {backup}"))
                .await;
            self.open().await;
        })
    }

    fn run_sql(&self, _: &'static str, postgres: &'static str) -> Answer<()> {
        let (server, database) = (self.server, self.database.clone());
        Box::pin(async move {
            let client = server.connect(&database).await.map_err(failed)?;
            client.batch_execute(postgres).await.map_err(failed)
        })
    }

    fn number(&self, sql: &'static str) -> Answer<i64> {
        let (server, database) = (self.server, self.database.clone());
        Box::pin(async move {
            let client = server.connect(&database).await.map_err(failed)?;
            let row = client.query_one(sql, &[]).await.map_err(failed)?;
            row.try_get::<_, i64>(0).map_err(failed)
        })
    }

    fn hold(&self, is_held: bool) {
        self.engine.pause(is_held);
    }

    fn lose_answer(&self, point: &'static str) {
        self.engine.lose_answer(point);
    }

    /// The server says "disk full" to large bodies, as it does when it cannot extend a file.
    fn fill_disk(&self, is_full: bool) -> Answer<()> {
        let sql = match is_full {
            true => {
                "create function full_disk() returns trigger language plpgsql as $$
                     begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$;
                 create trigger full_disk before insert on durable_body for each row
                     when (length(new.body) > 100000) execute function full_disk()"
            }
            false => "drop trigger full_disk on durable_body; drop function full_disk()",
        };
        self.run_sql("", sql)
    }

    fn snapshot(&self) -> Box<dyn Send> {
        let (server, database) = (self.server, self.database.clone());
        let (opened, is_open) = mpsc::channel();
        let (end, ended) = tokio::sync::oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.expect("a runtime starts").block_on(async {
                let client = server.connect(&database).await.expect("a connection");
                let read =
                    "begin isolation level repeatable read; select count(*) from durable_event";
                client.batch_execute(read).await.expect("it reads");
                opened.send(()).expect("the test waits");
                let _ = ended.await;
            });
        });
        is_open.recv().expect("the snapshot opens");
        Box::new((end, thread))
    }
}

fn failed(error: tokio_postgres::Error) -> Error {
    Error::new(ErrorKind::Statement, error.to_string())
}
