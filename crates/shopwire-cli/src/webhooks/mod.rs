//! `shopwire webhooks`: receives events and keeps them in the inbox until interrupted.

pub(crate) mod connection;
mod metrics;
mod receivers;
mod server;

use common_model::{Map, Value as Json, to_json};
use tokio::{net::TcpListener, time::Instant};

use crate::{
    args, config,
    failure::Failure,
    output, signals,
    store::{self, Missing, Opened},
};
use receivers::Receivers;
use server::Desk;

/// Starts the receivers, prints their addresses, and serves until SIGINT or SIGTERM. Then it accepts no more, and
/// finishes what has begun, up to the limit of the options. A second signal ends it at once; no event that was answered with 200 is lost by that.
pub(crate) async fn run(args: &args::Webhooks) -> Result<(), Failure> {
    let hooks = config::hooks(&args.file).map_err(|error| Failure::caused(&error))?;
    let mut interrupts = signals::listen()?;
    let opened = store::open(&args.store, Missing::Make).await?;
    let receivers = Receivers::new(hooks, &opened.inbox);
    let listener = TcpListener::bind(args.listen).await;
    let listener = listener.map_err(|error| {
        Failure::new(format_args!(
            "{}: {error}; choose another address with --listen (port 0: any free one)",
            args.listen
        ))
    })?;
    let address = listener
        .local_addr()
        .map_err(|error| Failure::new(format_args!("{}: {error}", args.listen)))?;
    if !address.ip().is_loopback() {
        output::warning(
            "the address can be reached by other machines, and the path secrets travel in the clear: let only a proxy \
             that speaks HTTPS reach it",
        );
    }
    announce(args, &format!("http://{address}"), &receivers, &opened)?;

    let desk = Desk::new(receivers.clone(), opened.inbox.clone());
    let finishing = server::serve(listener, desk, interrupts.next()).await;
    let stopped = Instant::now();
    let finished = async {
        finishing.within(args.grace.duration()).await;
        // A delivery that has been read does not need its connection.
        receivers.drain().await;
        opened.close().await;
    };
    tokio::select! {
        () = finished => Ok(()),
        () = interrupts.next_after(stopped) => Err(Failure::new("ended by a second signal; deliveries without an answer may be lost")),
    }
}

/// Says where the receivers are. The last segment of each path is the secret, which is not shown.
fn announce(
    args: &args::Webhooks,
    url: &str,
    receivers: &Receivers,
    opened: &Opened,
) -> Result<(), Failure> {
    if args.json {
        let each = receivers.all().iter().map(|receiver| {
            let members = [
                ("service", Json::from(receiver.name)),
                ("source", Json::from(&receiver.source)),
                ("url", Json::from(format!("{url}/{}/", receiver.name))),
            ];
            Json::Object(map(members))
        });
        let ready = map([
            ("url", Json::from(url)),
            ("receivers", Json::from(each.collect::<Vec<_>>())),
            ("health", Json::from(format!("{url}/health"))),
            ("metrics", Json::from(format!("{url}/metrics"))),
            ("store", Json::from(&opened.place)),
        ]);
        return output::json_line(&to_json(&ready));
    }
    let mut text = format!(
        "The store is {}. Receiving until interrupted:\n",
        opened.place
    );
    for receiver in receivers.all() {
        text += &format!("  {url}/{}/SECRET  as {}\n", receiver.name, receiver.source);
    }
    output::line(&format!("{text}  {url}/health, {url}/metrics"))
}

fn map<const N: usize>(members: [(&str, Json); N]) -> Map<Json> {
    members
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
