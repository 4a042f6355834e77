//! Opening a store: checks, settings, schema, leases of processes that are gone.

use std::{sync::Arc, thread, time::Duration};

use rusqlite::{Connection, OpenFlags, OptionalExtension, TransactionBehavior, config::DbConfig};

use super::{
    SqliteOptions, failure,
    file::{self, Owner},
    guard::Guard,
    log::Log,
    migrate,
    session::{Scale, Session},
};
use crate::{Error, ErrorKind, clock};

/// An opened store, for the writer thread.
pub(super) struct Opened {
    pub(super) session: Session,
    pub(super) again: Again,
    pub(super) log: Arc<Log>,
}

/// How to connect once more after a failed sync.
pub(super) struct Again {
    options: SqliteOptions,
    log: Arc<Log>,
    /// Held as long as the store is open.
    owner: Option<Arc<Owner>>,
}

/// Opens the store of these options.
pub(super) fn open(options: &SqliteOptions) -> Result<Opened, Error> {
    let mut owner = None;
    if let Some(path) = &options.path {
        file::check(path, options.any_file_system)?;
        owner = Some(Arc::new(Owner::take(path)?));
    }
    let again = Again {
        options: options.clone(),
        log: Arc::new(Log::new(options.log_bytes)),
        owner,
    };
    let mut session = again.connect()?;
    if let Some(owner) = &again.owner {
        begin_epoch(&mut session, owner, &again.name())?;
    }
    Ok(Opened {
        session,
        log: Arc::clone(&again.log),
        again,
    })
}

impl Again {
    /// The store's name in messages.
    fn name(&self) -> String {
        match &self.options.path {
            Some(path) => path.display().to_string(),
            None => "store in memory".to_owned(),
        }
    }

    /// Connects for writing.
    pub(super) fn connect(&self) -> Result<Session, Error> {
        let name = self.name();
        let failed = |error: rusqlite::Error| failure::of(&name, &error);
        let options = &self.options;
        let mut connection = match &options.path {
            Some(path) => Connection::open_with_flags(path, flags()),
            None => Connection::open_in_memory(),
        }
        .map_err(failed)?;
        connection.busy_timeout(options.patience).map_err(failed)?;
        // A store that is refused keeps its log: to close it would copy the log into the file.
        let keep_log = DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE;
        connection.set_db_config(keep_log, true).map_err(failed)?;
        if connection.is_readonly("main").map_err(failed)? {
            return Err(Error::new(
                ErrorKind::Unsafe,
                format!("{name}: the file is read-only"),
            ));
        }
        // What is deleted is overwritten, also when a page is split or freed: otherwise a later erasure would not reach
        // the copies.
        connection
            .execute_batch(
                "pragma foreign_keys = on; pragma temp_store = memory; pragma cache_size = -4096;
                 pragma synchronous = full; pragma trusted_schema = off;
                 pragma secure_delete = on;",
            )
            .map_err(failed)?;
        migrate::migrate(&mut connection, &name)?;
        if options.path.is_some() {
            write_ahead(&connection, &name, options)?;
        }
        let log = Arc::clone(&self.log);
        connection
            .wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, pages| {
                log.has_pages(i64::from(pages));
                Ok(())
            }))
            .map_err(failed)?;
        let scale = scale(&mut connection, options).map_err(failed)?;
        let salt = connection
            .query_row(
                "select value from durable_meta where name = 'salt'",
                [],
                |row| row.get(0),
            )
            .map_err(failed)?;
        let guard = Guard::install(&mut connection).map_err(failed)?;
        connection.set_db_config(keep_log, false).map_err(failed)?;
        let owner = self.owner.clone();
        Ok(Session::new(connection, guard, scale, salt, options, owner))
    }
}

fn flags() -> OpenFlags {
    OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
}

/// Turns the log on. The switch needs the file for itself, and SQLite does not wait for that.
fn write_ahead(connection: &Connection, name: &str, options: &SqliteOptions) -> Result<(), Error> {
    const PAUSE: Duration = Duration::from_millis(5);
    let mut waited = Duration::ZERO;
    loop {
        let mode: rusqlite::Result<String> =
            connection.query_row("pragma journal_mode = wal", [], |row| row.get(0));
        match mode {
            Ok(mode) if mode == "wal" => break,
            Ok(mode) => {
                return Err(Error::new(
                    ErrorKind::Unsafe,
                    format!("{name}: the file system allows no shared log, only `{mode}`"),
                ));
            }
            Err(error) if waited < options.patience && failure::is_busy(&error) => {
                pause(PAUSE);
                waited += PAUSE;
            }
            Err(error) => return Err(failure::of(name, &error)),
        }
    }
    // A log that begins anew keeps its file: to cut it and let it grow again would make the syncs dearer.
    let kept = u64::from(options.log_bytes) * 2;
    connection
        .pragma_update(None, "wal_autocheckpoint", 0)
        .and_then(|()| {
            connection.query_row(&format!("pragma journal_size_limit = {kept}"), [], |_| {
                Ok(())
            })
        })
        .map_err(|error| failure::of(name, &error))
}

// Another process holds a real lock: no clock of a test moves it.
#[allow(clippy::disallowed_methods)]
fn pause(time: Duration) {
    thread::sleep(time);
}

/// The latest time on the store's own scale that the store tells of: when the scale began, and when work became due.
const SEEN: &str = "select max(
    coalesce((select cast(value as integer) from durable_meta where name = 'boot_base'), 0),
    coalesce((select max(next_at) from durable_lane where open > 0 and claims = 0 and token is null), 0))";

/// Returns the store's own scale. It begins at the wall time once per start of the machine, so that all processes of
/// one start share it. It never goes back, although a machine may start with an earlier wall time: what was due stays
/// due.
fn scale(connection: &mut Connection, options: &SqliteOptions) -> rusqlite::Result<Scale> {
    let clock = options.clock.clone();
    let fresh = |connection: &Connection| -> rusqlite::Result<i64> {
        let seen: i64 = connection.query_row(SEEN, [], |row| row.get(0))?;
        let now = clock.wall().as_millis().max(seen);
        Ok(now.saturating_sub(clock.steady()))
    };
    let boot = if clock.is_system() {
        clock::boot_id()
    } else {
        String::new()
    };
    if boot.is_empty() {
        let base = fresh(connection)?;
        return Ok(Scale::new(clock, base));
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let known = |name: &str| {
        transaction
            .query_row(
                "select value from durable_meta where name = ?1",
                [name],
                |row| row.get(0),
            )
            .optional()
    };
    let known_boot: Option<rusqlite::types::Value> = known("boot")?;
    let known_base: Option<rusqlite::types::Value> = known("boot_base")?;
    let base = match (known_boot, known_base) {
        (
            Some(rusqlite::types::Value::Text(known)),
            Some(rusqlite::types::Value::Integer(base)),
        ) if known == boot => base,
        _ => {
            let fresh = fresh(&transaction)?;
            let mut set = transaction.prepare(
                "insert into durable_meta (name, value) values (?1, ?2)
                 on conflict (name) do update set value = excluded.value",
            )?;
            set.execute(("boot", &boot))?;
            set.execute(("boot_base", fresh))?;
            fresh
        }
    };
    transaction.commit()?;
    Ok(Scale::new(clock, base))
}

/// Frees the leases of processes that are gone, and notices a restored backup: the file beside the store has seen more
/// openings and sends than the store, or is missing.
fn begin_epoch(session: &mut Session, owner: &Owner, name: &str) -> Result<(), Error> {
    session.now = session.scale.now();
    let batch = |session: &Session, sql: &str| {
        session
            .connection
            .execute_batch(sql)
            .map_err(|error| failure::of(name, &error))
    };
    batch(session, "begin immediate")?;
    let known: i64 = session
        .first(
            "select value from durable_meta where name = 'epoch'",
            [],
            |row| row.get(0),
        )?
        .unwrap_or(0);
    let seen = owner.epoch();
    if known > 0 && seen.is_none_or(|seen| seen > known) {
        super::apply::restored(session)?;
    }
    let next = known.max(seen.unwrap_or(0)) + 1;
    session.run(
        "update durable_meta set value = ?1 where name = 'epoch'",
        [next],
    )?;
    if owner.is_alone() {
        session.run(
            "update durable_lane set next_at = ?1 where token is not null and next_at > ?1",
            [session.now.store],
        )?;
    }
    batch(session, "commit")?;
    owner
        .set_epoch(next)
        .and_then(|()| owner.share())
        .map_err(|error| {
            Error::new(
                ErrorKind::Unavailable,
                format!(
                    "{name}: the file beside it cannot be written: {}",
                    error.kind()
                ),
            )
        })
}
