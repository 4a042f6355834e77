//! Carts and favourites of customers, by site.

use serde_json::{Value, json};

use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::state::Account;
use crate::retailcrm::state::party::Party;
use crate::retailcrm::state::resolve;
use crate::retailcrm::value::{self, Object, object};

pub(crate) fn get_cart(account: &mut Account, call: &Call) -> Outcome {
    let site = site(account, call)?;
    let customer = customer_in_path(account, call)?;
    let cart = account
        .records
        .keyed
        .get(&format!("cart/{site}/{customer}"))
        .ok_or_else(Failure::not_found)?;
    Ok(Answer::ok(json!({"cart": cart})))
}

pub(crate) fn set_cart(account: &mut Account, call: &Call) -> Outcome {
    let site = site(account, call)?;
    let mut cart = call.object("cart")?;
    let customer = customer_of(account, &cart)?;
    for name in ["droppedAt", "clearedAt"] {
        zoned(&cart, name)?;
    }
    let items = items(account, &cart)?;
    cart.insert("items".into(), items.into());
    order_of(account, &mut cart)?;
    // A new cart has what it is given; null gives nothing.
    cart.retain(|_, given| !given.is_null());
    cart.insert("customer".into(), reference(account, customer));
    cart.entry("currency")
        .or_insert_with(|| account.references.currency_of_site(&site).into());
    account
        .records
        .keyed
        .insert(format!("cart/{site}/{customer}"), cart);
    Ok(Answer::ok(json!({})))
}

pub(crate) fn clear_cart(account: &mut Account, call: &Call) -> Outcome {
    let site = site(account, call)?;
    let mut cleared = call.object("cart")?;
    let customer = customer_of(account, &cleared)?;
    zoned(&cleared, "clearedAt")?;
    order_of(account, &mut cleared)?;
    let cart = account
        .records
        .keyed
        .get_mut(&format!("cart/{site}/{customer}"))
        .ok_or_else(Failure::not_found)?;
    cart.insert("items".into(), json!([]));
    for name in ["clearedAt", "order"] {
        if let Some(given) = cleared.get(name) {
            cart.insert(name.into(), given.clone());
        }
    }
    cart.retain(|_, given| !given.is_null());
    Ok(Answer::ok(json!({})))
}

pub(crate) fn list_favorites(account: &mut Account, call: &Call) -> Outcome {
    let key = favorites_key(account, call)?;
    let row = account.records.keyed.get(&key);
    let favorites = row
        .and_then(|row| row.get("cart"))
        .cloned()
        .unwrap_or_else(|| json!([]));
    Ok(Answer::ok(json!({"cart": favorites})))
}

pub(crate) fn add_favorite(account: &mut Account, call: &Call) -> Outcome {
    let key = favorites_key(account, call)?;
    let offer = favorite(account, call)?;
    let now = account.now();
    let favorites = favorites(account, key);
    if !favorites.iter().any(|one| is_same(&one["offer"], &offer)) {
        favorites.push(json!({"offer": offer, "createdAt": now}));
    }
    Ok(Answer::ok(json!({})))
}

pub(crate) fn remove_favorite(account: &mut Account, call: &Call) -> Outcome {
    let key = favorites_key(account, call)?;
    let offer = favorite(account, call)?;
    let favorites = favorites(account, key);
    let before = favorites.len();
    favorites.retain(|one| !is_same(&one["offer"], &offer));
    if favorites.len() == before {
        Err(Failure::not_found())
    } else {
        Ok(Answer::ok(json!({})))
    }
}

/// The items of a cart: quantities, and offers of the catalogue with their prices.
fn items(account: &Account, cart: &Object) -> Result<Vec<Value>, Failure> {
    let given = cart.get("items").and_then(Value::as_array);
    let given = given.ok_or_else(|| Failure::field("items", "This value should not be blank."))?;
    let items = given.iter().enumerate().map(|(index, one)| {
        let field = format!("items[{index}]");
        let mut item = object(one.clone());
        let quantity = item.get("quantity").and_then(value::decimal);
        if quantity.is_none_or(|quantity| quantity.is_sign_negative()) {
            let text = "This value should be of type numeric.";
            return Err(Failure::field(&format!("{field}.quantity"), text));
        }
        if let Some(given) = item.get("offer") {
            let (shown, price) = offer(account, &format!("{field}.offer"), given)?;
            item.insert("offer".into(), shown);
            item.entry("price").or_insert(price);
        }
        Ok(Value::Object(item))
    });
    items.collect()
}

/// An offer of the catalogue as carts and favourites show it, and its price.
fn offer(account: &Account, field: &str, given: &Value) -> Result<(Value, Value), Failure> {
    let reference = resolve::reference(field, given)?;
    let offer = account
        .catalogue
        .offer(reference)
        .ok_or_else(|| Failure::field(field, "Offer does not exist."))?;
    let names = ["id", "externalId", "xmlId", "name", "properties", "unit"];
    let shown = value::pick(offer, &names).into();
    Ok((shown, offer.get("price").cloned().unwrap_or_default()))
}

/// The order that a cart became must exist.
fn order_of(account: &Account, cart: &mut Object) -> Result<(), Failure> {
    if let Some(given) = resolve::given(cart, "order") {
        let order = account.referred_order("order", resolve::reference("order", given)?)?;
        let shown = resolve::shown_order(order, &["id", "externalId", "number"]);
        cart.insert("order".into(), shown);
    }
    Ok(())
}

fn favorite(account: &Account, call: &Call) -> Result<Value, Failure> {
    let favorite = call.object("favorite")?;
    let given = favorite.get("offer");
    let given = given.ok_or_else(|| Failure::field("offer", "This value should not be blank."))?;
    Ok(offer(account, "offer", given)?.0)
}

fn is_same(one: &Value, other: &Value) -> bool {
    let names = ["id", "externalId", "xmlId"];
    names.iter().any(|name| {
        one.get(name)
            .is_some_and(|own| other.get(name).and_then(value::text) == value::text(own))
    })
}

fn favorites(account: &mut Account, key: String) -> &mut Vec<Value> {
    let row = account
        .records
        .keyed
        .entry(key)
        .or_insert_with(|| object(json!({"cart": []})));
    match &mut row["cart"] {
        Value::Array(favorites) => favorites,
        _ => unreachable!("favourites are made as a list"),
    }
}

fn favorites_key(account: &Account, call: &Call) -> Result<String, Failure> {
    Ok(format!(
        "favorites/{}/{}",
        site(account, call)?,
        customer_in_path(account, call)?
    ))
}

/// The site in the path: a code, or an id with `siteBy=id`.
fn site(account: &Account, call: &Call) -> Result<String, Failure> {
    let name = match call.text("siteBy") {
        None | Some("code") => "code",
        Some("id") => "id",
        Some(_) => {
            return Err(Failure::input(
                "siteBy",
                "The value you selected is not a valid choice.",
            ));
        }
    };
    let is_meant =
        |row: &&Object| value::member(row, name).as_deref() == Some(call.segment("site"));
    let site = account.references.rows("sites").iter().find(is_meant);
    site.and_then(|row| value::member(row, "code"))
        .ok_or_else(Failure::not_found)
}

fn customer_in_path(account: &Account, call: &Call) -> Result<i64, Failure> {
    account
        .customers
        .table
        .find(call.segment("customerId"), call.by()?, None)
        .ok_or_else(Failure::not_found)
}

fn customer_of(account: &Account, cart: &Object) -> Result<i64, Failure> {
    let given = resolve::given(cart, "customer")
        .ok_or_else(|| Failure::field("customer", "This value should not be blank."))?;
    let reference = resolve::reference("customer", given)?;
    let row = account.referred_party("customer", reference, Party::Person)?;
    row.get("id")
        .and_then(value::integer)
        .ok_or_else(Failure::not_found)
}

fn reference(account: &Account, customer: i64) -> Value {
    let row = account.customers.table.get(customer);
    row.map(|row| value::pick(row, &["id", "externalId", "browserId", "site"]).into())
        .unwrap_or_default()
}

/// The times of carts carry an offset: `Y-m-d H:i:sP`.
fn zoned(cart: &Object, name: &str) -> Result<(), Failure> {
    let Some(text) = value::member(cart, name) else {
        return Ok(());
    };
    let parsed = jiff::fmt::strtime::parse("%Y-%m-%d %H:%M:%S%:z", &text)
        .and_then(|time| time.to_timestamp());
    parsed
        .map(|_| ())
        .map_err(|_| Failure::field(name, "This value is not a valid datetime."))
}
