//! The three emulated services on loopback until interrupted.

use std::{
    io::{self, Write as _},
    path::Path,
    time::SystemTime,
};

use nicechat_sign::{Names, QueryRule};
use shopwire_sandbox::{ClockStart, Missed, Options, RateLimit, Scenario, Subscription};

use crate::{
    args::{self, NamesOf, Query, StartOfClock},
    failure::Failure,
    output, signals,
};

/// Starts the services, prints their addresses, and serves until SIGINT or SIGTERM.
pub(crate) async fn run(args: &args::Sandbox) -> Result<(), Failure> {
    let rate_limit = if args.no_rate_limit {
        RateLimit::Lifted
    } else {
        RateLimit::Enforced
    };
    let options = checks(Options::default(), args)
        .nicechat(|nicechat| nicechat.port(args.nicechat_port))
        .uvygoda(|uvygoda| uvygoda.port(args.uvygoda_port))
        .retailcrm(|crm| crm.port(args.retailcrm_port).rate_limit(rate_limit));
    let options = with_admin(options, args);
    let scenario = args.scenario.as_deref().map(scenario).transpose()?;
    let plan = args.plan().map_err(Failure::new)?;
    let sandbox = shopwire_sandbox::Sandbox::start(options)
        .await
        .map_err(|error| {
            Failure::new(format_args!(
                "the sandbox does not start: {error}; choose ports with --nicechat-port, --uvygoda-port, \
                 --retailcrm-port and --admin-port (0: any free one)"
            ))
        })?;
    if let Some(plan) = plan {
        sandbox.seed(&plan).await;
    }
    if let Some(scenario) = scenario {
        sandbox.start_scenario(scenario);
    }
    // The handlers are set before the addresses are printed, because a reader may interrupt at
    // once.
    let mut interrupts = signals::listen()?;
    if !args.quiet {
        // It ends with the sandbox.
        tokio::spawn(print(sandbox.journal().subscribe(), args.verbose));
    }
    if args.json {
        output::json_line(&sandbox.to_json())?;
    } else {
        output::line(&readable(&sandbox))?;
    }
    interrupts.next().await;
    sandbox.shutdown().await;
    Ok(())
}

/// Adds how NiceChat checks its requests.
pub(super) fn checks(options: Options, args: &args::Sandbox) -> Options {
    options.nicechat(|nicechat| {
        nicechat
            .dialect(args.nicechat_dialect)
            .names(names(args))
            .query_rule(query_rule(args))
    })
}

/// The names of NiceChat's key and signature.
pub(super) fn names(args: &args::Sandbox) -> Names {
    match args.nicechat_names {
        NamesOf::Samples => Names::new(),
        NamesOf::Prose => Names::new()
            .signature_header("_sing")
            .signature_parameter("_sing"),
    }
}

/// Whether NiceChat's signature covers the query.
pub(super) fn query_rule(args: &args::Sandbox) -> QueryRule {
    match args.nicechat_query {
        Query::Unsigned => QueryRule::Unsigned,
        Query::Signed => QueryRule::Signed,
    }
}

/// Adds the admin API, the seed and the clock.
fn with_admin(mut options: Options, args: &args::Sandbox) -> Options {
    if !args.no_admin {
        options = options.admin_port(args.admin_port);
    }
    if let Some(seed) = args.seed {
        options = options.seed(seed);
    }
    match (args.clock, args.frozen) {
        (None, false) => options,
        (Some(StartOfClock::Now), false) => options.clock(ClockStart::Now),
        (Some(StartOfClock::At(time)), false) => options.clock(ClockStart::At(time)),
        (Some(StartOfClock::At(time)), true) => options.clock(ClockStart::FrozenAt(time)),
        (Some(StartOfClock::Now), true) => options.clock(ClockStart::FrozenAt(now())),
        // A seed alone stops the clock at a time of its own.
        (None, true) if args.seed.is_some() => options,
        (None, true) => options.clock(ClockStart::FrozenAt(now())),
    }
}

fn now() -> SystemTime {
    jiff::Timestamp::now().into()
}

/// Reads a scenario: one that ships, or a file. A name wins over a file of the same name; `./NAME` is the file.
fn scenario(named: &Path) -> Result<Scenario, Failure> {
    let shipped = named.to_str().and_then(|name| Scenario::named(name).ok());
    if let Some(scenario) = shipped {
        return Ok(scenario);
    }
    let names: Vec<String> = Scenario::shipped()
        .iter()
        .map(|one| format!("\"{}\"", one.name()))
        .collect();
    let names = names.join(", ");
    let shown = named.display();
    let text = std::fs::read_to_string(named).map_err(|error| {
        Failure::new(format_args!(
            "--scenario: {shown}: {error}; the scenarios that ship are {names}"
        ))
    })?;
    text.parse()
        .map_err(|error| Failure::new(format_args!("--scenario: {shown}: {error}")))
}

/// Prints a line on standard error for each request, and with `verbose` further lines.
async fn print(mut requests: Subscription, verbose: bool) {
    while let Some(request) = requests.next().await {
        let lines = match request {
            Ok(exchange) if verbose => [vec![exchange.line()], exchange.details()].concat(),
            Ok(exchange) => vec![exchange.line()],
            Err(Missed(count)) => vec![format!("{count} requests are left out")],
        };
        let text = lines.join("\n");
        // Without standard error the sandbox still serves.
        let _ = writeln!(io::stderr(), "{text}");
    }
}

/// Addresses and credentials as variables for a shell or a client. The credentials are valid for
/// this sandbox only.
fn readable(sandbox: &shopwire_sandbox::Sandbox) -> String {
    let (nicechat, uvygoda, retailcrm) =
        (sandbox.nicechat(), sandbox.uvygoda(), sandbox.retailcrm());
    let services = format!(
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
    );
    match sandbox.admin() {
        Some(admin) => format!(
            "{services}\n# What happens, and why a request is refused: open {}",
            admin.url()
        ),
        None => services,
    }
}
