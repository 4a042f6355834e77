//! The store of `webhooks` and `inbox`.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use common_transport::Secret;
use shopwire::durable::{
    Error, ErrorKind, Inbox, Store,
    postgres::{Postgres, PostgresOptions},
    sqlite::{Sqlite, SqliteOptions},
};
use tokio::time::sleep;

use crate::{args::StorePlace, failure::Failure};

const FILE: &str = "SHOPWIRE_STORE";
const DATABASE: &str = "SHOPWIRE_STORE_URL";

/// Number of times that the log is tried to be emptied, and the pause between two: two to seven seconds.
const TRIES: u32 = 40;
const PAUSE: Duration = Duration::from_millis(50);

/// The way to go on if the store does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    Make,
    Refuse,
}

/// An open store.
pub(crate) struct Opened {
    pub(crate) inbox: Inbox,
    /// The place, for people. It holds no secret.
    pub(crate) place: String,
    engine: Engine,
}

enum Engine {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Opened {
    fn new(store: impl Store, place: String, engine: Engine) -> Self {
        Self {
            inbox: Inbox::new(Arc::new(store)),
            place,
            engine,
        }
    }

    /// Removes the copies of erased data that SQLite's log holds. `false` if another process uses the log all the time.
    ///
    /// PostgreSQL overwrites them by `vacuum full`, which an operator starts.
    pub(crate) async fn forget_copies(&self) -> Result<bool, Error> {
        let Engine::Sqlite(sqlite) = &self.engine else {
            return Ok(true);
        };
        for _ in 0..TRIES {
            if sqlite.empty_log().await? {
                return Ok(true);
            }
            sleep(PAUSE).await;
        }
        Ok(false)
    }

    /// Whether the server keeps copies of erased data in its files.
    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self.engine, Engine::Postgres(_))
    }

    /// Carries out what waits, and closes the store.
    pub(crate) async fn close(self) {
        match self.engine {
            Engine::Sqlite(sqlite) => sqlite.close().await,
            Engine::Postgres(postgres) => postgres.close().await,
        }
    }
}

/// Opens the store that the user has chosen. The tables of a database are made if they do not exist.
///
/// # Errors
/// The failure names the file, or the setting.
pub(crate) async fn open(place: &StorePlace, missing: Missing) -> Result<Opened, Failure> {
    match choose(place, &|name| env::var_os(name))? {
        Place::File(path) => file(path, missing).await,
        Place::Database(address) => database(&address, missing).await,
    }
}

async fn file(path: PathBuf, missing: Missing) -> Result<Opened, Failure> {
    let shown = path.display().to_string();
    let exists = path.symlink_metadata().is_ok();
    match missing {
        Missing::Make if !exists => {
            make(&path).map_err(|error| Failure::new(format_args!("{shown}: {error}")))?;
        }
        Missing::Refuse if !exists => {
            return Err(Failure::new(format_args!(
                "{shown}: there is no store; `shopwire webhooks` makes it, --store names another file"
            )));
        }
        _ => {}
    }
    let opened = Sqlite::open(SqliteOptions::file(path)).await;
    let sqlite = opened.map_err(|error| Failure::of_store(&error))?;
    Ok(Opened::new(sqlite.clone(), shown, Engine::Sqlite(sqlite)))
}

/// The address may hold a password and is not shown.
async fn database(address: &Secret, missing: Missing) -> Result<Opened, Failure> {
    let failed = |error: Error| {
        let failure = Failure::of_store(&error);
        match error.kind() {
            ErrorKind::NotFound => failure.and("`shopwire webhooks` makes it"),
            _ => failure,
        }
        .about(DATABASE)
    };
    let options = PostgresOptions::new(address.expose())
        .and_then(|options| options.environment(|name| env::var_os(name)))
        .map_err(failed)?
        .must_exist(missing == Missing::Refuse);
    let postgres = Postgres::open(options).await.map_err(failed)?;
    let place = format!("the database of {DATABASE}");
    Ok(Opened::new(
        postgres.clone(),
        place,
        Engine::Postgres(postgres),
    ))
}

enum Place {
    File(PathBuf),
    /// A PostgreSQL database. Its address may hold a password.
    Database(Secret),
}

type Lookup<'a> = &'a dyn Fn(&str) -> Option<std::ffi::OsString>;

fn choose(place: &StorePlace, env: Lookup<'_>) -> Result<Place, Failure> {
    let filled = |name: &str| env(name).filter(|text| !text.is_empty()).map(PathBuf::from);
    let flag = place.store.clone().map(|path| (path, "--store"));
    let given = flag.or_else(|| Some((filled(FILE)?, FILE)));
    if let Some((path, name)) = given {
        return match is_address(&path) {
            false => Ok(Place::File(path)),
            // It is not shown: it may hold a password.
            true => Err(Failure::usage(format_args!(
                "{name}: it names a file; put the address of a database into {DATABASE}, where other users cannot read it"
            ))),
        };
    }
    if let Some(address) = env(DATABASE).filter(|text| !text.is_empty()) {
        let address = address.into_string();
        return address
            .map(|address| Place::Database(Secret::new(address)))
            .map_err(|_| Failure::new(format_args!("{DATABASE}: the text is not UTF-8")));
    }
    // The XDG specification ignores a relative folder, because it would depend on the current directory.
    let folder = |name: &str| filled(name).filter(|path| path.is_absolute());
    let data = if cfg!(windows) {
        folder("LOCALAPPDATA")
    } else {
        folder("XDG_DATA_HOME").or_else(|| Some(folder("HOME")?.join(".local/share")))
    };
    match data {
        Some(data) => Ok(Place::File(data.join("shopwire").join("inbox.db"))),
        None => Err(Failure::usage(format_args!(
            "the user has no data folder: name the store by --store or {FILE}"
        ))),
    }
}

/// Whether the text is the address of a database: a URL, or a list of `key=value` with a host or password.
fn is_address(path: &Path) -> bool {
    let text = path.to_string_lossy();
    let is_url = ["postgres:", "postgresql:"]
        .iter()
        .any(|scheme| text.starts_with(scheme));
    let mut words = text.split_whitespace();
    is_url
        || words.any(|word| {
            let name = word.split_once('=').map(|(name, _)| name);
            name.is_some_and(|name| ["host", "password", "dbname"].contains(&name))
        })
}

/// Makes an empty file for the user alone, and the folder of the default place. Events hold personal data.
fn make(path: &Path) -> io::Result<()> {
    let is_default = path.ends_with("shopwire/inbox.db");
    if let Some(folder) = path
        .parent()
        .filter(|folder| is_default && !folder.exists())
    {
        private_folder(folder)?;
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        // Another process has made it meanwhile.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        opened => opened.map(drop),
    }
}

fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    // D16
    #[test]
    fn d16_the_store_is_named_or_lies_in_the_users_data_folder() {
        let chosen = |flag: Option<&str>, vars: &[(&str, &str)]| {
            let place = StorePlace {
                store: flag.map(PathBuf::from),
            };
            let found = choose(&place, &|name| {
                let row = vars.iter().find(|row| row.0 == name);
                row.map(|row| row.1.into())
            });
            match found {
                Ok(Place::File(path)) => path.display().to_string(),
                Ok(Place::Database(_)) => "database".to_owned(),
                Err(failure) => failure.message(),
            }
        };
        let all = [
            ("SHOPWIRE_STORE", "b.db"),
            ("SHOPWIRE_STORE_URL", "postgres://"),
            ("XDG_DATA_HOME", "/x"),
            ("HOME", "/h"),
        ];
        assert_eq!(chosen(Some("a.db"), &all), "a.db");
        assert_eq!(chosen(None, &all), "b.db");
        assert_eq!(chosen(None, &all[1..]), "database");
        assert_eq!(chosen(None, &all[2..]), "/x/shopwire/inbox.db");
        assert_eq!(chosen(None, &all[3..]), "/h/.local/share/shopwire/inbox.db");
        assert!(chosen(None, &[("HOME", "h")]).contains("--store"));
        for address in ["postgres://u:hidden@h/d", "host=h password=hidden"] {
            for refused in [
                chosen(Some(address), &all),
                chosen(None, &[("SHOPWIRE_STORE", address)]),
            ] {
                assert!(refused.contains("SHOPWIRE_STORE_URL"), "{refused}");
                assert!(!refused.contains("hidden"), "{refused}");
            }
        }
    }
}
