//! `--record`: in front of the real services.

mod accept;
mod forward;
mod losses;
mod raw;

use std::{path::Path, sync::Arc};

use common_api::cassette::Recorder;
use common_model::{Map, Value as Json, to_json};
use common_transport::BaseUrl;
use tokio::time::Instant;

use self::{forward::Forward, losses::Losses};
pub(super) use self::{forward::no_answer, raw::Raw};
use super::loopback::{self, Port};
use crate::{
    args::{Sandbox, Service},
    call::service_name,
    config,
    failure::Failure,
    input, output, signals,
};

/// Opens a port for each service with an address in the settings, and records until interrupted.
pub(super) async fn run(args: &Sandbox, file: &Path) -> Result<(), Failure> {
    let settings = args.recording.settings();
    let (mut accounts, mut secrets) = (Vec::new(), Vec::new());
    for service in Service::ALL {
        let config = config::load_for_forwarding(&settings, service)
            .map_err(|error| Failure::caused(&error))?;
        secrets.extend(forward::secrets(&config));
        accounts.extend(forward::account(service, &config));
    }
    if accounts.is_empty() {
        config::hint_at_unread_file(&settings);
        return Err(Failure::new(
            "--record: no account is in the settings; give an address with --retailcrm-url, --uvygoda-url or \
             --nicechat-url, in the environment (RETAILCRM_URL) or in the settings file",
        ));
    }
    let recorder = Recorder::open(file)
        .map_err(|error| Failure::new(format_args!("--record: {}: {error}", input::shown(file))))?;
    // A client may send the secret of one service to another.
    for secret in secrets {
        recorder.hide(secret);
    }
    // They are the ends of the addresses that a client may register.
    for secret in config::path_secrets(&settings.file) {
        recorder.hide(secret);
    }
    let mut interrupts = signals::listen()?;
    let (mut recorded, losses) = (Vec::new(), Arc::new(Losses::default()));
    for account in accounts {
        let service = account.service;
        let forward = Forward::new(&account, &recorder, &losses, !args.quiet)
            .map_err(|error| Failure::caused(&error))?;
        let port = Port::open(service, args.port(service), Arc::new(forward)).await;
        let port = port.map_err(|error| super::cannot_listen(service, &error))?;
        recorded.push((service, account.url, port));
    }
    check_loop(&recorded)?;
    announce(args, file, &recorded)?;
    interrupts.next().await;
    let stopped = Instant::now();
    let ports = recorded.into_iter().map(|(_, _, port)| port);
    tokio::select! {
        () = loopback::close(ports) => {}
        () = interrupts.next_after(stopped) => {
            let why = "ended by a second signal; exchanges that had begun may be missing in the recording";
            return Err(Failure::new(why));
        }
    }
    if let Err(error) = recorder.finish() {
        losses.note(&error);
    }
    losses.check().map_err(Failure::new)
}

/// Refuses to forward to a port of this command, as when its own address is still in the environment.
fn check_loop(recorded: &[(Service, BaseUrl, Port)]) -> Result<(), Failure> {
    for (service, url, _) in recorded {
        if recorded
            .iter()
            .any(|(.., port)| port.is_at(url.authority()))
        {
            let name = service_name(*service).to_uppercase();
            return Err(Failure::new(format_args!(
                "--record: {url} is the recorder itself, so requests would go in a circle; give the address of the \
                 account ({name}_URL)"
            )));
        }
    }
    Ok(())
}

/// Says where the ports are, and what they forward to.
fn announce(
    args: &Sandbox,
    file: &Path,
    recorded: &[(Service, BaseUrl, Port)],
) -> Result<(), Failure> {
    // A client that was given the path of the account's address keeps it.
    let path = |url: &BaseUrl| {
        let whole = url.to_string();
        let path = whole
            .split_once(url.authority())
            .map(|(_, path)| path.to_owned());
        path.unwrap_or_default()
    };
    if args.json {
        let each = recorded.iter().map(|(service, url, port)| {
            let members = [
                ("url", port.url() + &path(url)),
                ("account", url.to_string()),
            ];
            let members = members.map(|(name, text)| (name.to_owned(), Json::from(text)));
            let members: Map<Json> = members.into_iter().collect();
            (service_name(*service).to_owned(), Json::Object(members))
        });
        return output::json_line(&to_json(&each.collect::<Map<Json>>()));
    }
    let mut text = format!(
        "# Recording to {} until interrupted. Call the accounts under these addresses, with their own credentials:",
        input::shown(file)
    );
    for (service, url, port) in recorded {
        let name = service_name(*service).to_uppercase();
        text += &format!("\nexport {name}_URL={}{}   # {url}", port.url(), path(url));
    }
    output::line(&text)
}
