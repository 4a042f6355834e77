//! `shopwire probe nicechat`: finds out how a live server expects its requests to be signed.

mod candidates;
mod finding;
mod reply;
mod report;
mod search;
mod sender;

use std::io::{self, Write as _};

use nicechat_sign::{Credentials, Signer};
use shopwire::Shopwire;

use crate::{
    args::{Probe, Probed, Service},
    config::{self, Access},
    failure::Failure,
    output,
};
use search::Search;
use sender::Sender;

/// Queries the service and prints the accepted settings; exit code 1 if it accepts none.
pub(crate) async fn run(probe: &Probe) -> Result<(), Failure> {
    let done = search(probe).await;
    if done.is_err() {
        config::hint_at_unread_file(&probe.settings());
    }
    done
}

async fn search(probe: &Probe) -> Result<(), Failure> {
    let Probed::Nicechat = probe.service;
    let config = config::load(&probe.settings(), Service::Nicechat, Access::Identified)
        .map_err(|error| Failure::caused(&error))?;
    let shopwire = Shopwire::new(&config).map_err(|error| Failure::caused(&error))?;
    let client = shopwire
        .nicechat()
        .map_err(|error| Failure::caused(&error))?;
    let nicechat = &config.nicechat;
    let expose = |secret: &Option<shopwire::Secret>| {
        let secret = secret.as_ref();
        secret.map_or(String::new(), |secret| secret.expose().to_owned())
    };
    let credentials = Credentials::new(expose(&nicechat.api_key), expose(&nicechat.api_secret));
    let signer = Signer::new(credentials)
        .with_dialect(nicechat.dialect)
        .with_names(nicechat.names.clone());
    let sender = Sender::new(client.base_url().clone())?;
    let finding = Search::new(sender, signer).run().await;
    if probe.json {
        output::json_line(&report::json(&finding))?;
        let mut stderr = io::stderr().lock();
        for note in &finding.notes {
            // Without standard error, the printed object remains.
            let _ = writeln!(stderr, "note: {note}");
        }
    } else {
        output::write(report::readable(&finding).as_bytes())?;
    }
    match finding.failure() {
        None => Ok(()),
        Some(why) => Err(Failure::new(why)),
    }
}
