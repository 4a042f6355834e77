//! The filters of the lists of customers.

use crate::retailcrm::protocol::filter::{Field, Rule};
use crate::retailcrm::state::party::Party;

/// The filter of one kind of customers.
pub(super) fn of(party: Party) -> &'static [Field] {
    match party {
        Party::Person => PERSONS,
        Party::Company => COMPANIES,
    }
}

/// The filter of both histories.
pub(super) const HISTORY: &[Field] = &[
    ("sinceId", Rule::SinceId),
    ("customerId", Rule::OneOf("customer.id")),
    ("customerExternalId", Rule::OneOf("customer.externalId")),
    ("contactIds", Rule::OneOf("joined.contacts")),
    ("startDate", Rule::From("createdAt")),
    ("endDate", Rule::To("createdAt")),
];

const PERSONS: &[Field] = &[
    ("ids", Rule::OneOf("id")),
    ("externalIds", Rule::OneOf("externalId")),
    (
        "name",
        Rule::Words(&["firstName", "lastName", "patronymic", "phones.number"]),
    ),
    ("email", Rule::Contains(&["email"])),
    ("city", Rule::Contains(&["address.city"])),
    ("region", Rule::Contains(&["address.region"])),
    ("countries", Rule::OneOf("address.countryIso")),
    ("sites", Rule::OneOf("site")),
    ("managers", Rule::OneOf("managerId")),
    ("managerGroups", Rule::OneOf("joined.managerGroups")),
    ("sex", Rule::OneOf("joined.sexes")),
    ("vip", Rule::Flag("vip")),
    ("bad", Rule::Flag("bad")),
    ("isContact", Rule::Flag("isContact")),
    ("online", Rule::Flag("joined.online")),
    (
        "emailMarketingUnsubscribed",
        Rule::Flag("joined.unsubscribed"),
    ),
    ("abandonedCart", Rule::Flag("joined.abandonedCart")),
    ("tags", Rule::OneOf("tags.name")),
    ("attachedTags", Rule::OneOf("joined.pinnedTags")),
    ("segment", Rule::OneOf("segments.code")),
    ("classSegment", Rule::AllParts("joined.grades")),
    (
        "subscriptions",
        Rule::Element(
            "customerSubscriptions",
            &[
                ("channel", "subscription.channel"),
                ("subscription", "subscription.code"),
                ("subscribed", "subscribed"),
            ],
        ),
    ),
    ("browserId", Rule::OneOf("browserId")),
    ("mgCustomerId", Rule::OneOf("mgCustomers.externalId")),
    ("mgChannels", Rule::OneOf("mgCustomers.mgChannel.id")),
    ("commentary", Rule::Contains(&["joined.commentary"])),
    ("notes", Rule::Contains(&["joined.notes"])),
    (
        "discountCardNumber",
        Rule::Contains(&["discountCardNumber"]),
    ),
    ("contragentTypes", Rule::OneOf("contragent.contragentType")),
    ("contragentName", Rule::Contains(&["contragent.legalName"])),
    ("contragentInn", Rule::Contains(&["contragent.INN"])),
    ("contragentKpp", Rule::Contains(&["contragent.KPP"])),
    ("contragentBik", Rule::Contains(&["contragent.BIK"])),
    (
        "contragentCorrAccount",
        Rule::Contains(&["contragent.corrAccount"]),
    ),
    (
        "contragentBankAccount",
        Rule::Contains(&["contragent.bankAccount"]),
    ),
    ("minOrdersCount", Rule::Min("ordersCount")),
    ("maxOrdersCount", Rule::Max("ordersCount")),
    ("minTotalSumm", Rule::Min("totalSumm")),
    ("maxTotalSumm", Rule::Max("totalSumm")),
    ("minAverageSumm", Rule::Min("averageSumm")),
    ("maxAverageSumm", Rule::Max("averageSumm")),
    ("minCostSumm", Rule::Min("joined.costSumm")),
    ("maxCostSumm", Rule::Max("joined.costSumm")),
    (
        "attachments",
        Rule::Choice(&["1", "2", "3"], "joined.attachments"),
    ),
    (
        "tasksCounts",
        Rule::Choice(&["1", "2", "3"], "joined.tasksCounts"),
    ),
    ("dateFrom", Rule::From("createdAt")),
    ("dateTo", Rule::To("createdAt")),
    ("firstOrderFrom", Rule::From("joined.firstOrderAt")),
    ("firstOrderTo", Rule::To("joined.firstOrderAt")),
    ("lastOrderFrom", Rule::From("joined.lastOrderAt")),
    ("lastOrderTo", Rule::To("joined.lastOrderAt")),
    ("firstWebVisitFrom", Rule::From("joined.firstVisitAt")),
    ("firstWebVisitTo", Rule::To("joined.firstVisitAt")),
    ("lastWebVisitFrom", Rule::From("joined.lastVisitAt")),
    ("lastWebVisitTo", Rule::To("joined.lastVisitAt")),
    ("sourceName", Rule::Contains(&["source.source"])),
    ("mediumName", Rule::Contains(&["source.medium"])),
    ("campaignName", Rule::Contains(&["source.campaign"])),
    ("keywordName", Rule::Contains(&["source.keyword"])),
    ("adContentName", Rule::Contains(&["source.content"])),
    ("customFields", Rule::CustomFields("customFields")),
];

const COMPANIES: &[Field] = &[
    ("ids", Rule::OneOf("id")),
    ("externalIds", Rule::OneOf("externalId")),
    ("name", Rule::Contains(&["nickName"])),
    ("nickName", Rule::Contains(&["nickName"])),
    ("companyName", Rule::Contains(&["companies.name"])),
    ("addressName", Rule::Contains(&["addresses.name"])),
    ("city", Rule::Contains(&["addresses.city"])),
    ("region", Rule::Contains(&["addresses.region"])),
    ("contactIds", Rule::OneOf("customerContacts.customer.id")),
    (
        "contactName",
        Rule::Words(&[
            "joined.contacts.firstName",
            "joined.contacts.lastName",
            "joined.contacts.patronymic",
            "joined.contacts.phones.number",
        ]),
    ),
    ("phone", Rule::Contains(&["joined.contacts.phones.number"])),
    ("email", Rule::Contains(&["joined.contacts.email"])),
    ("sites", Rule::OneOf("site")),
    ("managers", Rule::OneOf("managerId")),
    ("managerGroups", Rule::OneOf("joined.managerGroups")),
    ("vip", Rule::Flag("vip")),
    ("bad", Rule::Flag("bad")),
    ("classSegment", Rule::AllParts("joined.grades")),
    ("notes", Rule::Contains(&["joined.notes"])),
    (
        "discountCardNumber",
        Rule::Contains(&["discountCardNumber"]),
    ),
    (
        "contragentTypes",
        Rule::OneOf("companies.contragent.contragentType"),
    ),
    (
        "contragentName",
        Rule::Contains(&["companies.contragent.legalName"]),
    ),
    (
        "contragentInn",
        Rule::Contains(&["companies.contragent.INN"]),
    ),
    (
        "contragentKpp",
        Rule::Contains(&["companies.contragent.KPP"]),
    ),
    (
        "contragentBik",
        Rule::Contains(&["companies.contragent.BIK"]),
    ),
    (
        "contragentCorrAccount",
        Rule::Contains(&["companies.contragent.corrAccount"]),
    ),
    (
        "contragentBankAccount",
        Rule::Contains(&["companies.contragent.bankAccount"]),
    ),
    ("minOrdersCount", Rule::Min("ordersCount")),
    ("maxOrdersCount", Rule::Max("ordersCount")),
    ("minTotalSumm", Rule::Min("totalSumm")),
    ("maxTotalSumm", Rule::Max("totalSumm")),
    ("minAverageSumm", Rule::Min("averageSumm")),
    ("maxAverageSumm", Rule::Max("averageSumm")),
    ("minCostSumm", Rule::Min("joined.costSumm")),
    ("maxCostSumm", Rule::Max("joined.costSumm")),
    (
        "attachments",
        Rule::Choice(&["1", "2", "3"], "joined.attachments"),
    ),
    (
        "tasksCounts",
        Rule::Choice(&["1", "2", "3"], "joined.tasksCounts"),
    ),
    ("dateFrom", Rule::From("createdAt")),
    ("dateTo", Rule::To("createdAt")),
    ("firstOrderFrom", Rule::From("joined.firstOrderAt")),
    ("firstOrderTo", Rule::To("joined.firstOrderAt")),
    ("lastOrderFrom", Rule::From("joined.lastOrderAt")),
    ("lastOrderTo", Rule::To("joined.lastOrderAt")),
    ("customFields", Rule::CustomFields("customFields")),
    (
        "companyCustomFields",
        Rule::CustomFields("companies.customFields"),
    ),
];
