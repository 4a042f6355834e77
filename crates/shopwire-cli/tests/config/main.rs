//! Profiles, secrets from commands, and `shopwire config`.

#[path = "../support/mod.rs"]
mod support;

mod check;
#[cfg(unix)]
mod commands;
mod profiles;
mod show;

use std::{path::Path, process::Command};

use support::command;

/// A call of RetailCRM that needs address and key, with this settings file.
fn call(file: &Path, args: &[&str]) -> Command {
    let mut call = command(&["call", "retailcrm", "api.get_credentials", "--config"]);
    call.arg(file).args(args);
    call
}

/// `shopwire config …` with this settings file.
fn config(file: &Path, args: &[&str]) -> Command {
    let mut config = command(&["config"]);
    config.args(args).arg("--config").arg(file);
    config
}
