//! Settings: flags over environment over a TOML file with profiles.
//!
//! One look-up by the variable's name serves all of them: `NICECHAT_URL` is the flag
//! `--nicechat-url`, the variable, or `url` in the file's table `[nicechat]` or `[profile.NAME.nicechat]`.

mod command;
mod file;
mod guard;
mod host;
mod layers;
mod listed;
mod location;
mod names;
mod parse;
mod profile;
mod table;
mod webhooks;

use common_transport::Error;
use shopwire::Config;

use crate::{
    args::{Service, Settings},
    failure::Failure,
    output,
};
use file::Given;
use layers::Layers;
pub(crate) use listed::{Described, Listed, Origin, Shown, described, is_configured, listed};
use location::Chosen;
pub(crate) use names::Access;
pub(crate) use webhooks::{Hook, hooks, path_secrets};

/// Values that commands gave, by the names of their variables.
type Outputs = Vec<(&'static str, String)>;

/// The settings of one service. Faults in the settings of other services do not matter.
///
/// # Errors
/// [`Error::is_invalid_input`] names the setting or the file: it cannot be read, others can read or change it,
/// or address and secret come from different sources.
pub(crate) fn load(settings: &Settings, service: Service, access: Access) -> Result<Config, Error> {
    let layers = Layers::open(settings)?;
    layers.check_origins(service)?;
    // Faults of the other settings are told before a command runs, which may ask the user for a password.
    let config = read(&layers, service, &Outputs::new())?;
    layers.check_missing(service, access)?;
    match outputs(&layers, service, access)? {
        outputs if outputs.is_empty() => Ok(config),
        outputs => read(&layers, service, &outputs),
    }
}

/// NiceChat's settings for a signature that is only computed, not sent. The secret may come from another
/// source than the address.
///
/// # Errors
/// As [`load`], except for different sources.
pub(crate) fn load_for_signing(settings: &Settings) -> Result<Config, Error> {
    let layers = Layers::open(settings)?;
    let outputs = outputs(&layers, Service::Nicechat, Access::Signing)?;
    read(&layers, Service::Nicechat, &outputs)
}

/// The settings of one service whose requests are passed on with the secrets of somebody else. The own secrets, if there
/// are any, are not sent, so they may come from another source than the address.
///
/// # Errors
/// As [`load`], except for different sources and missing secrets.
pub(crate) fn load_for_forwarding(settings: &Settings, service: Service) -> Result<Config, Error> {
    read(&Layers::open(settings)?, service, &Outputs::new())
}

/// Refuses the flags that were given for other services: they would be ignored.
///
/// # Errors
/// Wrong usage; the failure names the flag.
pub(crate) fn check_flags(settings: &Settings, service: Service) -> Result<(), Failure> {
    match settings.foreign(service) {
        None => Ok(()),
        Some(flag) => Err(Failure::usage(format_args!(
            "{flag} is not a setting of {}, which is called",
            names::table(service)
        ))),
    }
}

/// Says that a settings file in the current directory is not read, if there is one and no other file was named. It is
/// said when a command failed, because that file may be the reason.
pub(crate) fn hint_at_unread_file(settings: &Settings) {
    let location = location::locate(settings.file.config.as_deref());
    let is_named = location
        .as_ref()
        .is_some_and(|location| location.chosen != Chosen::User);
    if !is_named && location::overlooked(location.as_ref()) {
        output::hint(
            "shopwire.toml of the current directory is not read; to use it, name it: --config shopwire.toml",
        );
    }
}

/// The error that NiceChat's secret is not set; it tells where to put it.
pub(crate) fn missing_secret(settings: &Settings) -> Error {
    hint_at_unread_file(settings);
    let checked = Layers::open(settings)
        .and_then(|layers| layers.check_missing(Service::Nicechat, Access::Signing));
    checked
        .err()
        .unwrap_or_else(|| Error::invalid_input("NICECHAT_API_SECRET", "it is not set"))
}

/// Runs the commands of the secrets that the call needs. Others are not run.
fn outputs(layers: &Layers<'_>, service: Service, access: Access) -> Result<Outputs, Error> {
    let mut outputs = Outputs::new();
    let needed = names::needed(service, access);
    for setting in names::of(service).filter(|setting| needed.contains(&setting.variable)) {
        let Some(found) = layers.find(setting) else {
            continue;
        };
        if let Given::Command(command) = &found.given {
            let output = layers.run(setting, &found, command)?;
            outputs.push((setting.variable, output));
        }
    }
    Ok(outputs)
}

fn read(layers: &Layers<'_>, service: Service, outputs: &Outputs) -> Result<Config, Error> {
    // A text that is not UTF-8 would count as absent below.
    layers.check_encoding(service)?;
    Config::from_lookup(|name| {
        if let Some((_, output)) = outputs.iter().find(|(variable, _)| *variable == name) {
            return Some(output.clone());
        }
        let setting = names::SETTINGS
            .iter()
            .find(|setting| setting.variable == name && setting.service == service)?;
        layers.find(setting)?.text()
    })
    .map_err(|error| layers.placed(error))
}
