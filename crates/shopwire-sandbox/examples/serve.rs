//! Serves the three emulated services until it is interrupted. It prints addresses and credentials as one line of
//! JSON, for clients in any language.
//!
//! `cargo run -p shopwire-sandbox --example serve -- --no-rate-limit`

use shopwire_sandbox::{Options, RateLimit, Sandbox};

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let is_lifted = std::env::args().any(|argument| argument == "--no-rate-limit");
    let rate_limit = if is_lifted {
        RateLimit::Lifted
    } else {
        RateLimit::Enforced
    };
    let sandbox =
        Sandbox::start(Options::default().retailcrm(|crm| crm.rate_limit(rate_limit))).await?;
    println!("{}", sandbox.to_json());
    tokio::signal::ctrl_c().await?;
    sandbox.shutdown().await;
    Ok(())
}
