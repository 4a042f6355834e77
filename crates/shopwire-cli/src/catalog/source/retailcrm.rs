//! An export of RetailCRM: a product with its offers.

use common_model::Value;

use super::{
    super::feed::{Field, Offer, Param, adapt::Losses, number},
    Mapped, Source, count_rest, mapping, put, scalar,
};

/// Members of an offer that become fields as they are.
const OFFER: [(&str, Field); 5] = [
    ("purchasePrice", Field::PurchasePrice),
    ("vatRate", Field::VatRate),
    ("quantity", Field::Quantity),
    ("xmlId", Field::XmlId),
    ("barcode", Field::Barcode),
];

/// Members of an offer that are read in other ways.
const OFFER_OTHERS: [&str; 15] = [
    "id",
    "externalId",
    "name",
    "price",
    "prices",
    "images",
    "article",
    "weight",
    "length",
    "width",
    "height",
    "active",
    "unit",
    "properties",
    "site",
];

/// Members of a product that are read, or that say what its offers say.
const PRODUCT: [&str; 17] = [
    "id",
    "externalId",
    "name",
    "url",
    "imageUrl",
    "description",
    "manufacturer",
    "article",
    "groups",
    "active",
    "markable",
    "type",
    "offers",
    "minPrice",
    "maxPrice",
    "quantity",
    "updatedAt",
];

/// The offers of a product.
pub(super) fn offers(product: &Value, source: &Source<'_>, losses: &mut Losses) -> Vec<Mapped> {
    let is_known = |name: &str| PRODUCT.contains(&name) || source.mapping.has_column(name);
    // The catalogue's number in the account says nothing elsewhere.
    count_rest(
        product,
        |name| is_known(name) || matches!(name, "catalogId"),
        losses,
    );
    let offers = product
        .get("offers")
        .and_then(Value::as_array)
        .unwrap_or_default();
    if offers.is_empty() {
        losses.add("source: a product without offers");
    }
    let one = |offer| Mapped {
        offer: self::offer(product, offer, source, losses),
        category_name: None,
    };
    offers.iter().map(one).collect()
}

fn offer(product: &Value, row: &Value, source: &Source<'_>, losses: &mut Losses) -> Offer {
    let mut offer = Offer::default();
    count_rest(
        row,
        |name| OFFER_OTHERS.contains(&name) || OFFER.iter().any(|(known, _)| *known == name),
        losses,
    );
    let first = |names: [(&Value, &str); 2]| {
        names
            .into_iter()
            .find_map(|(value, name)| value.get(name).and_then(scalar))
    };
    let own = [
        (Field::Id, first([(row, "externalId"), (row, "id")])),
        (
            Field::Product,
            first([(product, "externalId"), (product, "id")]),
        ),
        (Field::Name, first([(row, "name"), (product, "name")])),
        (Field::ProductName, product.get("name").and_then(scalar)),
        (
            Field::VendorCode,
            first([(row, "article"), (product, "article")]),
        ),
        (Field::Url, product.get("url").and_then(scalar)),
        (
            Field::Description,
            product.get("description").and_then(scalar),
        ),
        (Field::Vendor, product.get("manufacturer").and_then(scalar)),
        (Field::Type, product.get("type").and_then(scalar)),
    ];
    for (field, text) in own {
        if let Some(text) = text {
            offer.push(field, text);
        }
    }
    if row.get("externalId").and_then(scalar).is_none() {
        losses.add("source: externalId is missing, id stands in its place");
    }
    for (name, field) in OFFER {
        put(&mut offer, field, row, name);
    }
    for (field, value) in [
        (Field::ProductActivity, product.get("active")),
        (Field::Activity, row.get("active")),
        (Field::Markable, product.get("markable")),
    ] {
        if let Some(truth) = value.and_then(Value::as_bool) {
            offer.push(field, if truth { "Y" } else { "N" });
        }
    }
    prices(&mut offer, row, losses);
    pictures(&mut offer, product, row);
    measures(&mut offer, row, source, losses);
    for group in product
        .get("groups")
        .and_then(Value::as_array)
        .unwrap_or_default()
    {
        if let Some(id) = first([(group, "externalId"), (group, "id")]) {
            offer.push(Field::Category, id);
        }
    }
    for (code, value) in row
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(|map| map.iter())
    {
        if let Some(value) = scalar(value) {
            offer.params.push(Param {
                name: code.to_owned(),
                code: Some(code.to_owned()),
                value,
                ..Param::default()
            });
        }
    }
    offer.unit = row.get("unit").and_then(mapping::unit);
    offer
}

/// The base price counts. A feed has no other price types.
fn prices(offer: &mut Offer, row: &Value, losses: &mut Losses) {
    let prices = row
        .get("prices")
        .and_then(Value::as_array)
        .unwrap_or_default();
    let kind = |price: &Value| price.get("priceType").and_then(scalar).unwrap_or_default();
    let base = prices.iter().find(|price| kind(price) == "base");
    let price = row
        .get("price")
        .and_then(scalar)
        .or_else(|| base.and_then(|base| base.get("price").and_then(scalar)));
    if let Some(price) = price {
        offer.push(Field::Price, price);
    }
    if let Some(currency) = base.and_then(|base| base.get("currency")).and_then(scalar) {
        offer.push(Field::Currency, currency);
    }
    for price in prices.iter().filter(|price| kind(price) != "base") {
        losses.add(&format!("source: price of type {}", kind(price)));
    }
}

fn pictures(offer: &mut Offer, product: &Value, row: &Value) {
    let images = row
        .get("images")
        .and_then(Value::as_array)
        .unwrap_or_default();
    for image in images.iter().filter_map(scalar) {
        offer.push(Field::Picture, image);
    }
    if images.is_empty() {
        put(offer, Field::Picture, product, "imageUrl");
    }
}

/// The service does not say its units. A feed has kilograms and centimetres.
fn measures(offer: &mut Offer, row: &Value, source: &Source<'_>, losses: &mut Losses) {
    match (row.get("weight").and_then(scalar), source.weight_unit) {
        (Some(weight), Some(unit)) => offer.push(
            Field::Weight,
            number::kilograms(&format!("{weight} {unit}")),
        ),
        (Some(_), None) => losses.add("source: weight (say its unit with --weight-unit)"),
        (None, _) => {}
    }
    let sides = ["length", "width", "height"].map(|side| row.get(side).and_then(scalar));
    if sides.iter().all(Option::is_none) {
        return;
    }
    match source.length_unit {
        Some(unit) => {
            let side = |side: Option<String>| {
                side.map_or("0".to_owned(), |side| {
                    number::centimetres(&format!("{side} {unit}"))
                })
            };
            let [length, width, height] = sides.map(side);
            offer.push(Field::Dimensions, format!("{length}/{width}/{height}"));
        }
        None => losses.add("source: dimensions (say their unit with --length-unit)"),
    }
}
