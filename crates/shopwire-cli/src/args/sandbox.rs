//! The options of `shopwire sandbox`.

use std::{path::PathBuf, time::SystemTime};

use clap::{Args, ValueEnum};
use shopwire_sandbox::SeedPlan;

use super::{Service, Settings, SettingsFile};

#[derive(Debug, Args)]
pub(crate) struct Sandbox {
    /// Print one line of JSON when ready: addresses and credentials.
    #[arg(long)]
    pub(crate) json: bool,
    /// Print more of each request on standard error: the query, the beginning of the body, all reasons.
    #[arg(short, long)]
    pub(crate) verbose: bool,
    /// Print no line for each request.
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Lift the services' rate limits.
    #[arg(long)]
    pub(crate) no_rate_limit: bool,
    /// Port of NiceChat on 127.0.0.1; 0 lets the system choose.
    #[arg(long, value_name = "PORT", default_value_t = 0, value_parser = port)]
    pub(crate) nicechat_port: u16,
    /// The canonical form of NiceChat's signed forms: php, php81, python or prose.
    #[arg(long, value_name = "DIALECT", default_value_t)]
    pub(crate) nicechat_dialect: nicechat_sign::Dialect,
    /// The names of NiceChat's signature header and parameter.
    #[arg(long, value_name = "NAMES", default_value = "samples")]
    pub(crate) nicechat_names: NamesOf,
    /// Whether NiceChat's signature covers the query of a GET.
    #[arg(long, value_name = "RULE", default_value = "unsigned")]
    pub(crate) nicechat_query: Query,
    /// Port of Uvygoda on 127.0.0.1; 0 lets the system choose.
    #[arg(long, value_name = "PORT", default_value_t = 0, value_parser = port)]
    pub(crate) uvygoda_port: u16,
    /// Port of RetailCRM on 127.0.0.1; 0 lets the system choose.
    #[arg(long, value_name = "PORT", default_value_t = 0, value_parser = port)]
    pub(crate) retailcrm_port: u16,
    /// Port of the page and the admin API on 127.0.0.1; 0 lets the system choose.
    #[arg(long, value_name = "PORT", default_value_t = 0, value_parser = port)]
    pub(crate) admin_port: u16,
    /// Run without the page and the admin API.
    #[arg(long, conflicts_with = "admin_port")]
    pub(crate) no_admin: bool,
    /// Give the same ids, keys, tokens and times in each run with this seed.
    #[arg(long, value_name = "NUMBER", value_parser = seed, allow_negative_numbers = true)]
    pub(crate) seed: Option<u64>,
    /// Generate rows before it serves, like retailcrm.orders=3000; for several kinds of rows give it several times.
    #[arg(long, value_name = "SERVICE.KIND=NUMBER", value_parser = rows)]
    pub(crate) rows: Vec<Rows>,
    /// Start the clock at this time: now, or a time like 2026-01-31T08:00:00Z.
    #[arg(long, value_name = "TIME", value_parser = start_of_clock)]
    pub(crate) clock: Option<StartOfClock>,
    /// Let the clock stand still until it is moved; with --clock, at its time.
    #[arg(long)]
    pub(crate) frozen: bool,
    /// Start a scenario: a file, or the name of one that ships.
    #[arg(long, value_name = "FILE|NAME")]
    pub(crate) scenario: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) recording: Recording,
}

/// Options about recordings of a real account.
#[derive(Debug, Default, Args)]
pub(crate) struct Recording {
    /// Forward to the real accounts of the settings, and append each exchange to this file, without secrets.
    #[arg(long, value_name = "FILE", conflicts_with_all = EMULATED, conflicts_with_all = CHECKED)]
    pub(crate) record: Option<PathBuf>,
    /// Answer from a recording, without network and emulation.
    #[arg(long, value_name = "FILE", conflicts_with_all = EMULATED, conflicts_with_all = CHECKED, conflicts_with = "record")]
    pub(crate) play: Option<PathBuf>,
    /// List the differences between the answers of the sandbox and those of the recording. With --json: one object.
    #[arg(long, value_name = "FILE", conflicts_with_all = EMULATED, conflicts_with_all = SERVED)]
    pub(crate) compare: Option<PathBuf>,
    /// With --record: a TOML file with settings, as for the other commands.
    #[arg(long, value_name = "FILE", requires = "record", conflicts_with_all = ["play", "compare"])]
    pub(crate) config: Option<PathBuf>,
    /// With --record: the profile of the settings file, as for the other commands.
    #[arg(long, value_name = "NAME", requires = "record", conflicts_with_all = ["play", "compare"])]
    pub(crate) profile: Option<String>,
    /// With --record: the address of NiceChat.
    #[arg(long, value_name = "URL", requires = "record", conflicts_with_all = ["play", "compare"])]
    pub(crate) nicechat_url: Option<String>,
    /// With --record: the address of Uvygoda.
    #[arg(long, value_name = "URL", requires = "record", conflicts_with_all = ["play", "compare"])]
    pub(crate) uvygoda_url: Option<String>,
    /// With --record: the address of the RetailCRM account.
    #[arg(long, value_name = "URL", requires = "record", conflicts_with_all = ["play", "compare"])]
    pub(crate) retailcrm_url: Option<String>,
}

/// Options of the emulation, which has no part in recording and playing, and starts afresh for a comparison.
const EMULATED: [&str; 8] = [
    "no_rate_limit",
    "admin_port",
    "no_admin",
    "seed",
    "rows",
    "clock",
    "frozen",
    "scenario",
];

/// Options of the emulation's checks and of its lines on standard error.
const CHECKED: [&str; 4] = [
    "nicechat_dialect",
    "nicechat_names",
    "nicechat_query",
    "verbose",
];

/// Options of what serves.
const SERVED: [&str; 7] = [
    "record",
    "play",
    "verbose",
    "quiet",
    "nicechat_port",
    "uvygoda_port",
    "retailcrm_port",
];

impl Recording {
    /// The settings of the accounts to record.
    pub(crate) fn settings(&self) -> Settings {
        Settings {
            file: SettingsFile {
                config: self.config.clone(),
                profile: self.profile.clone(),
            },
            nicechat_url: self.nicechat_url.clone(),
            uvygoda_url: self.uvygoda_url.clone(),
            retailcrm_url: self.retailcrm_url.clone(),
            ..Settings::default()
        }
    }
}

impl Sandbox {
    /// The plan of the rows to generate, if there are any.
    pub(crate) fn plan(&self) -> Result<Option<SeedPlan>, String> {
        match self.rows.as_slice() {
            [] => Ok(None),
            rows => plan(rows, self.seed.unwrap_or_default()).map(Some),
        }
    }

    /// The port of a service.
    pub(crate) fn port(&self, service: Service) -> u16 {
        match service {
            Service::Nicechat => self.nicechat_port,
            Service::Uvygoda => self.uvygoda_port,
            Service::Retailcrm => self.retailcrm_port,
        }
    }
}

/// Rows of one kind to generate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rows {
    pub(crate) service: String,
    pub(crate) kind: String,
    pub(crate) number: u64,
}

/// The time at which the sandbox's clock starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StartOfClock {
    Now,
    At(SystemTime),
}

/// Names of the signature; NiceChat's document contradicts itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum NamesOf {
    /// X-API-Sign and _sign.
    Samples,
    /// _sing for both.
    Prose,
}

/// Whether a query is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Query {
    Unsigned,
    Signed,
}

/// A seed; the error does not show the typed text.
fn seed(text: &str) -> Result<u64, &'static str> {
    text.parse()
        .map_err(|_| "a seed is a whole number from 0 to 18446744073709551615")
}

/// A number of rows, like `retailcrm.orders=3000`.
fn rows(text: &str) -> Result<Rows, String> {
    const SHAPE: &str = "expected SERVICE.KIND=NUMBER, like retailcrm.orders=3000";
    let (place, number) = text.split_once('=').ok_or(SHAPE)?;
    let (service, kind) = place.split_once('.').ok_or(SHAPE)?;
    let number = number.parse().map_err(|_| SHAPE)?;
    let rows = Rows {
        service: service.to_owned(),
        kind: kind.to_owned(),
        number,
    };
    plan(std::slice::from_ref(&rows), 0).map(|_| rows)
}

/// The plan of a seed with these rows.
fn plan(rows: &[Rows], seed: u64) -> Result<SeedPlan, String> {
    let plan = rows.iter().try_fold(SeedPlan::new(seed), |plan, rows| {
        plan.rows(&rows.service, &rows.kind, rows.number)
    });
    plan.map_err(|error| {
        let kinds = SeedPlan::KINDS.map(|(service, kind)| format!("{service}.{kind}"));
        format!("{error}; there are {}", kinds.join(", "))
    })
}

/// The start of the clock; the error does not show the typed text.
fn start_of_clock(text: &str) -> Result<StartOfClock, &'static str> {
    if text == "now" {
        return Ok(StartOfClock::Now);
    }
    let time: Result<jiff::Timestamp, _> = text.parse();
    time.map(|time| StartOfClock::At(time.into()))
        .map_err(|_| "a time is now, or like 2026-01-31T08:00:00Z")
}

/// A port's number; the error does not show the typed text.
fn port(text: &str) -> Result<u16, &'static str> {
    text.parse()
        .map_err(|_| "a port is a number from 0 to 65535")
}
