//! `shopwire sign`: a NiceChat signature stage by stage, for users who debug a 401.

mod batch;
mod bodies;
mod encoding;
mod ends;
mod explain;
mod fields;
mod given;
mod parts;
mod recipe;
mod request;
mod search;
#[cfg(test)]
mod sweep;
mod typed;
mod variant;
mod verify;

use crate::{args::Sign, config, failure::Failure};
use given::Given;
use request::Request;

/// Signs standard input, explains a signature, or verifies one.
pub(crate) fn run(sign: &Sign) -> Result<(), Failure> {
    if sign.batch {
        return batch::run();
    }
    let given = sign.verify.as_deref().map(Given::parse).transpose()?;
    let settings = sign.settings();
    let config = config::load_for_signing(&settings).map_err(|error| Failure::caused(&error))?;
    let request = Request::read(sign, &config.nicechat)?;
    let secret = config.nicechat.api_secret;
    let secret = secret.ok_or_else(|| Failure::caused(&config::missing_secret(&settings)))?;
    let key = config.nicechat.api_key;
    match given {
        None => explain::print(&request, secret.expose()),
        Some(given) => {
            let key = key.as_ref().map_or("", |key| key.expose());
            verify::print(&request, secret.expose(), key, &given)
        }
    }
}
