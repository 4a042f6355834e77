//! What the end-to-end tests share: a sandbox, clients for it, and a client that is nobody's library.

pub mod foreign;

use shopwire::{Config, Shopwire};
use shopwire_sandbox::{Options, Sandbox};

/// A sandbox of its own for each test, with the clients that talk to it.
///
/// # Panics
/// When a port on loopback cannot be had.
pub async fn sandbox(options: Options) -> (Sandbox, Shopwire) {
    let sandbox = Sandbox::start(options).await.expect("ports on loopback");
    let shopwire = Shopwire::new(&config(&sandbox)).expect("settings of a sandbox are complete");
    (sandbox, shopwire)
}

/// The settings that reach a sandbox.
///
/// # Panics
/// Never: the sandbox lives on loopback.
pub fn config(sandbox: &Sandbox) -> Config {
    let url = |text: String| text.parse().expect("a loopback URL");
    let (nicechat, uvygoda, retailcrm) =
        (sandbox.nicechat(), sandbox.uvygoda(), sandbox.retailcrm());
    Config::new()
        .nicechat(nicechat.api_key(), nicechat.api_secret())
        .nicechat_url(url(nicechat.url()))
        .uvygoda(uvygoda.token())
        .uvygoda_url(url(uvygoda.url()))
        .retailcrm(url(retailcrm.url()), retailcrm.api_key())
}

/// The examples of the README, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
