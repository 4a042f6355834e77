//! The orders of the chats.

use common_model::Decimal;
use shopwire::nicechat::{Client, Order, Page, orders};

use crate::demo::{Sale, Stop, transcript::Transcript};

pub(super) async fn sales(transcript: &mut Transcript, client: &Client) -> Result<Vec<Sale>, Stop> {
    let mut pages = client.pages(orders::List::new());
    let told = |page: &Page<Order>| {
        let all = page.total_count.unwrap_or_default();
        format!("{} of {all} orders", page.items.len())
    };
    let mut sales = Vec::new();
    while let Some(page) = transcript.page("orders.list", pages.next(), told).await? {
        sales.extend(page.items.iter().filter_map(sale));
    }
    transcript.check("there are orders, with buyers and lines", {
        !sales.is_empty()
            && sales
                .iter()
                .all(|sale| !sale.buyer.is_empty() && !sale.lines.is_empty())
    });
    Ok(sales)
}

fn sale(order: &Order) -> Option<Sale> {
    let buyer = order.contacts.as_ref()?.client.as_ref()?.name.clone()?;
    let products = order.deal.as_ref()?.products.as_deref().unwrap_or_default();
    let lines = products.iter().map(|product| {
        let title = product.title.clone().unwrap_or_default();
        (
            title,
            product.price.unwrap_or(Decimal::ZERO),
            product.qty.unwrap_or(1),
        )
    });
    Some(Sale {
        external_id: format!("nicechat-{}", order.id?),
        buyer,
        lines: lines.collect(),
    })
}
