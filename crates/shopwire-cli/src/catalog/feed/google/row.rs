//! A row as an offer, and an offer as a row.

use super::super::{
    Field, Offer, Param,
    number::{amount_and_currency, centimetres, kilograms},
};
use super::columns::PARAMS;

const SIDES: [&str; 3] = ["shipping_length", "shipping_width", "shipping_height"];

/// Reads a row of cells under the names of their columns.
pub(super) fn offer<'a>(cells: impl Iterator<Item = (&'a str, &'a str)>) -> Offer {
    let mut offer = Offer::default();
    let mut money = Money::default();
    let mut pictures = Vec::new();
    let mut sides: [Option<String>; 3] = Default::default();
    for (column, text) in cells {
        let text = text.trim();
        if text.is_empty() {
            continue;
        }
        match column {
            "price" => money.price = Some(text),
            "sale_price" => money.sale = Some(text),
            "cost_of_goods_sold" => money.cost = Some(text),
            "image_link" => pictures.insert(0, text.to_owned()),
            "additional_image_link" => {
                let each = text
                    .split(',')
                    .map(str::trim)
                    .filter(|link| !link.is_empty());
                pictures.extend(each.map(str::to_owned));
            }
            "shipping_weight" => offer.push(Field::Weight, kilograms(text)),
            "product_detail" => offer.params.extend(details(text)),
            _ => match (
                Field::of_column(column),
                SIDES.iter().position(|side| *side == column),
            ) {
                (_, Some(side)) => sides[side] = Some(centimetres(text)),
                (Some(field), None) => offer.push(field, text),
                (None, None) if PARAMS.contains(&column) => offer.params.push(Param {
                    name: column.to_owned(),
                    code: Some(column.to_owned()),
                    value: text.to_owned(),
                    ..Param::default()
                }),
                (None, None) => offer.others.push((column.to_owned(), text.to_owned())),
            },
        }
    }
    money.put(&mut offer);
    for picture in pictures {
        offer.push(Field::Picture, picture);
    }
    if sides.iter().any(Option::is_some) {
        let [length, width, height] = sides.map(|side| side.unwrap_or_else(|| "0".to_owned()));
        offer.push(Field::Dimensions, format!("{length}/{width}/{height}"));
    }
    offer
}

/// The amounts of a row, as they are written.
#[derive(Default)]
struct Money<'a> {
    price: Option<&'a str>,
    sale: Option<&'a str>,
    cost: Option<&'a str>,
}

impl Money<'_> {
    /// With a sale, the price that counts is the sale's, and the regular one is the old price.
    fn put(self, offer: &mut Offer) {
        let [price, sale, cost] =
            [self.price, self.sale, self.cost].map(|text| text.map(amount_and_currency));
        let currency = [price, sale, cost]
            .into_iter()
            .flatten()
            .find_map(|(_, currency)| currency);
        if let Some(currency) = currency {
            offer.push(Field::Currency, currency);
        }
        // An amount in another currency than the row's is kept as it is, and is no number then.
        let amount = |pair: Option<(&str, Option<&str>)>, text: Option<&str>| match pair {
            Some((_, own)) if own.is_some() && own != currency => text.map(str::to_owned),
            pair => pair.map(|(amount, _)| amount.to_owned()),
        };
        let (current, old) = match sale {
            Some(_) => (amount(sale, self.sale), amount(price, self.price)),
            None => (amount(price, self.price), None),
        };
        let all = [
            (Field::Price, current),
            (Field::OldPrice, old),
            (Field::PurchasePrice, amount(cost, self.cost)),
        ];
        for (field, text) in all {
            if let Some(text) = text {
                offer.push(field, text);
            }
        }
    }
}

/// Reads `section:name:value`, separated by commas. A backslash takes the meaning of the next character.
fn details(text: &str) -> Vec<Param> {
    let mut params = Vec::new();
    let mut parts = vec![String::new()];
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        let letter = match letter {
            ',' => {
                params.push(std::mem::replace(&mut parts, vec![String::new()]));
                continue;
            }
            ':' if parts.len() < 3 => {
                parts.push(String::new());
                continue;
            }
            '\\' => letters.next().unwrap_or('\\'),
            letter => letter,
        };
        if let Some(part) = parts.last_mut() {
            part.push(letter);
        }
    }
    params.push(parts);
    let is_empty = |parts: &Vec<String>| parts.iter().all(|part| part.trim().is_empty());
    params.retain(|parts| !is_empty(parts));
    params.into_iter().map(detail).collect()
}

fn detail(parts: Vec<String>) -> Param {
    let parts: Vec<&str> = parts.iter().map(|part| part.trim()).collect();
    let (name, value) = match parts.as_slice() {
        ["", name, value] => ((*name).to_owned(), *value),
        [section, name, value] => (format!("{section}:{name}"), *value),
        [name, value] => ((*name).to_owned(), *value),
        other => (String::new(), other.first().copied().unwrap_or_default()),
    };
    Param {
        name,
        value: value.to_owned(),
        ..Param::default()
    }
}

/// The cell of an offer under a column.
pub(super) fn cell(offer: &Offer, column: &str) -> String {
    let money = |field| amount(offer, field);
    match column {
        "price" => money(Field::OldPrice)
            .or_else(|| money(Field::Price))
            .unwrap_or_default(),
        "sale_price" if offer.get(Field::OldPrice).is_some() => {
            money(Field::Price).unwrap_or_default()
        }
        "sale_price" => String::new(),
        "cost_of_goods_sold" => money(Field::PurchasePrice).unwrap_or_default(),
        "image_link" => offer.get(Field::Picture).unwrap_or_default().to_owned(),
        "additional_image_link" => {
            let others = offer
                .all(Field::Picture)
                .filter(|text| !text.is_empty())
                .skip(1);
            others
                .map(|link| link.replace(',', "%2C"))
                .collect::<Vec<_>>()
                .join(",")
        }
        "shipping_weight" => offer
            .get(Field::Weight)
            .map_or(String::new(), |weight| format!("{weight} kg")),
        "product_detail" => {
            let own = |param: &&Param| !is_column(param);
            offer
                .params
                .iter()
                .filter(own)
                .map(written)
                .collect::<Vec<_>>()
                .join(",")
        }
        _ if PARAMS.contains(&column) => {
            let own = |param: &&Param| param.code.as_deref() == Some(column);
            offer
                .params
                .iter()
                .find(own)
                .map_or(String::new(), |param| param.value.clone())
        }
        _ => plain(offer, column),
    }
}

fn plain(offer: &Offer, column: &str) -> String {
    if let Some(side) = SIDES.iter().position(|side| *side == column) {
        let dimensions = offer.get(Field::Dimensions).unwrap_or_default();
        let side = dimensions
            .split('/')
            .nth(side)
            .map(str::trim)
            .unwrap_or_default();
        return match side {
            "" | "0" => String::new(),
            side => format!("{side} cm"),
        };
    }
    if let Some(field) = Field::of_column(column) {
        return offer.get(field).unwrap_or_default().to_owned();
    }
    let other = offer.others.iter().find(|(name, _)| name == column);
    other.map_or(String::new(), |(_, value)| value.clone())
}

fn amount(offer: &Offer, field: Field) -> Option<String> {
    let amount = offer.get(field)?;
    Some(match offer.get(Field::Currency) {
        Some(currency) => format!("{amount} {currency}"),
        None => amount.to_owned(),
    })
}

/// Whether a parameter has a column of its own.
pub(in super::super) fn is_column(param: &Param) -> bool {
    param
        .code
        .as_deref()
        .is_some_and(|code| PARAMS.contains(&code))
}

fn written(param: &Param) -> String {
    let (section, name) = match param.name.split_once(':') {
        Some((section, name)) => (section, name),
        None => ("", param.name.as_str()),
    };
    format!(
        "{}:{}:{}",
        escaped(section),
        escaped(name),
        escaped(&param.value)
    )
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '\\' | ':' | ',') {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}
