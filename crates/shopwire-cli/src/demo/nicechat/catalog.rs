//! Categories and products: created, changed, removed, listed.

use shopwire::nicechat::{Category, Client, Image, Page, Product, categories, products};

use crate::demo::{
    Stop,
    goods::{CATEGORIES, GOODS, Goods},
    transcript::Transcript,
};

const CURRENCY: &str = "rub";

/// The id of a product that is removed again.
const GONE: &str = "gone-1";

pub(super) async fn create_categories(
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
    let told =
        |page: &Page<Category>| format!("{} categories", page.total_count.unwrap_or_default());
    let mut listed = Vec::new();
    while let Some(page) = transcript
        .page("categories.list", pages.next(), told)
        .await?
    {
        listed.extend(page.items);
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

/// Creates each product in the next of the three forms, with names of all characters that must be
/// encoded.
pub(super) async fn create_products(
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

/// Replaces one product, changes another, removes a third.
pub(super) async fn change(transcript: &mut Transcript, client: &Client) -> Result<(), Stop> {
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

pub(super) async fn walk(
    transcript: &mut Transcript,
    client: &Client,
) -> Result<Vec<Product>, Stop> {
    let mut pages = client.pages(products::List::new());
    let told = |page: &Page<Product>| {
        let all = page.total_count.unwrap_or_default();
        format!("{} of {all} products", page.items.len())
    };
    let mut listed: Vec<Product> = Vec::new();
    while let Some(page) = transcript
        .page("products.list, by pages", pages.next(), told)
        .await?
    {
        listed.extend(page.items);
    }
    listed.sort_by(|a, b| a.id.cmp(&b.id));
    listed.dedup_by(|a, b| a.id == b.id);
    Ok(listed)
}

/// Whether the list has a product with the price. The deleted product is not checked.
pub(super) fn has_price(listed: &[Product], goods: &Goods) -> bool {
    goods.id == GONE
        || listed
            .iter()
            .any(|one| one.id.as_deref() == Some(goods.id) && one.price == Some(goods.price()))
}
