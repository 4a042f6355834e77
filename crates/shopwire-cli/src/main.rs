//! The command `shopwire`: a tour, a sandbox, calls of any operation, exports and imports, tools for the NiceChat signature, and
//! receivers with their inbox.

mod args;
mod call;
mod catalog;
mod config;
mod demo;
mod export;
mod failure;
mod import;
mod inbox;
mod input;
mod job;
mod layout;
mod logging;
mod output;
mod probe;
mod rows;
mod sandbox;
mod sign;
mod signals;
mod store;
mod suggest;
mod time;
mod usage;
mod webhooks;

use std::process::ExitCode;

use clap::Parser;

use args::{Call, Cli, Command, Demo, Probe};
use failure::{Failure, Form};

fn main() -> ExitCode {
    let cli = Cli::try_parse().unwrap_or_else(|error| usage::refuse(error));
    let form = match &cli.command {
        Command::Call(call) => call.form(),
        Command::Catalog(catalog) => catalog.form(),
        Command::Inbox(inbox) if inbox.json => Form::Json,
        Command::Export(export) => export.form(),
        Command::Import(import) => import.form(),
        _ => Form::Text,
    };
    match run(&cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(form),
    }
}

fn run(command: &Command) -> Result<(), Failure> {
    match command {
        Command::Call(Call { log, .. })
        | Command::Demo(Demo { log, .. })
        | Command::Probe(Probe { log, .. }) => logging::start(log.verbose),
        Command::Export(export) => logging::start(export.log.verbose),
        Command::Import(import) => logging::start(import.log.verbose),
        Command::Webhooks(webhooks) => logging::start_service(webhooks.log.verbose),
        Command::Catalog(_)
        | Command::Har(_)
        | Command::Inbox(_)
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
        Command::Webhooks(webhooks) => runtime()?.block_on(webhooks::run(webhooks)),
        Command::Inbox(inbox) => runtime()?.block_on(inbox::run(inbox)),
        Command::Export(export) => runtime()?.block_on(export::run(export)),
        Command::Import(import) => runtime()?.block_on(import::run(import)),
        Command::Catalog(catalog) => runtime()?.block_on(catalog::run(catalog)),
    }
}

fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Runtime::new()
        .map_err(|error| Failure::new(format_args!("the runtime does not start: {error}")))
}
