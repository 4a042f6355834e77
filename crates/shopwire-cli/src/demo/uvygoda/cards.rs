//! Cards: added as drafts, published, updated.

use common_model::{Decimal, Map};
use shopwire::{
    nicechat::products::Product,
    uvygoda::{
        Client, Markup, Pictures, check_properties,
        events::EventKind,
        products::{AddFields, ProductFilter, Stage},
        shared::Property,
    },
};

use super::{section::fill, webhook::next_event};
use crate::demo::{Stop, shop::Shop, transcript::Transcript};

/// Number of the merchant's products on the marketplace.
const CARDS: usize = 4;

/// The category for the section.
const CATEGORY: &str = "mugs";

/// A card on the marketplace.
#[derive(Debug)]
pub(super) struct Card {
    pub(super) id: i64,
    pub(super) price: Decimal,
}

pub(super) async fn add_cards(
    transcript: &mut Transcript,
    client: &Client,
    section: i64,
    schema: &[Property],
    products: &[Product],
) -> Result<Vec<Card>, Stop> {
    let values = fill(schema);
    transcript.check(
        "the values satisfy the section's schema",
        check_properties(&values, schema).is_ok(),
    );
    let empty = check_properties(&Map::default(), schema);
    transcript.check(
        "a card without them would be refused before it is sent",
        empty.is_err(),
    );
    let mut cards = Vec::new();
    let fitting = products
        .iter()
        .filter(|one| one.category.as_deref() == Some(CATEGORY));
    for product in fitting.take(CARDS) {
        let id = product
            .id
            .as_deref()
            .ok_or(Stop::Missing("id of a product"))?;
        let title = product
            .title
            .clone()
            .ok_or(Stop::Missing("title of a product"))?;
        let wanted = product.price.ok_or(Stop::Missing("price of a product"))?;
        let price = Markup::default().price(wanted)?;
        let picture = format!("https://shop.example/p/{id}.jpg");
        let call = client.products().add(AddFields {
            section_id: section,
            description: format!(
                "<p>{}</p>",
                title.replace('&', "&amp;").replace('<', "&lt;")
            ),
            name: title,
            price,
            stock: 10,
            properties: values.clone(),
            pictures: Pictures::new([picture.as_str()])?,
            preview_picture: picture,
        });
        let answer = transcript
            .call(&format!("addProduct {id}"), call, |_| {
                format!("{wanted} wanted, {price} on the card")
            })
            .await?;
        let id = answer
            .product_id
            .ok_or(Stop::Missing("id of the new card"))?;
        cards.push(Card { id, price });
    }
    transcript.check("there is a card for each", cards.len() == CARDS);
    transcript.check(
        "150 wanted are 177 on the card",
        cards
            .first()
            .is_some_and(|card| card.price == Decimal::from(177)),
    );
    Ok(cards)
}

/// Sends the cards to moderation and waits for the events that they are on sale.
pub(super) async fn publish(
    transcript: &mut Transcript,
    client: &Client,
    shop: &mut Shop,
    cards: &[Card],
) -> Result<(), Stop> {
    let drafts = list(transcript, client, ProductFilter::Draft).await?;
    transcript.check("new cards are drafts", drafts.len() == cards.len());
    for card in cards {
        let what = format!("sendProductPublish {}", card.id);
        let answer = transcript
            .call(&what, client.products().publish(card.id), |_| {
                "in moderation".into()
            })
            .await?;
        transcript.check(
            "its moderation is confirmed",
            answer
                .moderation
                .is_some_and(|confirmation| confirmation.is_success()),
        );
    }
    let mut on_sale = 0;
    while on_sale < cards.len() {
        let event = next_event(transcript, shop, &EventKind::ProductStatus).await?;
        let stage = event
            .pointer("/PRODUCT/STAGE")
            .and_then(|stage| stage.as_str().map(Stage::from));
        on_sale += usize::from(stage == Some(Stage::Public));
    }
    transcript.check(
        "an event came for every card that went on sale",
        on_sale == cards.len(),
    );
    let public = list(transcript, client, ProductFilter::Public).await?;
    transcript.check(
        "all of them are on sale",
        cards.iter().all(|card| public.contains(&card.id)),
    );
    Ok(())
}

async fn list(
    transcript: &mut Transcript,
    client: &Client,
    filter: ProductFilter,
) -> Result<Vec<i64>, Stop> {
    let what = format!("getProductList {filter}");
    let answer = transcript
        .call(&what, client.products().list(filter), |answer| {
            format!(
                "{} cards",
                answer.items.as_ref().map_or(0, |items| items.len())
            )
        })
        .await?;
    Ok(answer
        .items
        .iter()
        .flat_map(|items| items.iter())
        .filter_map(|item| item.id)
        .collect())
}

pub(super) async fn update(
    transcript: &mut Transcript,
    client: &Client,
    id: i64,
) -> Result<(), Stop> {
    let name = "Кружка «Утро», новая партия";
    let call = client
        .products()
        .update(id)
        .with(|update| update.stock(25).name(name));
    let answer = transcript
        .call("updateProduct", call, |_| "name and stock changed".into())
        .await?;
    transcript.check(
        "the update is confirmed",
        answer.update.is_some_and(|done| done.is_success()),
    );
    let info = transcript
        .call("getProductInfo", client.products().info(id), |answer| {
            answer
                .card()
                .and_then(|card| card.name.clone())
                .unwrap_or_default()
        })
        .await?;
    transcript.check(
        "the card has its new name",
        info.card().and_then(|card| card.name.as_deref()) == Some(name),
    );
    Ok(())
}
