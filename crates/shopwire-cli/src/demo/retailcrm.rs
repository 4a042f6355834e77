//! RetailCRM: every channel's orders in one batch, one of them bad; pages at the permitted rate; history.

use std::collections::HashSet;

use common_model::Decimal;
use shopwire::{
    Shopwire,
    retailcrm::{
        Batch as _, Client, Page, PageSize,
        orders::{List, ListHistory, Order, OrderHistory, OrderProduct, OrdersUploadResponse},
    },
};
use shopwire_sandbox::RetailCrm;
use tokio::task::JoinSet;

use super::{Sale, Stop, base_url, transcript::Transcript};

/// Orders from before, so that there are pages to walk.
const ARCHIVE: usize = 180;

/// The most that the service takes at once.
const BATCH: usize = 50;

/// More calls at once than the service permits in a second.
const BURST: usize = 15;

const COMMENT: &str = "позвонить до 18:00";

/// The chapter.
pub(super) async fn tour(
    transcript: &mut Transcript,
    shopwire: &Shopwire,
    service: &RetailCrm,
    sales: &[Sale],
) -> Result<(), Stop> {
    transcript.chapter("retailcrm", "RetailCRM: orders of every channel");
    let client = shopwire.retailcrm()?;
    credentials(transcript, client).await?;
    // The service counts requests by address: both clients share one limiter.
    let stranger = Client::builder(base_url(&service.url())?, "wrong")
        .limits(shopwire.retailcrm_limits().clone())
        .build()?;
    refused_key(transcript, &stranger).await;
    let archive: Vec<Order> = (1..=ARCHIVE).map(archived).collect();
    for batch in archive.chunks(BATCH) {
        upload(transcript, client, batch, "orders.upload, from before").await?;
    }
    upload_sales(transcript, client, sales).await?;
    let newest = newest_change(transcript, client).await?;
    let edited = sales.first().ok_or(Stop::Missing("order to edit"))?;
    edit(transcript, client, &edited.external_id).await?;
    changes_since(transcript, client, newest, &edited.external_id).await?;
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

fn archived(number: usize) -> Order {
    Order::new()
        .external_id(format!("old-{number}"))
        .first_name("Постоянный покупатель")
        .items(vec![line("Кружка из архива", Decimal::new(9_900, 2), 1)])
}

fn order(sale: &Sale) -> Order {
    let lines = sale
        .lines
        .iter()
        .map(|(title, price, quantity)| line(title, *price, *quantity));
    Order::new()
        .external_id(sale.external_id.as_str())
        .first_name(sale.buyer.as_str())
        .items(lines.collect::<Vec<_>>())
}

fn line(title: &str, price: Decimal, quantity: i64) -> OrderProduct {
    OrderProduct::new()
        .product_name(title)
        .initial_price(price)
        .quantity(quantity)
}

async fn upload(
    transcript: &mut Transcript,
    client: &Client,
    orders: &[Order],
    what: &str,
) -> Result<OrdersUploadResponse, Stop> {
    let call = client.orders().upload(orders.to_vec());
    let answer = transcript
        .call(what, call, |answer| {
            let landed = answer.uploaded_orders.as_ref().map_or(0, Vec::len);
            match (answer.message(), answer.failed().len()) {
                (_, 0) => format!("{landed} landed"),
                (why, failed) => format!(
                    "{landed} landed, {failed} refused: {}",
                    why.unwrap_or_default()
                ),
            }
        })
        .await?;
    Ok(answer)
}

/// The channels' orders, and one whose external id is taken.
async fn upload_sales(
    transcript: &mut Transcript,
    client: &Client,
    sales: &[Sale],
) -> Result<(), Stop> {
    let mut batch: Vec<Order> = sales.iter().map(order).collect();
    batch.insert(1, archived(1));
    let answer = upload(transcript, client, &batch, "orders.upload, one of them bad").await?;
    let landed: HashSet<&str> = answer
        .uploaded_orders
        .iter()
        .flatten()
        .filter_map(|row| row.external_id.as_deref())
        .collect();
    transcript.check(
        "the good orders landed",
        landed.len() == sales.len()
            && sales
                .iter()
                .all(|sale| landed.contains(sale.external_id.as_str())),
    );
    let failed: Vec<_> = answer
        .failed()
        .iter()
        .filter_map(|row| row.external_id.as_deref())
        .collect();
    transcript.check(
        "the bad one is reported",
        answer.is_partial() && failed == ["old-1"] && answer.errors().is_some(),
    );
    Ok(())
}

/// The id of the newest change: where an incremental sync would stand now.
async fn newest_change(transcript: &mut Transcript, client: &Client) -> Result<Option<i64>, Stop> {
    let mut changes = client.changes(ListHistory::new(), None);
    let (mut count, mut pages) = (0, 0);
    let told = |page: &Page<OrderHistory>| format!("{} changes", page.items.len());
    while let Some(page) = transcript
        .page("orders.list_history", changes.next(), told)
        .await?
    {
        count += page.items.len();
        pages += 1;
    }
    transcript.check(
        "the history tells of every order",
        pages > 1 && count >= ARCHIVE,
    );
    Ok(changes.since())
}

async fn edit(transcript: &mut Transcript, client: &Client, id: &str) -> Result<(), Stop> {
    let change = Order::new().manager_comment(COMMENT);
    transcript
        .call("orders.edit", client.orders().edit(id, change), |_| {
            format!("a comment on {id}")
        })
        .await?;
    let answer = transcript
        .call("orders.get", client.orders().get(id), |answer| {
            let comment = answer
                .order
                .as_ref()
                .and_then(|order| order.manager_comment.clone());
            comment.unwrap_or_default()
        })
        .await?;
    let order = answer.order.ok_or(Stop::Missing("order in the answer"))?;
    transcript.check(
        "the edit is kept and the rest is unchanged",
        order.manager_comment.as_deref() == Some(COMMENT)
            && order.items.is_some_and(|items| !items.is_empty()),
    );
    Ok(())
}

async fn changes_since(
    transcript: &mut Transcript,
    client: &Client,
    since: Option<i64>,
    id: &str,
) -> Result<(), Stop> {
    let mut changes = client.changes(ListHistory::new(), since);
    let page = transcript
        .page("orders.list_history, since then", changes.next(), |page| {
            let changes = page.items.iter();
            let fields: Vec<&str> = changes
                .filter_map(|change| change.field.as_deref())
                .collect();
            format!("changed: {}", fields.join(", "))
        })
        .await?;
    let changes = page.map(|page| page.items).unwrap_or_default();
    let is_edited = |order: &Order| order.external_id.as_deref() == Some(id);
    transcript.check(
        "the history since then is the one edit",
        !changes.is_empty()
            && changes
                .iter()
                .all(|change| change.order.as_ref().is_some_and(is_edited)),
    );
    Ok(())
}

/// All orders, page by page, as fast as the service permits.
async fn walk(transcript: &mut Transcript, client: &Client, expected: usize) -> Result<(), Stop> {
    let mut pages = client.pages(List::new().limit(PageSize::P20.into()));
    let mut seen = HashSet::new();
    let mut total = None;
    let told = |page: &Page<Order>| format!("{} orders", page.items.len());
    while let Some(page) = transcript
        .page("orders.list, by pages", pages.next(), told)
        .await?
    {
        total = page.pagination.and_then(|meta| meta.total_count);
        seen.extend(page.items.into_iter().filter_map(|order| order.external_id));
    }
    transcript.check(
        format!("the walk found all {expected} orders, each once"),
        seen.len() == expected && total == i64::try_from(expected).ok(),
    );
    Ok(())
}

/// More calls at once than a second permits: the limiter spreads them out.
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
    let taken = client.orders().create(archived(1));
    let refusal = transcript
        .refusal("orders.create, with a taken id", taken)
        .await;
    transcript.check(
        "so is an id that is taken",
        refusal.is_some_and(|error| error.is_service()),
    );
    Ok(())
}
