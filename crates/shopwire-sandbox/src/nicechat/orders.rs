//! The orders of a new account: read-only, with the peculiarities of the document's samples.

use serde_json::{Value, json};

const NAMES: [&str; 4] = [
    "Order-test-guest",
    "Олена Шевченко",
    "Ivan Petrenko",
    "Марія",
];

/// Returns `count` orders, which differ in the fields that they leave out.
pub(super) fn seeded(count: u32) -> Vec<Value> {
    (1..=count).map(order).collect()
}

fn order(number: u32) -> Value {
    let mut deal = json!({
        "website": "example.com",
        "num": format!("o-{number}/170521"),
        "agents": ["admin@example.com"],
        "chat": 70 + number,
        "date": moment(number, "10:26:03.475537"),
        "products": products(number),
    });
    // `num` is optional (N66).
    if number.is_multiple_of(4) {
        deal.as_object_mut().map(|deal| deal.shift_remove("num"));
    }
    json!({
        "id": 29 + number,
        "deal": deal,
        "contacts": {
            "info": {"geoCountry": "Ukraine", "geoCity": "Kyiv"},
            "billing_address": {},
            "client": {
                "chats": number % 3,
                "name": NAMES[number as usize % NAMES.len()],
                "visits": number,
                "coming": moment(number, "10:23:24.295912"),
                "id": 94 + number,
                "latest": moment(number, "10:26:55.029384"),
            },
            "shipping_address": address(number),
        },
    })
}

/// The sample has no `currency`, but the list of fields has: some products have it, some do not.
fn products(number: u32) -> Vec<Value> {
    (1..=1 + number % 3)
        .map(|line| {
            let mut product = json!({
                "url": format!("http://example.com/product-{line}"),
                "price": f64::from(number * 100 + line) + 0.5,
                "qty": line,
                "id": line.to_string(),
                "title": format!("Example product-{line}"),
            });
            if number.is_multiple_of(2) {
                product["currency"] = json!("uah");
            }
            product
        })
        .collect()
}

/// Writes an address. Its keys have spaces and a slash, and some clients left fields empty.
fn address(number: u32) -> Value {
    if number.is_multiple_of(5) {
        return json!({});
    }
    json!({
        "First name": "Guest",
        "Last name": "Test",
        "Address": format!("Address row, {number}"),
        "City": "Kyiv",
        "State": "Kyiv",
        "Country": "UA",
        "POST/ZIP": "11111",
    })
}

/// Writes a time with a space between date and time, as in the sample.
fn moment(number: u32, time: &str) -> String {
    format!("2017-05-{:02} {time}+00:00", 1 + number % 28)
}
