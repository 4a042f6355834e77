//! The command `shopwire`: a tour, a sandbox, calls of any operation, exports and imports, tools for the NiceChat signature, and
//! receivers with their inbox.

mod args;
mod call;
mod catalog;
mod color;
mod config;
mod demo;
mod export;
mod failure;
mod history;
mod import;
mod inbox;
mod input;
mod job;
mod layout;
mod logging;
mod output;
mod pages;
mod probe;
mod rows;
mod sandbox;
mod settings;
mod sign;
mod signals;
mod store;
mod suggest;
mod terminal;
mod time;
mod usage;
mod webhooks;

use std::{io, process::ExitCode};

use clap::FromArgMatches as _;
use tokio::runtime::{Builder, Runtime};

use args::{Call, Cli, Command, Demo, Probe};
use failure::Failure;

fn main() -> ExitCode {
    let color = color::wanted(std::env::args_os());
    color.set();
    let parsed = args::command().color(color.of_clap()).try_get_matches();
    let cli = parsed.and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = cli.unwrap_or_else(|error| usage::refuse(error));
    if cli.command.is_quiet() {
        output::be_quiet();
    }
    match run(&cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(cli.command.form()),
    }
}

fn run(command: &Command) -> Result<(), Failure> {
    match command {
        Command::Call(Call { log, .. })
        | Command::Demo(Demo { log, .. })
        | Command::Probe(Probe { log, .. }) => logging::start(log.verbose),
        Command::Export(export) => logging::start(export.log.verbose),
        Command::Config(config) => logging::start(config.verbose()),
        Command::History(history) => logging::start(history.log.verbose),
        Command::Import(import) => logging::start(import.log.verbose),
        Command::Webhooks(webhooks) => logging::start_service(webhooks.log.verbose),
        Command::Catalog(_)
        | Command::Completions(_)
        | Command::Har(_)
        | Command::Inbox(_)
        | Command::Man(_)
        | Command::Sandbox(_)
        | Command::Sign(_) => {}
    }
    match command {
        Command::Sign(sign) => sign::run(sign),
        Command::Demo(demo) => runtime()?.block_on(demo::run(demo)),
        Command::Sandbox(sandbox) => runtime()?.block_on(sandbox::run(sandbox)),
        Command::Call(call) => runtime()?.block_on(call::run(call)),
        Command::Probe(probe) => runtime()?.block_on(probe::run(probe)),
        Command::Har(har) => call::cassette::har(har),
        Command::History(history) => runtime()?.block_on(history::run(history)),
        Command::Completions(args) => pages::completions(args),
        Command::Man(args) => pages::man(args),
        Command::Webhooks(webhooks) => runtime()?.block_on(webhooks::run(webhooks)),
        Command::Inbox(inbox) => runtime()?.block_on(inbox::run(inbox)),
        Command::Export(export) => small_runtime()?.block_on(export::run(export)),
        Command::Import(import) => runtime()?.block_on(import::run(import)),
        Command::Catalog(catalog) => runtime()?.block_on(catalog::run(catalog)),
        Command::Config(config) => runtime()?.block_on(settings::run(config)),
    }
}

fn runtime() -> Result<Runtime, Failure> {
    started(Runtime::new())
}

/// A runtime for a long job that reads one page after the other. Each thread has memory of its own that it keeps, so
/// the job would take more on a machine with more cores. A thread beside the first one sees signals while that is busy.
fn small_runtime() -> Result<Runtime, Failure> {
    let mut builder = Builder::new_multi_thread();
    let builder = builder.worker_threads(1).max_blocking_threads(2);
    started(builder.enable_all().build())
}

fn started(runtime: io::Result<Runtime>) -> Result<Runtime, Failure> {
    runtime.map_err(|error| Failure::new(format_args!("the runtime does not start: {error}")))
}
