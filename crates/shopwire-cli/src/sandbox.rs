//! `shopwire sandbox`: the three services on loopback until interrupted.

use std::io;

use nicechat_sign::{Names, QueryRule};
use shopwire_sandbox::{Options, RateLimit};

use crate::{
    args::{self, NamesOf, Query},
    failure::Failure,
    output,
};

/// Starts the services, says where they are, and serves until SIGINT or SIGTERM.
pub(crate) async fn run(args: &args::Sandbox) -> Result<(), Failure> {
    let rate_limit = if args.no_rate_limit {
        RateLimit::Lifted
    } else {
        RateLimit::Enforced
    };
    let names = match args.nicechat_names {
        NamesOf::Samples => Names::new(),
        NamesOf::Prose => Names::new()
            .signature_header("_sing")
            .signature_parameter("_sing"),
    };
    let query_rule = match args.nicechat_query {
        Query::Unsigned => QueryRule::Unsigned,
        Query::Signed => QueryRule::Signed,
    };
    let options = Options::default()
        .nicechat(|nicechat| {
            nicechat
                .port(args.nicechat_port)
                .dialect(args.nicechat_dialect)
                .names(names)
                .query_rule(query_rule)
        })
        .uvygoda(|uvygoda| uvygoda.port(args.uvygoda_port))
        .retailcrm(|crm| crm.port(args.retailcrm_port).rate_limit(rate_limit));
    let sandbox = shopwire_sandbox::Sandbox::start(options)
        .await
        .map_err(|error| {
            Failure::new(format_args!(
                "the sandbox does not start: {error}; choose ports with --nicechat-port, --uvygoda-port and \
                 --retailcrm-port (0: any free one)"
            ))
        })?;
    // The handlers stand before the announcement: whoever reads it may interrupt at once.
    let interrupted =
        interrupted().map_err(|error| Failure::new(format_args!("signals: {error}")))?;
    if args.json {
        output::json_line(&sandbox.to_json())?;
    } else {
        output::line(&readable(&sandbox))?;
    }
    interrupted.await;
    sandbox.shutdown().await;
    Ok(())
}

/// The same as variables that a shell or a client can take over. They open nothing but this sandbox.
fn readable(sandbox: &shopwire_sandbox::Sandbox) -> String {
    let (nicechat, uvygoda, retailcrm) =
        (sandbox.nicechat(), sandbox.uvygoda(), sandbox.retailcrm());
    format!(
        "# The sandbox serves until interrupted. Settings for its clients:\n\
         export NICECHAT_URL={} NICECHAT_API_KEY={} NICECHAT_API_SECRET={}\n\
         export UVYGODA_URL={} UVYGODA_TOKEN={}\n\
         export RETAILCRM_URL={} RETAILCRM_API_KEY={}",
        nicechat.url(),
        nicechat.api_key(),
        nicechat.api_secret(),
        uvygoda.url(),
        uvygoda.token(),
        retailcrm.url(),
        retailcrm.api_key(),
    )
}

/// Ends with the first SIGINT or SIGTERM; the handlers are in place when this returns.
#[cfg(unix)]
fn interrupted() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => (),
            _ = terminate.recv() => (),
        }
    })
}

/// Ends with the first Ctrl-C.
#[cfg(not(unix))]
fn interrupted() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without a handler the process would end by itself anyway.
        let _ = tokio::signal::ctrl_c().await;
    })
}
