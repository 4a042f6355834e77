//! Events by webhook, with orders among them.

use common_model::{Decimal, Value};
use shopwire::uvygoda::events::EventKind;
use shopwire_sandbox::{Event, Uvygoda};

use super::{cards::Card, webhook::next_event};
use crate::demo::{Sale, Stop, shop::Shop, transcript::Transcript};

/// The id of the order that the sandbox invents.
const ORDER: u64 = 501;

/// Receives an order, which comes by webhook only.
pub(super) async fn order(
    transcript: &mut Transcript,
    service: &Uvygoda,
    shop: &mut Shop,
    cards: &[Card],
) -> Result<Sale, Stop> {
    let bought: Vec<(u64, u32)> = cards
        .iter()
        .take(2)
        .zip(1..)
        .map(|(card, quantity)| (card.id.unsigned_abs(), quantity))
        .collect();
    service.emit(Event::new_order(ORDER, bought.clone()));
    let event = next_event(transcript, shop, &EventKind::NewOrder).await?;
    let id = event.pointer("/ORDER/ID").and_then(|id| id.as_i64());
    transcript.check(
        "the new order came by webhook",
        id == i64::try_from(ORDER).ok(),
    );
    let lines = event
        .pointer("/ORDER/PRODUCTS")
        .and_then(|lines| lines.as_object());
    let lines: Vec<_> = lines
        .into_iter()
        .flat_map(|lines| lines.values())
        .filter_map(line)
        .collect();
    let prices = cards.iter().map(|card| card.price);
    transcript.check(
        "it has every line, at the price of its card",
        lines.len() == bought.len()
            && lines
                .iter()
                .map(|line| line.1)
                .eq(prices.take(bought.len())),
    );
    Ok(Sale {
        external_id: format!("uvygoda-{ORDER}"),
        buyer: "Покупатель с маркетплейса".to_owned(),
        lines,
    })
}

/// Title, price and quantity of a line.
fn line(line: &Value) -> Option<(String, Decimal, i64)> {
    let title = line.get("NAME")?.as_str()?.to_owned();
    Some((
        title,
        line.get("PRICE")?.to().ok()?,
        line.get("QUANTITY")?.as_i64()?,
    ))
}
