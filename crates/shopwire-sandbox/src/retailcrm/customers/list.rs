//! Reading customers: list, one, history.

use serde_json::{Value, json};

use super::{Pick, in_path};
use crate::retailcrm::account::Account;
use crate::retailcrm::answer::{Answer, Object, Outcome};
use crate::retailcrm::call::Call;
use crate::retailcrm::filter::{Conditions, Field, Rule};
use crate::retailcrm::page::{Page, SIZES};

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
pub(super) fn list(account: &mut Account, call: &Call, pick: Pick) -> Outcome {
    let conditions = Conditions::read(call, FILTERS)?;
    let page = Page::read(call, SIZES)?;
    let sites = account.key.sites.clone();
    let directory = pick(account);
    let visible = |row: &&Object| {
        row.get("site")
            .is_none_or(|site| sites.iter().any(|granted| site == granted))
    };
    let rows: Vec<&Object> = directory
        .table
        .iter()
        .rev()
        .filter(visible)
        .filter(|row| conditions.hold(row))
        .collect();
    let mut answer = json!({"pagination": page.block(rows.len())});
    answer[directory.party.list] = page
        .cut(rows)
        .into_iter()
        .cloned()
        .map(Value::Object)
        .collect();
    Ok(Answer::ok(answer))
}

pub(super) fn get(account: &mut Account, call: &Call, pick: Pick) -> Outcome {
    let id = in_path(account, call, pick)?;
    let directory = pick(account);
    Ok(Answer::ok(
        json!({ directory.party.item: directory.table.get(id) }),
    ))
}

pub(super) fn history(account: &mut Account, call: &Call, pick: Pick) -> Outcome {
    pick(account).history.list(call, HISTORY_FILTERS)
}
