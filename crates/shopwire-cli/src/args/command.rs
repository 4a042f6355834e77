//! The commands, with their help.

use clap::Subcommand;

use super::{
    Call, Catalog, Completions, Config, Demo, Export, Har, History, Import, Inbox, Man, Probe,
    Sandbox, Sign, Webhooks,
};
use crate::failure::Form;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Runs a tour: a merchant's day over all three services, on the embedded sandbox.
    Demo(Demo),
    /// Runs the three services on loopback, for clients in any language
    ///
    /// The command prints the addresses and the credentials, and the address of a page. The page shows each request
    /// and why it was refused, the data of the services, their webhooks, and buttons for faults.
    ///
    /// A script can do all that the page does: the admin API is under the same address. All of it is described at
    /// /api/openapi.json:
    ///
    ///   ADMIN=http://127.0.0.1:8080                     as printed
    ///   curl "$ADMIN/api/requests?status=4xx"
    ///   curl "$ADMIN/api/requests/1/explain"
    ///   curl "$ADMIN/api/faults/kinds"
    ///   curl -H 'Content-Type: application/json' "$ADMIN/api/faults" \
    ///        -d '{"service":"retailcrm","kind":"unavailable","times":2}'
    ///   curl -X POST "$ADMIN/api/reset"
    ///
    /// Without --json, the output is the settings of the other commands, for a shell. --rows generates an account of a size:
    ///
    ///   shopwire sandbox --rows retailcrm.orders=3000 > sandbox.env &
    ///   . ./sandbox.env
    ///
    /// With --seed, each run gives the same ids, keys, tokens and times, and the clock stands still at
    /// 2026-01-01 00:00:00 UTC until it is moved (POST /api/clock/advance). --clock lets it start elsewhere.
    ///
    /// A scenario sets and removes faults as time goes on. Three ship: "a bad day", "a moved account" and
    /// "a slow night". A file has JSON: {"steps":[{"at_s":60,"faults":[…]},{"at_s":90,"clear":true}]}.
    ///
    /// The sandbox can record a real account, play the recording, and compare itself with it:
    ///
    ///   shopwire sandbox --record shop.jsonl --retailcrm-url https://demo.retailcrm.example
    ///   shopwire sandbox --play shop.jsonl
    ///   shopwire sandbox --compare shop.jsonl
    ///
    /// --record serves each service whose address is in the settings (see `shopwire --help`), and forwards to these
    /// addresses alone. Requests pass unchanged, with the credentials of the client. The file has no keys, tokens and
    /// signatures; it has the data of customers, and is made for its owner alone. `shopwire har` and
    /// `shopwire call --replay` read it too.
    ///
    /// Exit codes of --compare: 0 no difference, 1 differences, 2 wrong usage. Differences that may come from the data
    /// of the account alone are listed apart ("needs state") and do not count.
    #[command(verbatim_doc_comment)]
    Sandbox(Box<Sandbox>),
    /// Calls any operation of any service
    ///
    /// Parameters come as JSON (--params) or one by one (--param): `--describe` tells which there are.
    ///
    ///   shopwire call retailcrm --list orders
    ///   shopwire call retailcrm orders.create --describe
    ///   shopwire call retailcrm orders.create --param 'order[firstName]=Ann' --param 'order[items][0][quantity]=2'
    ///
    /// The answer goes to standard output: JSON, indented on a terminal and on one line elsewhere. When standard output is not a terminal, or with --json, the last
    /// line on standard error is {"error":{"kind","status","message","errors","body","may_have_landed"}}; lines
    /// before it are warnings and hints.
    #[command(verbatim_doc_comment)]
    Call(Call),
    /// Prints a recording of `call --record` as an HTTP Archive (HAR 1.2), for browsers and other tools.
    Har(Har),
    /// Explains or verifies a NiceChat signature.
    ///
    /// Shows the sorted fields, the encoded text, the hashed text (with the secret masked), and where
    /// the other dialects differ. With --verify it tells whether a signature is right, and if not,
    /// which common mistake or which other dialect gives it.
    Sign(Sign),
    /// Finds out how a live NiceChat expects its requests to be signed, and prints the settings to use.
    ///
    /// Sends only GETs of the list of categories: at most 12, each different, and stops when all is
    /// known. Tries the names in the settings, then those of the document's samples (X-API-Key and
    /// X-API-Sign, _key and _sign), then those of its prose (_sing), in headers and in the query.
    ///
    /// A GET has no body, so all dialects sign it alike, unless the service signs queries. To find out
    /// whether it does, the command sends a parameter without a meaning. If queries are signed, it
    /// then sends one request for each dialect, with parameters that each dialect writes differently
    /// (10, 9, a; with é, a space, ~ and *). If not, no GET can tell the dialect, and it stays unknown:
    /// JSON with headers needs no dialect, and only a form in a writing request would show it.
    ///
    /// If a service answers all requests like a request without a signature, it is not known whether
    /// the key pair or the names are wrong. Exit code 0 if anything works, else 1.
    Probe(Probe),
    /// Receives the webhooks and callbacks of the services, and keeps them in a store that survives a crash.
    ///
    /// A service is received if it has a path secret of at least 16 letters and digits, such as the output of
    /// `openssl rand -hex 16`: UVYGODA_WEBHOOK_SECRET in the environment, or `webhook_secret` in the table [uvygoda] of
    /// the settings file; likewise for nicechat and retailcrm. The address to register at the service is
    /// https://HOST/uvygoda/SECRET. A sender gets 200 after its event is on disk.
    ///
    /// `webhook_account` names the account (default: main); events have the source uvygoda:main. `webhook_rules` of
    /// [uvygoda] is a JSON list of rules that tell its events apart: {"kind","at","equals","event_id","subject"}.
    ///
    /// GET /health answers 200 while the store can be read. GET /metrics has counts and ages for Prometheus, for
    /// callers on this machine. On SIGTERM or SIGINT no more is accepted, and what has begun is finished:
    /// --grace limits the time of slow senders. A second signal ends the command at once. An event that was answered with
    /// 200 is never lost by that. Set the time after which a supervisor kills the command (systemd: TimeoutStopSec) above
    /// --grace.
    Webhooks(Webhooks),
    /// Looks into the store of `webhooks`, and decides about events: also while it is running.
    Inbox(Inbox),
    /// Exports a list to JSON Lines, CSV or Parquet
    ///
    ///     shopwire export retailcrm                        the lists
    ///     shopwire export retailcrm orders --describe      the columns
    ///     shopwire export retailcrm orders --output orders.parquet
    ///     shopwire export retailcrm orders --output orders.parquet --resume
    ///     shopwire export retailcrm orders --filter 'extendedStatus[]=new' --columns id,number,totalSumm --format csv
    ///     shopwire export retailcrm orders --flatten items --output items.csv
    ///     shopwire export retailcrm orders --since 120744 --output changed.jsonl
    ///     shopwire export retailcrm orders --since 120744 --follow | load-into-warehouse
    ///
    /// The file is written as FILE.partial and gets its name at the end; FILE.checkpoint says how far it has come. An
    /// export that was interrupted, by a signal, a failure or a crash, goes on with the same command and --resume, and
    /// gives the same file: no row is missing, and none stands twice.
    ///
    /// JSON Lines has the rows as the service wrote them. CSV and Parquet have a column for each member that the
    /// service's description knows, with a point between the names of nested ones; lists and maps are JSON. `_other` has
    /// what no column has. The summary at the end names the change from which --since goes on.
    ///
    /// --follow writes a row each time that it changes, as it is then: the last row with an `id` is its state. A file has
    /// each portion of changes whole, and once, also after a crash and --resume. From standard output nothing is taken
    /// back: if the export ends within a portion, --since with the change in its summary writes those rows again.
    ///
    /// SIGINT ends the export at a safe point, a second one at once.
    #[command(verbatim_doc_comment)]
    Export(Box<Export>),
    /// Imports rows of JSON Lines or CSV
    ///
    ///     shopwire import retailcrm                                     the kinds of rows
    ///     shopwire import retailcrm prices --describe                   their columns
    ///     shopwire import retailcrm prices price.csv --dry-run          the requests, unsent
    ///     shopwire import retailcrm prices price.csv --limit 100        a part first
    ///     shopwire import retailcrm prices price.csv --resume           the rest
    ///     shopwire import retailcrm orders orders.jsonl --yes --json    from a script
    ///     shopwire import retailcrm products changed.csv --mode edit
    ///     shopwire import retailcrm orders orders.jsonl.rejects.jsonl   mended rows
    ///
    /// All rows are checked before the first is sent. If one is wrong, each fault is told with its line and column, and
    /// nothing is sent. Then the rows go in batches as the method of the service allows. Rows that the service refuses
    /// land in FILE.rejects.jsonl (or .csv) with the reason in `_reason`: mend them there and import that file.
    ///
    /// The columns of CSV are those that `export` writes: names with points, JSON in cells of lists. Columns below a list
    /// (prices.code) make lines of one row: lines that follow each other and are otherwise equal are joined. An empty cell
    /// is not sent. Members that the service computes, and others that it shows but does not take, are left out and named.
    ///
    /// FILE.rejects.jsonl.checkpoint says what was sent, before and after each request. After an interrupt, a failure or
    /// a crash, the same command with --resume goes on. A request whose end is not known is not simply sent again: orders,
    /// customers and products are looked for by externalId first; prices, inventories and edits are sent again, since they
    /// set values. Costs and tasks have no id of yours, so the rows of such a request land among the rejects, marked
    /// `_unknown`: look in the account before you send them again. The checkpoint stays, so that a file is not imported
    /// twice by mistake.
    ///
    /// Triggers of the account may send e-mail and SMS for each order and customer that is loaded. The command asks
    /// before it sends any, unless --yes is given.
    ///
    /// SIGINT ends the import at a safe point, a second one at once.
    #[command(verbatim_doc_comment)]
    Import(Box<Import>),
    /// Price lists for the services, in ICML, YML and Google's table: writes, checks and converts them.
    ///
    /// RetailCRM loads ICML, NiceChat imports YML (Yandex Market) and google-csv (Google Merchant). Feeds are streamed: a
    /// million offers take no more memory than ten.
    Catalog(Catalog),
    /// Settings: shows them with their sources, asks the services whether they work, lists the keys of the file.
    ///
    /// The chapter "Settings" of the guide describes profiles, sources and commands that give secrets.
    Config(Config),
    /// Shows what changed in an order or a customer: when, by whom, from what to what
    ///
    ///     shopwire history retailcrm orders 5
    ///     shopwire history retailcrm orders C-1005 --external --since 2026-01-31
    ///     shopwire history retailcrm customers 17 --json
    ///     shopwire history retailcrm corporate-customers 20 --since 120744
    ///
    /// Changes come in the order of the history, oldest first. Times are those of the account. The names of users are
    /// asked for, one request for each user; a key without the right to read users shows their ids.
    ///
    /// With --json, each change is a line: id, at, kind (created, deleted, combined, changed), source, user, own_key,
    /// field (its name in the history), meaning, part (the item, payment, address, company or contact), from, to and
    /// combined_to, the values as the service wrote them.
    #[command(verbatim_doc_comment)]
    History(Box<History>),
    /// Prints the completions for a shell
    ///
    ///     shopwire completions bash > ~/.local/share/bash-completion/completions/shopwire
    ///     shopwire completions zsh > ~/.zfunc/_shopwire
    ///     shopwire completions fish > ~/.config/fish/completions/shopwire.fish
    ///     shopwire completions powershell >> $PROFILE
    ///     shopwire completions elvish >> ~/.config/elvish/rc.elv
    ///
    /// They complete commands, options and the values that an option knows, and begin to work in a new shell. For zsh,
    /// the folder must be in fpath before compinit.
    #[command(verbatim_doc_comment)]
    Completions(Completions),
    /// Prints a man page, or writes those of all commands
    ///
    ///     shopwire man | man -l -
    ///     shopwire man inbox list | man -l -
    ///     shopwire man --output ~/.local/share/man/man1
    ///
    /// There is a page for each command: shopwire.1, shopwire-call.1, shopwire-inbox-list.1, …
    #[command(verbatim_doc_comment)]
    Man(Man),
}

impl Command {
    /// The form of reports on standard error.
    pub(crate) fn form(&self) -> Form {
        let is_json = match self {
            Self::Call(call) => return call.form(),
            Self::Catalog(catalog) => return catalog.form(),
            Self::Export(export) => return export.form(),
            Self::Config(config) => config.is_json(),
            Self::Demo(demo) => demo.json,
            Self::History(history) => history.json,
            Self::Import(import) => import.json,
            Self::Inbox(inbox) => inbox.json,
            Self::Probe(probe) => probe.json,
            Self::Sandbox(sandbox) => sandbox.json,
            Self::Webhooks(webhooks) => webhooks.json,
            Self::Completions(_) | Self::Har(_) | Self::Man(_) | Self::Sign(_) => false,
        };
        if is_json { Form::Json } else { Form::Text }
    }

    /// Whether hints and warnings are left out.
    pub(crate) fn is_quiet(&self) -> bool {
        match self {
            Self::Call(call) => call.quiet,
            Self::Config(config) => config.is_quiet(),
            Self::History(history) => history.quiet,
            Self::Import(import) => import.quiet,
            _ => false,
        }
    }
}
