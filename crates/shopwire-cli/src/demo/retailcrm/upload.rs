//! Batches of orders.

use std::collections::HashSet;

use common_model::Decimal;
use shopwire::retailcrm::{
    Batch as _, Client,
    orders::{Order, OrdersUploadResponse},
    shared::OrderProduct,
};

use crate::demo::{Sale, Stop, transcript::Transcript};

pub(super) async fn upload(
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

/// Uploads the channels' orders, and one whose external id is taken.
pub(super) async fn upload_sales(
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

pub(super) fn archived(number: usize) -> Order {
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
