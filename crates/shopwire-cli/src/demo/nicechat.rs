//! NiceChat: a catalogue in all three signed forms, a feed that is imported while its callback arrives, orders.

use std::time::Duration;

use common_model::Decimal;
use shopwire::nicechat::{
    Client, Credentials, Encoding, FeedFormat, FeedState, Image, Page as _, Product, categories,
    feed::PollPolicy, orders, products,
};
use shopwire_sandbox::NiceChat;

use super::{
    Sale, Stop, base_url,
    goods::{CATEGORIES, FEED, GOODS, Goods},
    shop::Shop,
    transcript::Transcript,
};

const CURRENCY: &str = "rub";

/// The id of a product that is taken off again.
const GONE: &str = "gone-1";

/// The chapter; gives the orders that were read.
pub(super) async fn tour(
    transcript: &mut Transcript,
    json: &Client,
    service: &NiceChat,
    shop: &mut Shop,
) -> Result<Vec<Sale>, Stop> {
    transcript.chapter("nicechat", "NiceChat: signed REST");
    let clients = [
        ("JSON, headers", json.clone()),
        ("form, headers", client(service, Encoding::FormWithHeaders)?),
        (
            "form, parameters",
            client(service, Encoding::FormWithParameters)?,
        ),
    ];
    refusals(transcript, service).await?;
    create_categories(transcript, &clients).await?;
    create_products(transcript, &clients).await?;
    change(transcript, json).await?;
    let left = GOODS.len() - 1;
    let listed = walk(transcript, json).await?;
    transcript.check(
        format!("the pages hold all {left} products, each once"),
        listed.len() == left,
    );
    transcript.check(
        "every price came back to the digit",
        GOODS.iter().all(|goods| has_price(&listed, goods)),
    );
    import(transcript, json, shop).await?;
    let listed = walk(transcript, json).await?;
    transcript.check(
        "the pages hold the feed's products too",
        listed.len() == left + FEED.len() && FEED.iter().all(|goods| has_price(&listed, goods)),
    );
    sales(transcript, json).await
}

fn client(service: &NiceChat, encoding: Encoding) -> Result<Client, Stop> {
    let credentials = Credentials::new(service.api_key(), service.api_secret());
    Ok(Client::builder(credentials)
        .base_url(base_url(&service.url())?)
        .encoding(encoding)
        .build()?)
}

async fn refusals(transcript: &mut Transcript, service: &NiceChat) -> Result<(), Stop> {
    let credentials = Credentials::new(service.api_key(), "wrong");
    let stranger = Client::builder(credentials)
        .base_url(base_url(&service.url())?)
        .build()?;
    let call = stranger.products().list();
    let refusal = transcript
        .refusal("products.list, with a wrong secret", call)
        .await;
    transcript.check(
        "a wrong signature is refused as such",
        refusal.is_some_and(|error| error.is_auth()),
    );
    Ok(())
}

async fn create_categories(
    transcript: &mut Transcript,
    clients: &[(&str, Client); 3],
) -> Result<(), Stop> {
    for ((id, name), (form, client)) in CATEGORIES.into_iter().zip(clients) {
        let call = client
            .categories()
            .create(id, name)
            .with(|category| category.is_enabled(true));
        transcript
            .call(&format!("categories.create ({form})"), call, |_| {
                name.to_owned()
            })
            .await?;
    }
    let first = &clients[0].1;
    let (id, name) = CATEGORIES[2];
    let call = first.categories().replace(id, name, false);
    transcript
        .call("categories.replace", call, |_| format!("{name} is off"))
        .await?;
    let mut pages = first.pages(categories::List::new());
    let told = |page: &shopwire::nicechat::CategoryPageEnvelope| {
        format!(
            "{} categories",
            page.result
                .as_ref()
                .and_then(|page| page.count)
                .unwrap_or_default()
        )
    };
    let mut listed = Vec::new();
    while let Some(page) = transcript
        .page("categories.list", pages.next(), told)
        .await?
    {
        listed.extend(page.into_items());
    }
    let is_off = |id: &str| {
        listed
            .iter()
            .any(|one| one.id.as_deref() == Some(id) && one.is_enabled == Some(false))
    };
    transcript.check(
        "the categories are there, one of them off",
        listed.len() == CATEGORIES.len() && is_off(id),
    );
    Ok(())
}

/// Each product in another of the three forms, names with everything that must be encoded.
async fn create_products(
    transcript: &mut Transcript,
    clients: &[(&str, Client); 3],
) -> Result<(), Stop> {
    for (goods, (form, client)) in GOODS.iter().zip(clients.iter().cycle()) {
        let call = client.products().create(goods.id).with(|product| {
            product
                .category(goods.category)
                .title(goods.title)
                .price(goods.price())
                .currency(CURRENCY)
                .url(goods.page())
                .image_url(goods.picture())
                .in_stock(true)
        });
        let answer = transcript
            .call(&format!("products.create ({form})"), call, |answer| {
                let title = answer
                    .result
                    .as_ref()
                    .and_then(|product| product.title.as_deref());
                format!("{}: {}", goods.id, title.unwrap_or_default())
            })
            .await?;
        let title = answer.result.and_then(|product| product.title);
        if title.as_deref() != Some(goods.title) {
            transcript.check(
                format!("the title of {} came back unharmed", goods.id),
                false,
            );
        }
    }
    let again = clients[0].1.products().create(GOODS[0].id);
    let refusal = transcript
        .refusal("products.create, with a taken id", again)
        .await;
    transcript.check(
        "a taken id is told as such",
        refusal.is_some_and(|error| error.is_conflict()),
    );
    Ok(())
}

/// Replaces one product, changes another, takes a third off.
async fn change(transcript: &mut Transcript, client: &Client) -> Result<(), Stop> {
    let (first, second) = (&GOODS[0], &GOODS[1]);
    let call = client.products().replace(
        first.id,
        first.category,
        "Кружка «Утро», глазурь",
        first.price(),
        CURRENCY,
        "Обжиг при 1200 °C",
        first.page(),
        Image::Remove,
        true,
    );
    let answer = transcript
        .call("products.replace", call, |_| {
            "rewritten, without its image".into()
        })
        .await?;
    let replaced = answer.result.unwrap_or_default();
    transcript.check(
        "the replaced product has its new title and no image",
        replaced.title.as_deref() == Some("Кружка «Утро», глазурь") && replaced.image_url.is_none(),
    );
    let call = client
        .products()
        .update(second.id)
        .with(|product| product.in_stock(false));
    let answer = transcript
        .call("products.update", call, |_| "out of stock".into())
        .await?;
    let updated = answer.result.unwrap_or_default();
    transcript.check(
        "the updated product is out of stock, its title as before",
        updated.in_stock == Some(false) && updated.title.as_deref() == Some(second.title),
    );
    transcript
        .call("products.delete", client.products().delete(GONE), |_| {
            "gone".into()
        })
        .await?;
    let again = client.products().delete(GONE);
    let refusal = transcript
        .refusal("products.delete, once more", again)
        .await;
    transcript.check(
        "what is gone is not found",
        refusal.is_some_and(|error| error.is_not_found()),
    );
    Ok(())
}

async fn walk(transcript: &mut Transcript, client: &Client) -> Result<Vec<Product>, Stop> {
    let mut pages = client.pages(products::List::new());
    let told = |page: &shopwire::nicechat::ProductPageEnvelope| {
        let page = page.result.as_ref();
        let here = page
            .and_then(|page| page.results.as_ref())
            .map_or(0, Vec::len);
        format!(
            "{here} of {} products",
            page.and_then(|page| page.count).unwrap_or_default()
        )
    };
    let mut listed: Vec<Product> = Vec::new();
    while let Some(page) = transcript
        .page("products.list, by pages", pages.next(), told)
        .await?
    {
        listed.extend(page.into_items());
    }
    listed.sort_by(|a, b| a.id.cmp(&b.id));
    listed.dedup_by(|a, b| a.id == b.id);
    Ok(listed)
}

/// The product that was deleted is not looked for.
fn has_price(listed: &[Product], goods: &Goods) -> bool {
    goods.id == GONE
        || listed
            .iter()
            .any(|one| one.id.as_deref() == Some(goods.id) && one.price == Some(goods.price()))
}

/// Pushes the feed, asks for its result until it is there, and takes the callback.
async fn import(transcript: &mut Transcript, client: &Client, shop: &mut Shop) -> Result<(), Stop> {
    let callback = shop.callback_url();
    let call = client
        .feeds()
        .push(shop.feed_url(), FeedFormat::GoogleCsv)
        .with(|push| push.callback(callback));
    let pushed = transcript
        .call("feeds.push", call, |_| "a task of its own".into())
        .await?;
    let token = pushed.token().ok_or(Stop::Missing("token of the import"))?;
    let mut states: Vec<FeedState> = Vec::new();
    let quick = PollPolicy::new().waits(Duration::from_millis(20), Duration::from_millis(200));
    let watch = client
        .watch_feed(token)
        .policy(quick)
        .on_progress(|result| {
            let state = result.state.clone();
            if states.last() != state.as_ref() {
                states.extend(state);
            }
        });
    let result = transcript
        .call("feeds.result, until it is there", watch, |result| {
            format!(
                "{} elements",
                result.imported_elements_count.unwrap_or_default()
            )
        })
        .await?;
    let count = i64::try_from(FEED.len()).ok();
    transcript.check("the import succeeded with every element", {
        result.is_success() && result.imported_elements_count == count
    });
    transcript.check(
        "its states came in their order",
        states.first() == Some(&FeedState::Enqueued) && states.last() == Some(&FeedState::Success),
    );
    let posted = shop.callback().await?;
    let told = posted.imported_elements_count;
    transcript.heard(
        "callback",
        &format!("{} elements", told.unwrap_or_default()),
    );
    transcript.check("the callback arrived with the same count", told == count);
    Ok(())
}

async fn sales(transcript: &mut Transcript, client: &Client) -> Result<Vec<Sale>, Stop> {
    let mut pages = client.pages(orders::List::new());
    let told = |page: &shopwire::nicechat::OrderPageEnvelope| {
        let page = page.result.as_ref();
        let here = page
            .and_then(|page| page.results.as_ref())
            .map_or(0, Vec::len);
        format!(
            "{here} of {} orders",
            page.and_then(|page| page.count).unwrap_or_default()
        )
    };
    let mut sales = Vec::new();
    while let Some(page) = transcript.page("orders.list", pages.next(), told).await? {
        sales.extend(page.into_items().iter().filter_map(sale));
    }
    transcript.check("there are orders, with buyers and lines", {
        !sales.is_empty()
            && sales
                .iter()
                .all(|sale| !sale.buyer.is_empty() && !sale.lines.is_empty())
    });
    Ok(sales)
}

fn sale(order: &shopwire::nicechat::Order) -> Option<Sale> {
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
