//! Reading customers: list, one, history.

use serde_json::{Value, json};

use super::{names, path};
use crate::retailcrm::protocol::answer::{Answer, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::protocol::filter::{Conditions, Field, Rule};
use crate::retailcrm::protocol::history;
use crate::retailcrm::protocol::page::{Page, SIZES};
use crate::retailcrm::state::Account;
use crate::retailcrm::state::party::Party;
use crate::retailcrm::value::Object;

const FILTERS: &[Field] = &[
    ("ids", Rule::OneOf("id")),
    ("externalIds", Rule::OneOf("externalId")),
    (
        "name",
        Rule::Contains(&[
            "firstName",
            "lastName",
            "patronymic",
            "phones.number",
            "nickName",
        ]),
    ),
    ("nickName", Rule::Contains(&["nickName"])),
    ("email", Rule::Contains(&["email"])),
    ("city", Rule::Contains(&["address.city", "addresses.city"])),
    (
        "region",
        Rule::Contains(&["address.region", "addresses.region"]),
    ),
    ("countries", Rule::OneOf("address.countryIso")),
    ("sites", Rule::OneOf("site")),
    ("managers", Rule::OneOf("managerId")),
    ("sex", Rule::OneOf("sex")),
    ("vip", Rule::Flag("vip")),
    ("bad", Rule::Flag("bad")),
    ("isContact", Rule::Flag("isContact")),
    ("tags", Rule::OneOf("tags.name")),
    ("browserId", Rule::OneOf("browserId")),
    (
        "discountCardNumber",
        Rule::Contains(&["discountCardNumber"]),
    ),
    ("contragentTypes", Rule::OneOf("contragent.contragentType")),
    (
        "contragentName",
        Rule::Contains(&["contragent.legalName", "companies.contragent.legalName"]),
    ),
    (
        "contragentInn",
        Rule::Contains(&["contragent.INN", "companies.contragent.INN"]),
    ),
    (
        "contragentKpp",
        Rule::Contains(&["contragent.KPP", "companies.contragent.KPP"]),
    ),
    ("companyName", Rule::Contains(&["companies.name"])),
    ("contactIds", Rule::OneOf("customerContacts.customer.id")),
    ("minOrdersCount", Rule::Min("ordersCount")),
    ("maxOrdersCount", Rule::Max("ordersCount")),
    ("minTotalSumm", Rule::Min("totalSumm")),
    ("maxTotalSumm", Rule::Max("totalSumm")),
    ("minAverageSumm", Rule::Min("averageSumm")),
    ("maxAverageSumm", Rule::Max("averageSumm")),
    ("dateFrom", Rule::From("createdAt")),
    ("dateTo", Rule::To("createdAt")),
    ("sourceName", Rule::Contains(&["source.source"])),
    ("mediumName", Rule::Contains(&["source.medium"])),
    ("campaignName", Rule::Contains(&["source.campaign"])),
    ("keywordName", Rule::Contains(&["source.keyword"])),
    ("adContentName", Rule::Contains(&["source.content"])),
    ("customFields", Rule::CustomFields),
];

const HISTORY_FILTERS: &[Field] = &[
    ("sinceId", Rule::SinceId),
    ("customerId", Rule::OneOf("customer.id")),
    ("customerExternalId", Rule::OneOf("customer.externalId")),
    ("startDate", Rule::From("createdAt")),
    ("endDate", Rule::To("createdAt")),
];

/// Newest first, as the service lists customers.
pub(crate) fn list(account: &mut Account, call: &Call, party: Party) -> Outcome {
    let conditions = Conditions::read(call, FILTERS)?;
    let page = Page::read(call, SIZES)?;
    let rows: Vec<&Object> = account
        .directory(party)
        .table
        .iter()
        .rev()
        .filter(|row| account.sees(row) && conditions.hold(row))
        .collect();
    let mut answer = json!({"pagination": page.block(rows.len())});
    answer[names::list(party)] = page
        .cut(rows)
        .into_iter()
        .cloned()
        .map(Value::Object)
        .collect();
    Ok(Answer::ok(answer))
}

pub(crate) fn get(account: &mut Account, call: &Call, party: Party) -> Outcome {
    let id = path::customer(account, call, party)?;
    let customer = account.directory(party).table.get(id);
    Ok(Answer::ok(json!({ names::item(party): customer })))
}

pub(crate) fn list_history(account: &mut Account, call: &Call, party: Party) -> Outcome {
    history::list(account.directory(party).history(), call, HISTORY_FILTERS)
}
