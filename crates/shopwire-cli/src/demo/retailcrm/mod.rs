//! RetailCRM: the orders of all channels in one batch, one of them wrong; pages at the permitted rate;
//! history.

mod history;
mod upload;

use std::collections::HashSet;

use shopwire::{
    Shopwire,
    retailcrm::{
        Client, Page, PageSize,
        orders::{List, Order},
    },
};
use shopwire_sandbox::RetailCrm;
use tokio::task::JoinSet;

use super::{Sale, Stop, base_url, transcript::Transcript};

/// Number of earlier orders, so that there are pages to walk.
const ARCHIVE: usize = 180;

/// Maximum size of a batch.
const BATCH: usize = 50;

/// Number of calls at once, more than the service permits in a second.
const BURST: usize = 15;

/// Runs the chapter.
pub(super) async fn tour(
    transcript: &mut Transcript,
    shopwire: &Shopwire,
    service: &RetailCrm,
    sales: &[Sale],
) -> Result<(), Stop> {
    transcript.chapter("retailcrm", "RetailCRM: orders of every channel");
    let client = shopwire.retailcrm()?;
    credentials(transcript, client).await?;
    // The service counts requests by address: all clients of a process share one limiter.
    let stranger = Client::builder(base_url(&service.url())?, "no-such-key").build()?;
    refused_key(transcript, &stranger).await;
    let archive: Vec<Order> = (1..=ARCHIVE).map(upload::archived).collect();
    for batch in archive.chunks(BATCH) {
        upload::upload(transcript, client, batch, "orders.upload, from before").await?;
    }
    upload::upload_sales(transcript, client, sales).await?;
    let newest = history::newest_change(transcript, client).await?;
    let edited = sales.first().ok_or(Stop::Missing("order to edit"))?;
    history::edit(transcript, client, &edited.external_id).await?;
    history::changes_since(transcript, client, newest, &edited.external_id).await?;
    walk(transcript, client, ARCHIVE + sales.len()).await?;
    burst(transcript, client, &archive).await?;
    refusals(transcript, client).await?;
    transcript.check(
        "not one 503 was seen at the permitted rate",
        service.requests().answered(503) == 0,
    );
    Ok(())
}

async fn credentials(transcript: &mut Transcript, client: &Client) -> Result<(), Stop> {
    let credentials = transcript
        .call(
            "api.get_credentials",
            client.api().get_credentials(),
            |answer| format!("{} scopes", answer.scopes.as_ref().map_or(0, Vec::len)),
        )
        .await?;
    transcript.check(
        "the key may write orders",
        credentials
            .scopes
            .is_some_and(|scopes| scopes.iter().any(|scope| scope == "order_write")),
    );
    Ok(())
}

async fn refused_key(transcript: &mut Transcript, stranger: &Client) {
    let call = stranger.api().get_credentials();
    let refusal = transcript
        .refusal("api.get_credentials, with a wrong key", call)
        .await;
    transcript.check(
        "a wrong key is refused as such",
        refusal.is_some_and(|error| error.is_auth()),
    );
}

/// Walks all orders, page by page, as fast as the service permits.
async fn walk(transcript: &mut Transcript, client: &Client, expected: usize) -> Result<(), Stop> {
    let mut pages = client.pages(List::new().limit(PageSize::P20.into()));
    let mut seen = HashSet::new();
    let mut total = None;
    let told = |page: &Page<Order>| format!("{} orders", page.items.len());
    while let Some(page) = transcript
        .page("orders.list, by pages", pages.next(), told)
        .await?
    {
        total = page.total_count;
        seen.extend(page.items.into_iter().filter_map(|order| order.external_id));
    }
    transcript.check(
        format!("the walk found all {expected} orders, each once"),
        seen.len() == expected && total == u64::try_from(expected).ok(),
    );
    Ok(())
}

/// Makes more calls at once than a second permits; the limiter spreads them out.
async fn burst(transcript: &mut Transcript, client: &Client, orders: &[Order]) -> Result<(), Stop> {
    let ids: Vec<String> = orders
        .iter()
        .take(BURST)
        .filter_map(|order| order.external_id.clone())
        .collect();
    let all = async {
        let mut calls = JoinSet::new();
        for id in ids {
            let client = client.clone();
            calls.spawn(async move { client.orders().get(id).await });
        }
        calls
            .join_all()
            .await
            .into_iter()
            .collect::<Result<Vec<_>, _>>()
    };
    let answers = transcript
        .call("orders.get, many at once", all, |answers| {
            format!("{} answers", answers.len())
        })
        .await?;
    transcript.check("every one of them was answered", answers.len() == BURST);
    Ok(())
}

async fn refusals(transcript: &mut Transcript, client: &Client) -> Result<(), Stop> {
    let unknown = client.orders().get("none");
    let refusal = transcript
        .refusal("orders.get, of an unknown id", unknown)
        .await;
    transcript.check(
        "an unknown id is told as such",
        refusal.is_some_and(|error| error.is_not_found()),
    );
    let taken = client.orders().create(upload::archived(1));
    let refusal = transcript
        .refusal("orders.create, with a taken id", taken)
        .await;
    transcript.check(
        "so is an id that is taken",
        refusal.is_some_and(|error| error.is_service()),
    );
    Ok(())
}
