//! `--play`: recorded answers in place of the real services.

mod meaning;
mod player;

use std::{path::Path, sync::Arc};

use common_api::cassette::{Cassette, Exchange};
use common_model::{Map, Value as Json, to_json};

use self::player::Player;
use super::{
    loopback::{self, Port},
    operation,
};
use crate::{
    args::{Sandbox, Service},
    call::service_name,
    failure::Failure,
    input, output, signals,
};

/// Stands in the place of keys, tokens and secrets, which are not looked at.
const ANY: &str = "recorded";

/// Opens a port for each service, and plays until interrupted.
pub(super) async fn run(args: &Sandbox, file: &Path) -> Result<(), Failure> {
    let cassette = read("play", file)?;
    let mut interrupts = signals::listen()?;
    let mut played = Vec::new();
    for service in Service::ALL {
        let player = Player::new(service, of(&cassette, service), !args.quiet);
        let port = Port::open(service, args.port(service), Arc::new(player)).await;
        let port = port.map_err(|error| super::cannot_listen(service, &error))?;
        played.push((service, port));
    }
    announce(args, file, cassette.len(), &played)?;
    interrupts.next().await;
    loopback::close(played.into_iter().map(|(_, port)| port)).await;
    Ok(())
}

/// Reads a recording; the failure names the option.
pub(super) fn read(option: &str, file: &Path) -> Result<Cassette, Failure> {
    Cassette::read(file)
        .map_err(|error| Failure::new(format_args!("--{option}: {}: {error}", input::shown(file))))
}

/// The exchanges of a service.
fn of(cassette: &Cassette, service: Service) -> Vec<Exchange> {
    let is_of = |exchange: &&Exchange| operation::service_of(exchange.operation()) == Some(service);
    cassette.exchanges().iter().filter(is_of).cloned().collect()
}

/// Says where the ports are, in the form of the emulation.
fn announce(
    args: &Sandbox,
    file: &Path,
    exchanges: usize,
    played: &[(Service, Port)],
) -> Result<(), Failure> {
    if args.json {
        let each = played.iter().map(|(service, port)| {
            let secrets = secrets(*service).iter().map(|name| (*name, ANY.to_owned()));
            let members = std::iter::once(("url", port.url())).chain(secrets);
            let members: Map<Json> = members
                .map(|(name, text)| (name.to_owned(), Json::from(text)))
                .collect();
            (service_name(*service).to_owned(), Json::Object(members))
        });
        return output::json_line(&to_json(&each.collect::<Map<Json>>()));
    }
    let mut text = format!(
        "# Playing {exchanges} exchanges of {} until interrupted. Any key will do. Settings for clients:",
        input::shown(file)
    );
    for (service, port) in played {
        let name = service_name(*service).to_uppercase();
        text += &format!("\nexport {name}_URL={}", port.url());
        for secret in secrets(*service) {
            text += &format!(" {name}_{}={ANY}", secret.to_uppercase());
        }
    }
    output::line(&text)
}

/// The names of a service's secrets.
fn secrets(service: Service) -> &'static [&'static str] {
    match service {
        Service::Nicechat => &["api_key", "api_secret"],
        Service::Uvygoda => &["token"],
        Service::Retailcrm => &["api_key"],
    }
}
