//! The options of `webhooks` and `inbox`.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Subcommand, ValueEnum};

use super::{Log, SettingsFile, Source};
use crate::time::{Age, Moment};

/// The option that names the store.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct StorePlace {
    /// The SQLite file of the store. Default: the file named by SHOPWIRE_STORE, else the PostgreSQL database named by
    /// SHOPWIRE_STORE_URL, else shopwire/inbox.db in the user's data folder (~/.local/share).
    ///
    /// SHOPWIRE_STORE_URL is an address as libpq takes it, such as
    /// `postgres://shop@db.example.com/shop?sslrootcert=/etc/ssl/db.pem`, with sslmode, sslrootcert, sslcert, sslkey and
    /// passfile. The password may come from PGPASSWORD, or from the file named by PGPASSFILE (default: ~/.pgpass), and the
    /// other settings from PGSSLMODE, PGSSLROOTCERT, PGSSLCERT and PGSSLKEY. Another machine is reached by TLS alone, and
    /// the server's certificate and name are checked, unless sslmode is `disable`.
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) store: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Webhooks {
    /// The address to listen on. Put a proxy that speaks HTTPS before it.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080", value_parser = address)]
    pub(crate) listen: SocketAddr,
    /// How long requests that have begun may take after SIGTERM or SIGINT. Then their connections are cut.
    #[arg(long, value_name = "DURATION", default_value = "20s")]
    pub(crate) grace: Age,
    #[command(flatten)]
    pub(crate) store: StorePlace,
    #[command(flatten)]
    pub(crate) file: SettingsFile,
    /// Print one line of JSON when ready.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) log: Log,
}

#[derive(Debug, Args)]
pub(crate) struct Inbox {
    #[command(flatten)]
    pub(crate) store: StorePlace,
    /// Print JSON, and errors as JSON.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: InboxCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum InboxCommand {
    /// Lists events in the order of their ids, without content. With --json: a line for each event.
    List(InboxList),
    /// Shows an event with its content. Values with names of secrets are masked.
    ///
    /// `:method` stands among the headers unless it is POST, and `:query` if there is one.
    Show(InboxShow),
    /// Delivers events again that are finished, dead or buried: by their ids, or all dead ones of a source.
    ///
    /// An event is delivered as a new one, after all others of its order. A dead event that others wait for is
    /// delivered in its own place. Prints the events that will be delivered.
    Replay(InboxReplay),
    /// Ends events that are pending or dead: they will not be delivered.
    Bury(InboxBury),
    /// Removes old events that are finished or buried, a few at a time, so that receivers are not held back.
    ///
    /// Removed are bodies and headers. The ids of sources, which remove repeats, are remembered longer. An event is listed
    /// until its id is forgotten.
    Purge(InboxPurge),
    /// Erases everything about e-mail addresses, phones or subjects: bodies, headers and reasons. Open events are
    /// buried.
    ///
    /// The keys come from a file or standard input, one on each line, because other users see arguments. Phones are
    /// compared by their last ten digits, e-mail addresses without case. A subject is written as source and subject:
    /// `uvygoda:main/7`.
    ///
    /// Copies in freed pages and in the log of an SQLite store are overwritten. The files of a PostgreSQL server hold
    /// copies until `vacuum full` has written the tables anew. Copies in backups and at the services stay.
    Erase(InboxErase),
    /// Shows counts and ages of all sources, and the counts of effects.
    ///
    /// Effects are the calls that a program of yours has put into the outbox. Parked and doubled effects wait for a
    /// person, who decides by a program: `Outbox::decide`.
    Status,
}

#[derive(Debug, Args)]
pub(crate) struct InboxList {
    /// Only events of this source, such as uvygoda:main.
    #[arg(long, value_name = "SOURCE")]
    pub(crate) source: Option<String>,
    /// Only events in this state.
    #[arg(long, value_name = "STATE")]
    pub(crate) state: Option<StateOf>,
    /// Only events with larger ids.
    #[arg(long, value_name = "ID", value_parser = id)]
    pub(crate) after: Option<i64>,
    /// Maximum number of events.
    #[arg(long, value_name = "NUMBER", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) limit: u32,
}

/// The state of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StateOf {
    /// Waits for a worker, or a worker has it.
    Pending,
    /// A worker finished it.
    Finished,
    /// Failed for good; waits for a person.
    Dead,
    /// Ended by a person: buried, replayed or erased.
    Buried,
}

#[derive(Debug, Args)]
pub(crate) struct InboxShow {
    /// The event.
    #[arg(value_name = "ID", value_parser = id)]
    pub(crate) event: i64,
    /// Print the unchanged bytes of the body, and nothing else.
    #[arg(long, conflicts_with = "json")]
    pub(crate) raw: bool,
}

#[derive(Debug, Args)]
pub(crate) struct InboxReplay {
    /// The events.
    #[arg(value_name = "ID", required_unless_present = "since", value_parser = id)]
    pub(crate) events: Vec<i64>,
    /// All dead events that were received since this time: 2026-05-21T10:00:00Z, or an age such as 90m, 12h or 7d.
    #[arg(
        long,
        value_name = "TIME",
        requires = "source",
        conflicts_with = "events"
    )]
    pub(crate) since: Option<Moment>,
    /// The source of the dead events.
    #[arg(long, value_name = "SOURCE", requires = "since")]
    pub(crate) source: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct InboxBury {
    /// The events.
    #[arg(value_name = "ID", required = true, value_parser = id)]
    pub(crate) events: Vec<i64>,
    /// Why, for those who look later.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
}

#[derive(Debug, Args)]
pub(crate) struct InboxPurge {
    /// Remove content of events that ended longer ago than this: 12h, 30d.
    #[arg(long, value_name = "AGE")]
    pub(crate) older_than: Age,
    /// Forget ids of events that ended longer ago than this. Default: three times the age of --older-than.
    #[arg(long, value_name = "AGE")]
    pub(crate) ids_older_than: Option<Age>,
}

#[derive(Debug, Args)]
pub(crate) struct InboxErase {
    /// A file with the e-mail addresses, phones and subjects, one on each line; `-` for standard input.
    #[arg(value_name = "FILE")]
    pub(crate) of: Source,
}

fn id(text: &str) -> Result<i64, String> {
    text.parse()
        .map_err(|_| "it is no id of an event: `shopwire inbox list` shows them".to_owned())
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        "it is no address and port: 127.0.0.1:8080, or [::1]:8080; port 0 lets the system choose".to_owned()
    })
}
