//! The two kinds of customers: their differences and their rows.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::fields::{self, Field, Kind};
use super::refusal::Refusal;
use crate::retailcrm::value::{self, Object, object};

/// A kind of customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) enum Party {
    Person,
    Company,
}

impl Party {
    /// Returns the kind with this `type`, or `None` for an unknown one.
    pub(crate) fn of_type(name: &str) -> Option<Self> {
        [Self::Person, Self::Company]
            .into_iter()
            .find(|party| party.kind() == name)
    }

    /// Returns the kind of the customer in a reference: a person unless it has another `type`.
    pub(crate) fn of_reference(reference: &Object) -> Self {
        let kind = reference.get("type").and_then(Value::as_str);
        kind.and_then(Self::of_type).unwrap_or(Self::Person)
    }

    /// `type` in a row.
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::Person => "customer",
            Self::Company => "customer_corporate",
        }
    }

    /// The fields a caller may set.
    pub(crate) fn fields(self) -> &'static [Field] {
        match self {
            Self::Person => PERSON,
            Self::Company => COMPANY,
        }
    }
}

const PERSON: &[Field] = &[
    ("externalId", Kind::Text),
    ("isContact", Kind::Flag),
    ("createdAt", Kind::DateTime),
    ("managerId", Kind::Number),
    ("vip", Kind::Flag),
    ("bad", Kind::Flag),
    ("browserId", Kind::Text),
    ("contragent", Kind::Block),
    ("personalDiscount", Kind::Number),
    ("cumulativeDiscount", Kind::Number),
    ("discountCardNumber", Kind::Text),
    ("address", Kind::Block),
    ("firstName", Kind::Text),
    ("lastName", Kind::Text),
    ("patronymic", Kind::Text),
    ("sex", Kind::Text),
    ("email", Kind::Text),
    ("birthday", Kind::Date),
    ("photoUrl", Kind::Text),
    ("source", Kind::Block),
    ("subscribed", Kind::Flag),
    ("customFields", Kind::Map),
];

const COMPANY: &[Field] = &[
    ("externalId", Kind::Text),
    ("nickName", Kind::Text),
    ("createdAt", Kind::DateTime),
    ("managerId", Kind::Number),
    ("vip", Kind::Flag),
    ("bad", Kind::Flag),
    ("personalDiscount", Kind::Number),
    ("cumulativeDiscount", Kind::Number),
    ("discountCardNumber", Kind::Text),
    ("source", Kind::Block),
    ("customFields", Kind::Map),
];

/// Checks the form of a customer.
pub(crate) fn check(party: Party, input: &Object) -> Result<(), Refusal> {
    let mut errors = Object::new();
    fields::check(input, party.fields(), &mut errors);
    if let Some(email) = value::member(input, "email").filter(|email| !email.contains('@')) {
        errors.insert(
            "email".into(),
            format!("\"{email}\" is not a valid email.").into(),
        );
    }
    if let Some(sex) =
        value::member(input, "sex").filter(|sex| !["male", "female"].contains(&sex.as_str()))
    {
        errors.insert(
            "sex".into(),
            format!("\"{sex}\" is not a valid choice.").into(),
        );
    }
    let phones = input.get("phones").filter(|phones| !phones.is_null());
    if phones.is_some_and(|phones| numbers(phones).is_none()) {
        errors.insert(
            "phones".into(),
            "This value should be of type array.".into(),
        );
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Refusal::Form(errors))
    }
}

/// A new customer before the caller's fields go in.
pub(crate) fn blank(party: Party, site: &str, now: &str) -> Object {
    let mut row = object(json!({
        "type": party.kind(),
        "createdAt": now,
        "vip": false,
        "bad": false,
        "site": site,
        "tags": [],
        "marginSumm": 0,
        "totalSumm": 0,
        "averageSumm": 0,
        "ordersCount": 0,
        "costSumm": 0,
        "customFields": [],
        "personalDiscount": 0,
        "cumulativeDiscount": 0,
    }));
    let own = if party == Party::Person {
        json!({"isContact": false, "contragent": {"contragentType": "individual"}, "segments": [], "phones": [], "customerSubscriptions": []})
    } else {
        json!({"customerContacts": [], "companies": [], "addresses": []})
    };
    row.extend(object(own));
    row
}

/// Writes the caller's fields, phones and tags into the row.
pub(crate) fn apply(party: Party, row: &mut Object, input: &Object) {
    fields::merge(row, input, party.fields());
    if let Some(numbers) = input.get("phones").and_then(numbers) {
        let phones: Vec<Value> = numbers
            .into_iter()
            .map(|number| json!({"number": number}))
            .collect();
        row.insert("phones".into(), phones.into());
    }
    tags(row, input);
}

/// Tags are shown as objects and written as names: `tags` replaces, `addTags` and
/// `removeTags` change, `attachedTag` adds one that is pinned.
fn tags(row: &mut Object, input: &Object) {
    let mut pinned = pinned_tags(row);
    pinned.extend(value::member(input, "attachedTag"));
    let mut names = tag_names(row.get("tags"));
    if input.contains_key("tags") {
        names = tag_names(input.get("tags"));
    }
    names.extend(tag_names(input.get("addTags")));
    names.extend(value::member(input, "attachedTag"));
    let removed = tag_names(input.get("removeTags"));
    let mut kept: Vec<String> = Vec::new();
    for name in names {
        if !removed.contains(&name) && !kept.contains(&name) {
            kept.push(name);
        }
    }
    let shown = kept
        .iter()
        .map(|name| json!({"name": name, "color": "#19976e", "attached": pinned.contains(name)}));
    row.insert("tags".into(), shown.collect());
}

/// The names of the pinned tags.
pub(crate) fn pinned_tags(row: &Object) -> Vec<String> {
    let tags = row.get("tags").and_then(Value::as_array);
    let is_pinned = |tag: &&Value| tag.get("attached").and_then(value::flag) == Some(true);
    let pinned = tags.into_iter().flatten().filter(is_pinned);
    pinned
        .filter_map(|tag| tag.get("name").and_then(value::text))
        .collect()
}

fn tag_names(tags: Option<&Value>) -> Vec<String> {
    let tags = tags.and_then(Value::as_array);
    let name = |tag: &Value| {
        tag.get("name")
            .and_then(value::text)
            .or_else(|| value::text(tag))
    };
    tags.into_iter().flatten().filter_map(name).collect()
}

/// `[{"number":"1"}]` or `["1"]`.
fn numbers(phones: &Value) -> Option<Vec<String>> {
    let phones = phones.as_array()?;
    phones
        .iter()
        .map(|phone| {
            phone
                .get("number")
                .and_then(value::text)
                .or_else(|| value::text(phone))
        })
        .collect()
}

/// A short reference to a customer.
pub(crate) fn reference(row: &Object) -> Value {
    value::pick(row, &["type", "id", "externalId", "site"]).into()
}
