//! Stock and prices of offers.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::protocol::filter::{Conditions, Field, Rule};
use crate::retailcrm::protocol::page::{Page, STOCK_SIZES};
use crate::retailcrm::protocol::sites;
use crate::retailcrm::state::Account;
use crate::retailcrm::state::catalogue::Catalogue;
use crate::retailcrm::value::{self, Object, object};

const FILTERS: &[Field] = &[
    ("ids", Rule::OneOf("id")),
    (
        "productExternalId",
        Rule::OneOf("joined.product.externalId"),
    ),
    ("productArticle", Rule::OneOf("joined.product.article")),
    ("productActive", Rule::Flag("joined.product.active")),
    ("offerExternalId", Rule::OneOf("externalId")),
    ("offerXmlId", Rule::OneOf("xmlId")),
    ("offerArticle", Rule::OneOf("article")),
    ("offerActive", Rule::Flag("active")),
    ("sites", Rule::OneOf("site")),
    ("catalogs", Rule::OneOf("joined.product.catalogId")),
    ("details", Rule::Beside),
];

/// The most offers whose stock one upload takes: what the official module sends; the service's own
/// limit is not stated.
const MOST: usize = 200;

/// The most offers whose prices one upload takes.
const MOST_PRICES: usize = 250;

/// Stock by offer; by store too when `filter[details]` is set.
pub(crate) fn list(account: &mut Account, call: &Call) -> Outcome {
    let conditions = Conditions::read(call, FILTERS)?;
    let page = Page::read(call, STOCK_SIZES)?;
    let details = call
        .parameter("filter")
        .and_then(|filter| filter.get("details"))
        .and_then(value::flag)
        == Some(true);
    let catalogue = &account.catalogue;
    let rows: Vec<&Object> = catalogue
        .offers
        .iter()
        .filter(|row| conditions.hold_joined(row, |path| account.joined_offer(row, path)))
        .collect();
    let total = rows.len();
    let shown: Vec<Value> = page
        .cut(rows)
        .into_iter()
        .map(|row| inventory(row, details))
        .collect();
    Ok(Answer::ok(
        json!({"pagination": page.block(total), "offers": shown}),
    ))
}

fn inventory(offer: &Object, details: bool) -> Value {
    let names = [
        "id",
        "externalId",
        "xmlId",
        "site",
        "quantity",
        "purchasePrice",
    ];
    let mut shown = value::pick(offer, &names);
    if details {
        shown.insert(
            "stores".into(),
            offer.get("stores").cloned().unwrap_or_else(|| json!([])),
        );
    }
    Value::Object(shown)
}

/// Sets the stock in the stores that are named.
pub(crate) fn upload(account: &mut Account, call: &Call) -> Outcome {
    let offers = call.batch("offers", MOST)?;
    sites::of_new(account, call)?;
    let checked = all(offers, "offers", |input| stores(account, input))?;
    let (mut count, mut missing) = (0, Vec::new());
    for (input, stores) in checked {
        match account.catalogue.offer_id(&input) {
            None => missing.push(value::without(&input, &["stores"])),
            Some(id) => {
                account
                    .catalogue
                    .offers
                    .update(id, |row| set_stock(row, &stores));
                count += 1;
            }
        }
    }
    Ok(Answer::ok(
        json!({"processedOffersCount": count, "notFoundOffers": missing}),
    ))
}

/// All elements with what they say, or the first that is wrong: then nothing is written.
fn all<T>(
    elements: Vec<Value>,
    field: &str,
    read: impl Fn(&Object) -> Result<T, String>,
) -> Result<Vec<(Object, T)>, Failure> {
    let elements = elements.into_iter().map(object).enumerate();
    elements
        .map(|(index, input)| match read(&input) {
            Ok(said) => Ok((input, said)),
            Err(text) => Err(Failure::field(&format!("{field}[{index}]"), text)),
        })
        .collect()
}

/// The stores of one element: code, quantity, purchase price.
fn stores(
    account: &Account,
    input: &Object,
) -> Result<Vec<(String, Decimal, Option<Decimal>)>, String> {
    let given = input
        .get("stores")
        .and_then(Value::as_array)
        .ok_or("\"stores\" should not be blank.")?;
    let one = |store: &Value| {
        let code = store
            .get("code")
            .and_then(value::text)
            .ok_or("\"code\" should not be blank.")?;
        if !account.references.has("stores", &code) {
            return Err(format!(
                "\"store\" with \"code\"=\"{code}\" does not exist."
            ));
        }
        let available = store
            .get("available")
            .and_then(value::decimal)
            .ok_or("\"available\" should be numeric.")?;
        Ok((
            code,
            available,
            store.get("purchasePrice").and_then(value::decimal),
        ))
    };
    given.iter().map(one).collect()
}

fn set_stock(row: &mut Object, given: &[(String, Decimal, Option<Decimal>)]) {
    let mut stores = row
        .get("stores")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    for (code, available, price) in given {
        stores.retain(|store| store["store"] != code.as_str());
        stores.push(json!({
            "store": code, "quantity": value::number(*available), "purchasePrice": value::number(price.unwrap_or_default()),
        }));
        if let Some(price) = price {
            row.insert("purchasePrice".into(), value::number(*price));
        }
    }
    let total: Decimal = stores
        .iter()
        .filter_map(Value::as_object)
        .map(|store| value::amount(store, "quantity"))
        .sum();
    row.insert("quantity".into(), value::number(total));
    row.insert("stores".into(), stores.into());
}

/// Sets or removes prices by price type.
pub(crate) fn upload_prices(account: &mut Account, call: &Call) -> Outcome {
    let offers = call.batch("prices", MOST_PRICES)?;
    let checked = all(offers, "prices", |input| prices(account, input))?;
    let (mut count, mut missing) = (0, Vec::new());
    for (input, prices) in checked {
        match account.catalogue.offer_id(&input) {
            None => missing.push(value::without(&input, &["prices", "site"])),
            Some(id) => {
                set_prices(&mut account.catalogue, id, &prices);
                count += 1;
            }
        }
    }
    Ok(Answer::ok(
        json!({"processedOffersCount": count, "notFoundOffers": missing}),
    ))
}

/// Returns price types and prices; without a price it is removed.
fn prices(account: &Account, input: &Object) -> Result<Vec<(String, Option<Decimal>)>, String> {
    let given = input
        .get("prices")
        .and_then(Value::as_array)
        .ok_or("\"prices\" should not be blank.")?;
    let one = |price: &Value| {
        let code = price
            .get("code")
            .and_then(value::text)
            .ok_or("\"code\" should not be blank.")?;
        if !account.references.has("price-types", &code) {
            return Err(format!(
                "\"priceType\" with \"code\"=\"{code}\" does not exist."
            ));
        }
        if price.get("remove").and_then(value::flag) == Some(true) {
            return Ok((code, None));
        }
        let amount = price
            .get("price")
            .and_then(value::decimal)
            .filter(|amount| !amount.is_sign_negative());
        Ok((code, Some(amount.ok_or("\"price\" should be numeric.")?)))
    };
    given.iter().map(one).collect()
}

fn set_prices(catalogue: &mut Catalogue, id: i64, given: &[(String, Option<Decimal>)]) {
    catalogue.offers.update(id, |row| {
        let mut prices = row.get("prices").and_then(Value::as_array).cloned().unwrap_or_default();
        for (code, amount) in given {
            prices.retain(|price| price["priceType"] != code.as_str());
            if let Some(amount) = amount {
                prices.push(json!({"priceType": code, "price": value::number(*amount), "ordering": 10, "currency": "RUB"}));
                if code == "base" {
                    row.insert("price".into(), value::number(*amount));
                }
            }
        }
        row.insert("prices".into(), prices.into());
    });
}
