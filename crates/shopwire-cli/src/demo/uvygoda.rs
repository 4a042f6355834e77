//! Uvygoda: a token, a section, cards at price × 1.18, moderation, and the orders that come by webhook.

use common_model::{Decimal, Id, Map, Value};
use common_transport::Secret;
use shopwire::uvygoda::{
    Client, Markup, Pictures, Property, PropertyType, SectionFilter, SectionTree, Stage,
    check_properties, products::ProductFilter, webhook::EventKind,
};
use shopwire_sandbox::{Event, Uvygoda};

use super::{
    Sale, Stop, base_url,
    goods::{GOODS, Goods},
    shop::Shop,
    transcript::Transcript,
};

/// How many of the merchant's goods go to the marketplace.
const CARDS: usize = 4;

/// The order that the sandbox makes up.
const ORDER: u64 = 501;

/// The chapter; gives the orders that came.
pub(super) async fn tour(
    transcript: &mut Transcript,
    service: &Uvygoda,
    shop: &mut Shop,
) -> Result<Vec<Sale>, Stop> {
    transcript.chapter("uvygoda", "Uvygoda: RPC by header");
    let client = sign_in(transcript, service).await?;
    look_around(transcript, &client).await?;
    let section = find_section(transcript, &client).await?;
    let properties = properties(transcript, &client, section).await?;
    let hook = shop.webhook_url();
    transcript
        .call("setWebHook", client.webhooks().set_web_hook(hook), |_| {
            "events come to the shop".into()
        })
        .await?;
    let cards = add_cards(transcript, &client, section, &properties).await?;
    publish(transcript, &client, shop, &cards).await?;
    update(transcript, &client, cards[0].id).await?;
    let sale = order(transcript, service, shop, &cards).await?;
    Ok(vec![sale])
}

/// A card on the marketplace.
#[derive(Debug)]
struct Card {
    id: i64,
    goods: Goods,
    price: Decimal,
}

/// A token for login and password, and a client that uses it.
async fn sign_in(transcript: &mut Transcript, service: &Uvygoda) -> Result<Client, Stop> {
    let url = base_url(&service.url())?;
    let stranger = Client::builder().base_url(url.clone()).build()?;
    let call = stranger
        .access()
        .get_token(service.login(), service.password());
    let answer = transcript
        .call("getToken", call, |_| "a token, never to be shown".into())
        .await?;
    let token = answer.token.ok_or(Stop::Missing("token in the answer"))?;
    let liar = Client::builder()
        .base_url(url.clone())
        .token(Secret::new("wrong"))
        .build()?;
    let refusal = transcript
        .refusal("getStages, with a wrong token", liar.orders().get_stages())
        .await;
    transcript.check(
        "a wrong token is refused as such",
        refusal.is_some_and(|error| error.is_service()),
    );
    Ok(Client::builder()
        .base_url(url)
        .token(token.into_secret())
        .build()?)
}

async fn look_around(transcript: &mut Transcript, client: &Client) -> Result<(), Stop> {
    let stages = transcript
        .call("getStages", client.orders().get_stages(), |answer| {
            format!(
                "{} statuses of shipments",
                answer.stages.as_ref().map_or(0, |stages| stages.len())
            )
        })
        .await?;
    transcript.check(
        "there are statuses",
        stages.stages.is_some_and(|stages| !stages.is_empty()),
    );
    transcript
        .call(
            "getOrderProperties",
            client.orders().get_order_properties(),
            |answer| {
                format!(
                    "{} fields of an order",
                    answer.properties.as_ref().map_or(0, |fields| fields.len())
                )
            },
        )
        .await?;
    Ok(())
}

/// Walks down from the top to the first section of the third level whose cards the goods fit.
async fn find_section(transcript: &mut Transcript, client: &Client) -> Result<i64, Stop> {
    let all = transcript
        .call(
            "getSections ALL",
            client.catalog().get_sections(SectionFilter::All),
            |answer| {
                format!(
                    "{} sections",
                    answer
                        .sections
                        .as_ref()
                        .map_or(0, |sections| sections.len())
                )
            },
        )
        .await?;
    let all = all.sections.ok_or(Stop::Missing("section"))?;
    let tree = SectionTree::new(all.iter());
    let wanted = tree
        .third_level()
        .into_iter()
        .find(|section| section.name.as_deref() == Some("Кружки"))
        .and_then(|section| section.id)
        .ok_or(Stop::Missing("section for mugs"))?;
    let path = tree.path(wanted);
    // The same way down, a level at a time, as a program does it that does not load the whole catalogue.
    let mut walked = Vec::new();
    for step in &path {
        let Some(id) = step.id else { continue };
        let what = format!("getSections CHILDREN_{id}");
        let children = transcript
            .call(
                &what,
                client.catalog().get_sections(SectionFilter::ChildrenOf(id)),
                |answer| {
                    let names = answer.sections.iter().flat_map(|sections| sections.iter());
                    let names: Vec<&str> = names
                        .filter_map(|section| section.name.as_deref())
                        .collect();
                    if names.is_empty() {
                        "none below".to_owned()
                    } else {
                        names.join(", ")
                    }
                },
            )
            .await?;
        walked.extend(
            children
                .sections
                .iter()
                .flat_map(|sections| sections.iter())
                .filter_map(|one| one.id),
        );
    }
    transcript.check(
        "the way down leads to a third-level section",
        path.len() == 3
            && path
                .iter()
                .skip(1)
                .all(|step| step.id.is_some_and(|id| walked.contains(&id))),
    );
    Ok(wanted)
}

async fn properties(
    transcript: &mut Transcript,
    client: &Client,
    section: i64,
) -> Result<Vec<Property>, Stop> {
    let answer = transcript
        .call(
            "getSectionProperties",
            client.catalog().get_section_properties(section),
            |answer| {
                let properties = answer
                    .properties
                    .iter()
                    .flat_map(|properties| properties.iter());
                let names: Vec<&str> = properties.filter_map(|one| one.name.as_deref()).collect();
                names.join(", ")
            },
        )
        .await?;
    let properties = answer.properties.ok_or(Stop::Missing("property schema"))?;
    Ok(properties.iter().cloned().collect())
}

/// Values that satisfy the schema: a text, the first of a list, a number.
fn fill(schema: &[Property]) -> Map<Id> {
    let mut values = Map::new();
    for property in schema {
        let Some(id) = property.id else { continue };
        let value = match property.type_ {
            Some(PropertyType::Integer) => Some(Id::from(12)),
            Some(PropertyType::List) => property
                .values
                .as_ref()
                .and_then(|values| values.iter().next())
                .and_then(|value| value.id)
                .map(Id::from),
            _ => Some(Id::from("Своё производство")),
        };
        if let Some(value) = value {
            values.insert(id.to_string(), value);
        }
    }
    values
}

async fn add_cards(
    transcript: &mut Transcript,
    client: &Client,
    section: i64,
    schema: &[Property],
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
    for goods in &GOODS[..CARDS] {
        let price = Markup::default().price(goods.price())?;
        let call = client.products().add_product(
            section,
            goods.title,
            price,
            10,
            format!("<p>{}</p>", goods.title.replace('&', "&amp;")),
            values.clone(),
            Pictures::new([goods.picture()])?,
            goods.picture(),
        );
        let what = format!("addProduct {}", goods.id);
        let answer = transcript
            .call(&what, call, |_| {
                format!("{} wanted, {price} on the card", goods.price())
            })
            .await?;
        let id = answer
            .product_id
            .ok_or(Stop::Missing("id of the new card"))?;
        cards.push(Card {
            id,
            goods: *goods,
            price,
        });
    }
    transcript.check(
        "150 wanted are 177 on the card",
        cards[0].price == Decimal::from(177),
    );
    Ok(cards)
}

/// Sends the cards to moderation and waits for the events that say they are on sale.
async fn publish(
    transcript: &mut Transcript,
    client: &Client,
    shop: &mut Shop,
    cards: &[Card],
) -> Result<(), Stop> {
    let drafts = list(transcript, client, ProductFilter::Draft).await?;
    transcript.check("new cards are drafts", drafts.len() == cards.len());
    for card in cards {
        let what = format!("sendProductPublish {}", card.goods.id);
        let answer = transcript
            .call(
                &what,
                client.products().send_product_publish(card.id),
                |_| "in moderation".into(),
            )
            .await?;
        transcript.check(
            "it is confirmed",
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
        .call(
            &what,
            client.products().get_product_list(filter),
            |answer| {
                format!(
                    "{} cards",
                    answer.items.as_ref().map_or(0, |items| items.len())
                )
            },
        )
        .await?;
    Ok(answer
        .items
        .iter()
        .flat_map(|items| items.iter())
        .filter_map(|item| item.id)
        .collect())
}

async fn update(transcript: &mut Transcript, client: &Client, id: i64) -> Result<(), Stop> {
    let name = "Кружка «Утро», новая партия";
    let call = client
        .products()
        .update_product(id)
        .with(|update| update.stock(25).name(name));
    let answer = transcript
        .call("updateProduct", call, |_| "name and stock changed".into())
        .await?;
    transcript.check(
        "the update is confirmed",
        answer.update.is_some_and(|done| done.is_success()),
    );
    let info = transcript
        .call(
            "getProductInfo",
            client.products().get_product_info(id),
            |answer| {
                answer
                    .card()
                    .and_then(|card| card.name.clone())
                    .unwrap_or_default()
            },
        )
        .await?;
    transcript.check(
        "the card has its new name",
        info.card().and_then(|card| card.name.as_deref()) == Some(name),
    );
    Ok(())
}

/// Orders come by webhook and by nothing else.
async fn order(
    transcript: &mut Transcript,
    service: &Uvygoda,
    shop: &mut Shop,
    cards: &[Card],
) -> Result<Sale, Stop> {
    let lines = cards[..2]
        .iter()
        .zip(1..)
        .map(|(card, quantity)| (card.id.unsigned_abs(), quantity));
    service.emit(Event::new_order(ORDER, lines));
    let event = next_event(transcript, shop, &EventKind::NewOrder).await?;
    let id = event.pointer("/ORDER/ID").and_then(|id| id.as_i64());
    transcript.check(
        "the new order came by webhook",
        id == i64::try_from(ORDER).ok(),
    );
    let lines = cards[..2].iter().zip(1..);
    Ok(Sale {
        external_id: format!("uvygoda-{ORDER}"),
        buyer: "Покупатель с маркетплейса".to_owned(),
        lines: lines
            .map(|(card, count)| (card.goods.title.to_owned(), card.price, count))
            .collect(),
    })
}

/// The body of the next event of this kind.
async fn next_event(
    transcript: &mut Transcript,
    shop: &mut Shop,
    wanted: &EventKind,
) -> Result<Value, Stop> {
    loop {
        let event = shop.event().await?;
        let body = String::from_utf8_lossy(&event.body).into_owned();
        transcript.heard(&format!("webhook: {}", event.kind), &excerpt(&body));
        if event.kind == *wanted {
            return event.payload.ok_or(Stop::Missing("body of the event"));
        }
    }
}

fn excerpt(text: &str) -> String {
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
