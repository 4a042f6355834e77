//! Lists of products and offers.

use serde_json::json;

use crate::retailcrm::protocol::answer::{Answer, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::protocol::filter::{Conditions, Field, Rule};
use crate::retailcrm::protocol::page::{Page, SIZES};
use crate::retailcrm::state::Account;
use crate::retailcrm::value::Object;

const PRODUCTS: &[Field] = &[
    ("ids", Rule::OneOf("id")),
    ("externalId", Rule::OneOf("externalId")),
    (
        "name",
        Rule::Contains(&["name", "article", "offers.article", "offers.barcode"]),
    ),
    ("active", Rule::Flag("active")),
    ("popular", Rule::Flag("popular")),
    ("stock", Rule::Flag("stock")),
    ("novelty", Rule::Flag("novelty")),
    ("recommended", Rule::Flag("recommended")),
    ("url", Rule::OneOf("url")),
    ("urlLike", Rule::Contains(&["url"])),
    ("manufacturer", Rule::OneOf("manufacturer")),
    ("groups", Rule::OneOf("groups.id")),
    ("groupExternalId", Rule::OneOf("groups.externalId")),
    ("offerIds", Rule::OneOf("offers.id")),
    ("offerExternalId", Rule::OneOf("offers.externalId")),
    ("offerXmlId", Rule::OneOf("offers.xmlId")),
    ("xmlId", Rule::OneOf("offers.xmlId")),
    ("sites", Rule::OneOf("offers.site")),
    ("catalogs", Rule::OneOf("catalogId")),
    ("priceType", Rule::OneOf("offers.prices.priceType")),
    ("minPrice", Rule::Min("offers.prices.price")),
    ("maxPrice", Rule::Max("offers.prices.price")),
    ("minPurchasePrice", Rule::Min("offers.purchasePrice")),
    ("maxPurchasePrice", Rule::Max("offers.purchasePrice")),
    ("minQuantity", Rule::Min("quantity")),
    ("maxQuantity", Rule::Max("quantity")),
    ("sinceId", Rule::SinceId),
    ("sinceUpdatedAt", Rule::After("updatedAt")),
    ("markable", Rule::Flag("markable")),
    ("classSegment", Rule::OneOf("joined.classSegment")),
    (
        "properties",
        Rule::Properties(&["properties", "offers.properties"]),
    ),
];

const OFFERS: &[Field] = &[
    ("ids", Rule::OneOf("id")),
    (
        "name",
        Rule::Contains(&[
            "joined.product.name",
            "joined.product.article",
            "article",
            "barcode",
        ]),
    ),
    ("properties", Rule::Properties(&["properties"])),
    ("externalIds", Rule::OneOf("externalId")),
    ("xmlIds", Rule::OneOf("xmlId")),
    ("sites", Rule::OneOf("site")),
    ("catalogs", Rule::OneOf("product.catalogId")),
    ("active", Rule::Flag("active")),
    ("groups", Rule::OneOf("product.groups.id")),
    ("priceType", Rule::OneOf("prices.priceType")),
    ("minPrice", Rule::Min("prices.price")),
    ("maxPrice", Rule::Max("prices.price")),
    ("minQuantity", Rule::Min("quantity")),
    ("maxQuantity", Rule::Max("quantity")),
    ("sinceId", Rule::SinceId),
];

/// Products by growing id, so that `sinceId` walks them.
pub(crate) fn products(account: &mut Account, call: &Call) -> Outcome {
    let conditions = Conditions::read(call, PRODUCTS)?;
    let page = Page::read(call, SIZES)?;
    let catalogue = &account.catalogue;
    let all = catalogue
        .products
        .iter()
        .map(|row| catalogue.shown_product(row));
    let rows: Vec<Object> = all
        .filter(|row| conditions.hold_joined(row, |path| account.joined_product(row, path)))
        .collect();
    Ok(Answer::ok(
        json!({"pagination": page.block(rows.len()), "products": page.cut(rows)}),
    ))
}

/// Offers by growing id.
pub(crate) fn offers(account: &mut Account, call: &Call) -> Outcome {
    let conditions = Conditions::read(call, OFFERS)?;
    let page = Page::read(call, SIZES)?;
    let catalogue = &account.catalogue;
    let all = catalogue
        .offers
        .iter()
        .map(|row| catalogue.shown_offer(row));
    let rows: Vec<Object> = all
        .filter(|row| conditions.hold_joined(row, |path| account.joined_offer(row, path)))
        .collect();
    Ok(Answer::ok(
        json!({"pagination": page.block(rows.len()), "offers": page.cut(rows)}),
    ))
}
