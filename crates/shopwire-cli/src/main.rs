//! The command `shopwire`: a tour, a sandbox, calls of any operation, and tools for the NiceChat signature.

mod args;
mod call;
mod config;
mod demo;
mod failure;
mod input;
mod logging;
mod output;
mod probe;
mod sandbox;
mod sign;
mod suggest;
mod usage;

use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};
use failure::Failure;

fn main() -> ExitCode {
    let cli = Cli::try_parse().unwrap_or_else(|error| usage::refuse(error));
    logging::start(cli.settings.verbose);
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

fn run(cli: Cli) -> Result<(), Failure> {
    let settings = cli.settings;
    match cli.command {
        Command::Sign(sign) => sign::run(&sign, &settings),
        Command::Demo(demo) => runtime()?.block_on(demo::run(&demo)),
        Command::Sandbox(sandbox) => runtime()?.block_on(sandbox::run(&sandbox)),
        Command::Call(call) => runtime()?.block_on(call::run(&call, &settings)),
        Command::Har(har) => call::cassette::har(&har),
        Command::Probe(probe) => runtime()?.block_on(probe::run(&probe, &settings)),
    }
}

fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Runtime::new()
        .map_err(|error| Failure::new(format_args!("the runtime does not start: {error}")))
}
