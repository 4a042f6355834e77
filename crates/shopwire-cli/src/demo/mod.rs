//! `shopwire demo`: a merchant's day over all three services, on the embedded sandbox, over real HTTP, with the
//! clients that production uses. It checks its own results.
#![allow(
    clippy::disallowed_methods,
    reason = "the tour tells how long its calls took"
)]

mod goods;
mod nicechat;
mod retailcrm;
mod shop;
mod summary;
mod transcript;
mod uvygoda;

use std::{fmt, io, time::Instant};

use common_transport::Error;
use shopwire::{Config, Shopwire};
use shopwire_sandbox::{Options, Sandbox};

use crate::{args::Demo, failure::Failure, output};
use shop::Shop;
use summary::Summary;
use transcript::{Telling, Transcript};

/// The reason that the tour stopped.
#[derive(Debug)]
enum Stop {
    /// A call failed unexpectedly.
    Call(Error),
    /// IO beside the calls failed.
    Io(io::Error),
    /// An answer lacks what the next step needs.
    Missing(&'static str),
}

/// An order of any channel, on its way into the CRM.
#[derive(Debug, Clone)]
struct Sale {
    /// Unique over all channels.
    external_id: String,
    buyer: String,
    /// Title, price and quantity of each line.
    lines: Vec<(String, common_model::Decimal, i64)>,
}

/// Runs the tour.
pub(crate) async fn run(args: &Demo) -> Result<(), Failure> {
    let telling = if args.json {
        Telling::Silent
    } else {
        Telling::Aloud
    };
    let begun = Instant::now();
    let mut transcript = Transcript::new(telling);
    let sandbox = Sandbox::start(Options::default())
        .await
        .map_err(|error| Failure::new(format_args!("the sandbox does not start: {error}")))?;
    let toured = tour(&mut transcript, &sandbox).await;
    let summary = Summary::of(&transcript, &sandbox, begun.elapsed());
    let ok = summary.ok() && toured.is_ok();
    sandbox.shutdown().await;
    if args.json {
        output::json_line(&summary.to_json(ok))?;
    } else {
        output::line(summary.to_table().trim_end())?;
    }
    match toured {
        Err(stop) => Err(Failure::new(format_args!("the tour stopped: {stop}"))),
        Ok(()) if ok => Ok(()),
        Ok(()) => Err(Failure::new("the tour's results are off")),
    }
}

async fn tour(transcript: &mut Transcript, sandbox: &Sandbox) -> Result<(), Stop> {
    let mut shop = Shop::open(goods::feed()).await?;
    let shopwire = Shopwire::new(&config(sandbox)?)?;
    let (products, mut sales) = nicechat::tour(
        transcript,
        shopwire.nicechat()?,
        sandbox.nicechat(),
        &mut shop,
    )
    .await?;
    sales.extend(uvygoda::tour(transcript, sandbox.uvygoda(), &mut shop, &products).await?);
    retailcrm::tour(transcript, &shopwire, sandbox.retailcrm(), &sales).await
}

/// The sandbox's addresses and keys as settings.
fn config(sandbox: &Sandbox) -> Result<Config, Stop> {
    let (nicechat, retailcrm) = (sandbox.nicechat(), sandbox.retailcrm());
    Ok(Config::new()
        .nicechat(nicechat.api_key(), nicechat.api_secret())
        .nicechat_url(base_url(&nicechat.url())?)
        .retailcrm(base_url(&retailcrm.url())?, retailcrm.api_key()))
}

fn base_url(url: &str) -> Result<shopwire::BaseUrl, Stop> {
    url.parse()
        .map_err(|_| Stop::Missing("a usable address of the sandbox"))
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(error) => error.fmt(f),
            Self::Io(error) => error.fmt(f),
            Self::Missing(what) => write!(f, "there is no {what}"),
        }
    }
}
