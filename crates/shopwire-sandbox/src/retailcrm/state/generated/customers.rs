//! Generated persons.

use serde_json::{Value, json};

use crate::random::Random;
use crate::retailcrm::state::account::Account;
use crate::retailcrm::state::party::{self, Party};
use crate::retailcrm::state::references::FIRST_SITE;
use crate::retailcrm::value::{Object, object};
use crate::words;

/// Adds persons with a history.
pub(super) fn add(account: &mut Account, random: &mut Random, count: usize) {
    for index in 0..count {
        let at = account.made_at(index, count);
        let row = person(random, account.customers.table.next_id(), &at);
        account.customers.add_made(&at, row);
    }
}

fn person(random: &mut Random, id: i64, at: &str) -> Object {
    let who = words::person(random);
    let (city, region, index) = random.one_of(words::TOWNS);
    let mut row = party::blank(Party::Person, FIRST_SITE, at);
    let has_mail = random.below(8) > 0;
    row.extend(object(json!({
        "externalId": format!("customer-{id}"),
        "vip": random.below(20) == 0,
        "firstName": who.first,
        "lastName": who.last,
        "patronymic": who.patronymic,
        "sex": who.sex,
        "email": has_mail.then(|| format!("{}.{id}@example.com", who.mail)),
        "phones": [{"number": phone(random)}],
        "birthday": (random.below(3) == 0).then(|| birthday(random)),
        "personalDiscount": random.one_of(&[0, 0, 0, 5, 10]),
        "address": {
            "id": id, "index": index, "countryIso": "UA", "region": region, "city": city,
            "street": random.one_of(words::STREETS), "building": (1 + random.below(120)).to_string(),
            "flat": (1 + random.below(90)).to_string(),
        },
    })));
    if random.below(10) == 0 {
        let tag = random.one_of(&["оптовик", "newsletter", "постійний клієнт"]);
        let shown: Vec<Value> = vec![json!({"name": tag, "color": "#19976e", "attached": false})];
        row.insert("tags".into(), shown.into());
    }
    row
}

fn phone(random: &mut Random) -> String {
    let operator = random.one_of(&[50, 63, 67, 93, 97]);
    format!("+380{operator}{:07}", random.below(10_000_000))
}

fn birthday(random: &mut Random) -> String {
    let (month, day) = (1 + random.below(12), 1 + random.below(28));
    format!("{}-{month:02}-{day:02}", 1950 + random.below(55))
}
