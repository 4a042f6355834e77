//! `shopwire sign`: a NiceChat signature stage by stage, for users who debug a 401.

mod batch;
mod explain;
mod request;
mod typed;
mod verify;

use nicechat_sign::explain::{NotASignature, Received};

use crate::{args::Sign, config, failure::Failure};

/// Signs standard input, explains a signature, or verifies one.
pub(crate) fn run(sign: &Sign) -> Result<(), Failure> {
    if sign.batch {
        return batch::run();
    }
    let given = sign.verify.as_deref().map(received).transpose()?;
    let settings = sign.settings();
    let config = config::load_for_signing(&settings).map_err(|error| Failure::caused(&error))?;
    let request = request::read(sign, &config.nicechat)?;
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

/// Reads the signature to check.
fn received(text: &str) -> Result<Received, Failure> {
    text.parse()
        .map_err(|error: NotASignature| match error.other_hash() {
            Some(_) => Failure::new(format_args!("the signature is wrong: {error}")),
            None => Failure::usage(format_args!("--verify: {error}")),
        })
}
