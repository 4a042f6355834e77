//! `shopwire config`: shows the settings, asks the services whether they work, lists the keys of the file.

mod check;
mod keys;
mod show;

use crate::{
    args::{Config, ConfigCommand, Service, Settings},
    config,
    failure::Failure,
};

pub(crate) async fn run(args: &Config) -> Result<(), Failure> {
    let (done, settings) = match &args.command {
        ConfigCommand::Show(args) => (show::print(args), &args.settings),
        ConfigCommand::Check(args) => (check::run(args).await, &args.settings),
        ConfigCommand::Keys(args) => return keys::print(args),
    };
    if done.is_err() {
        config::hint_at_unread_file(settings);
    }
    done
}

/// The services that are meant. Flags of others are refused if one is named.
fn services(named: Option<Service>, settings: &Settings) -> Result<Vec<Service>, Failure> {
    match named {
        None => Ok(Service::ALL.to_vec()),
        Some(service) => {
            config::check_flags(settings, service)?;
            Ok(vec![service])
        }
    }
}

/// JSON of a text that may be absent.
fn json_or_null(text: Option<&str>) -> String {
    text.map_or("null".to_owned(), common_model::to_json)
}
