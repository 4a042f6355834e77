//! The rules of a single offer.

use super::super::{
    Field, Format, Offer,
    number::{decimal, short},
    rules::RuleId,
};
use super::{content, values};

/// Tells each rule that the offer breaks, with the value.
pub(super) fn check(format: Format, offer: &Offer, say: &mut dyn FnMut(RuleId, String)) {
    identity(format, offer, say);
    money(format, offer, say);
    stock(format, offer, say);
    content::texts(format, offer, say);
    content::addresses(format, offer, say);
    content::measures(format, offer, say);
    content::params(format, offer, say);
    if format.is_xml() {
        content::structure(format, offer, say);
    }
}

/// Takes a broken rule, with the value.
pub(super) type Say<'a> = &'a mut dyn FnMut(RuleId, String);

fn identity(format: Format, offer: &Offer, say: Say<'_>) {
    match offer.id() {
        None => say(RuleId::OfferId, "there is no id".to_owned()),
        Some(id) if id.len() > super::super::sorted::LONGEST => {
            say(
                RuleId::Size,
                format!("the id `{}` is longer than 1000 bytes", short(id)),
            );
        }
        Some(id) if format == Format::Google && id.chars().count() > 50 => {
            say(RuleId::IdLength, format!("id: `{}`", short(id)));
        }
        Some(_) => {}
    }
    let product = offer.get(Field::Product);
    match format {
        Format::Icml if product.is_none() => {
            say(RuleId::ProductId, "there is no productId".to_owned())
        }
        Format::Yml => {
            let is_number =
                |id: &str| id.len() <= 9 && id.bytes().all(|byte| byte.is_ascii_digit());
            if let Some(id) = product.filter(|id| !is_number(id)) {
                say(RuleId::GroupId, format!("group_id: `{}`", short(id)));
            }
        }
        Format::Google => {
            if let Some(id) = product.filter(|id| id.chars().count() > 50) {
                say(RuleId::IdLength, format!("item_group_id: `{}`", short(id)));
            }
        }
        Format::Icml => {}
    }
    if let (Format::Icml, Some(kind)) = (format, offer.get(Field::Type))
        && !matches!(kind, "product" | "service")
    {
        say(RuleId::OfferType, format!("type: `{}`", short(kind)));
    }
    if format.is_xml() && offer.get(Field::Category).is_none() {
        say(RuleId::CategoryNone, "there is no categoryId".to_owned());
    }
}

/// Checks a number; tells why it is not a number.
pub(super) fn number(
    field: &str,
    text: &str,
    rule: RuleId,
    say: Say<'_>,
) -> Option<rust_decimal::Decimal> {
    match decimal(text) {
        Ok(number) if number.is_sign_negative() && !number.is_zero() => {
            say(rule, format!("{field}: `{}` is below 0", short(text)));
            None
        }
        Ok(number) => Some(number),
        Err(why) => {
            let rule = match why.contains("thousands") {
                true => RuleId::Thousands,
                false => rule,
            };
            say(rule, format!("{field}: {why}"));
            None
        }
    }
}

fn money(format: Format, offer: &Offer, say: Say<'_>) {
    let mut amount = |field: Field| {
        let text = offer.get(field)?;
        number(field.name(), text, RuleId::Price, say)
    };
    let (price, old) = (amount(Field::Price), amount(Field::OldPrice));
    amount(Field::PurchasePrice);
    if offer.get(Field::Price).is_none() {
        say(RuleId::PriceNone, "there is no price".to_owned());
    }
    if price.is_some_and(|price| price.is_zero()) {
        say(RuleId::PriceZero, "the price is 0".to_owned());
    }
    if format == Format::Icml {
        return;
    }
    if let (Some(price), Some(old)) = (price, old)
        && old <= price
    {
        say(
            RuleId::OldPrice,
            format!("the old price {old} is not above the price {price}"),
        );
    }
    match offer.get(Field::Currency) {
        None => say(RuleId::CurrencyNone, "there is no currency".to_owned()),
        Some(code) if !values::is_currency(code) => {
            say(RuleId::Currency, format!("currency: `{}`", short(code)));
        }
        Some(_) => {}
    }
}

fn stock(format: Format, offer: &Offer, say: Say<'_>) {
    match offer.get(Field::Quantity) {
        Some(text) if format.is_xml() => {
            number("quantity", text, RuleId::Quantity, say);
        }
        None if format == Format::Icml => {
            say(RuleId::QuantityNone, "there is no quantity".to_owned())
        }
        _ => {}
    }
    match (format, offer.get(Field::Available)) {
        (Format::Icml, _) | (Format::Yml, None | Some("true" | "false")) => {}
        (Format::Google, None) => say(RuleId::AvailableNone, "there is no availability".to_owned()),
        (Format::Google, Some(text)) if google_availability(text).is_some() => {}
        (_, Some(text)) => say(
            RuleId::Available,
            format!("availability: `{}`", short(text)),
        ),
    }
    for field in [Field::ProductActivity, Field::Activity, Field::Markable] {
        if let (Format::Icml, Some(text)) = (format, offer.get(field))
            && !matches!(text, "Y" | "N")
        {
            say(RuleId::Flag, format!("{}: `{}`", field.name(), short(text)));
        }
    }
    if let Some(text) = offer.get(Field::Adult) {
        let is_good = match format {
            Format::Google => matches!(
                text.to_lowercase().as_str(),
                "yes" | "no" | "true" | "false"
            ),
            _ => matches!(text, "true" | "false"),
        };
        if format != Format::Icml && !is_good {
            say(RuleId::Adult, format!("adult: `{}`", short(text)));
        }
    }
}

/// The value of Google's specification that a text means: `in stock` is `in_stock`.
pub(in super::super) fn google_availability(text: &str) -> Option<&'static str> {
    let text = text.to_lowercase().replace(' ', "_");
    ["in_stock", "out_of_stock", "preorder", "backorder"]
        .into_iter()
        .find(|known| *known == text)
}
