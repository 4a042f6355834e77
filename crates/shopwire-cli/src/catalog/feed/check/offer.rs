//! The rules of a single offer.

use super::super::{
    Field, Format, Offer,
    field::Place,
    number::{decimal, short},
    rules::RuleId,
};
use super::{elements, values};

/// Tells each rule that the offer breaks, with the value.
pub(super) fn check(format: Format, offer: &Offer, say: &mut dyn FnMut(RuleId, String)) {
    identity(format, offer, say);
    money(format, offer, say);
    stock(format, offer, say);
    texts(format, offer, say);
    addresses(format, offer, say);
    measures(format, offer, say);
    params(format, offer, say);
    if format.is_xml() {
        structure(format, offer, say);
    }
}

type Say<'a> = &'a mut dyn FnMut(RuleId, String);

fn identity(format: Format, offer: &Offer, say: Say<'_>) {
    match offer.id() {
        None => say(RuleId::OfferId, "there is no id".to_owned()),
        Some(id) if id.len() > super::super::sorted::LONGEST => {
            say(RuleId::Size, format!("the id `{}` is longer than 1000 bytes", short(id)));
        }
        Some(id) if format == Format::Google && id.chars().count() > 50 => {
            say(RuleId::IdLength, format!("id: `{}`", short(id)));
        }
        Some(_) => {}
    }
    let product = offer.get(Field::Product);
    match format {
        Format::Icml if product.is_none() => say(RuleId::ProductId, "there is no productId".to_owned()),
        Format::Yml => {
            let is_number = |id: &str| id.len() <= 9 && id.bytes().all(|byte| byte.is_ascii_digit());
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

/// Checks a number; tells why it is none.
fn number(field: &str, text: &str, rule: RuleId, say: Say<'_>) -> Option<rust_decimal::Decimal> {
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
        say(RuleId::OldPrice, format!("the old price {old} is not above the price {price}"));
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
        None if format == Format::Icml => say(RuleId::QuantityNone, "there is no quantity".to_owned()),
        _ => {}
    }
    match (format, offer.get(Field::Available)) {
        (Format::Icml, _) | (Format::Yml, None | Some("true" | "false")) => {}
        (Format::Google, None) => say(RuleId::AvailableNone, "there is no availability".to_owned()),
        (Format::Google, Some(text)) if google_availability(text).is_some() => {}
        (_, Some(text)) => say(RuleId::Available, format!("availability: `{}`", short(text))),
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
            Format::Google => matches!(text.to_lowercase().as_str(), "yes" | "no" | "true" | "false"),
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
    ["in_stock", "out_of_stock", "preorder", "backorder"].into_iter().find(|known| *known == text)
}

fn texts(format: Format, offer: &Offer, say: Say<'_>) {
    let has_model = format == Format::Yml && offer.get(Field::Model).is_some();
    match offer.get(Field::Name) {
        None if !has_model => say(RuleId::Name, "there is no name".to_owned()),
        Some(name) if format != Format::Icml && name.chars().count() > 150 => {
            say(RuleId::NameLength, format!("the name has {} characters", name.chars().count()));
        }
        _ => {}
    }
    let longest = match format {
        Format::Icml => usize::MAX,
        Format::Yml => 3000,
        Format::Google => 5000,
    };
    if let Some(text) = offer.get(Field::Description) {
        let length = text.chars().count();
        if length > longest {
            say(RuleId::DescriptionLength, format!("the description has {length} characters"));
        }
    }
    if format == Format::Google {
        let codes = offer.params.iter().filter_map(|param| param.code.as_deref().map(|code| (code, param.value.as_str())));
        let texts = [("brand", Field::Vendor), ("mpn", Field::VendorCode)];
        let texts = texts.into_iter().filter_map(|(name, field)| Some((name, offer.get(field)?)));
        for (name, text) in texts.chain(codes) {
            let most = if matches!(name, "brand" | "mpn") { 70 } else { 100 };
            let length = text.chars().count();
            if length > most {
                say(RuleId::TextLength, format!("{name} has {length} characters"));
            }
        }
        for (column, text) in offer.others.iter().filter(|(column, _)| column == "condition") {
            if !matches!(text.to_lowercase().as_str(), "new" | "refurbished" | "used") {
                say(RuleId::Condition, format!("{column}: `{}`", short(text)));
            }
        }
    }
}

fn addresses(format: Format, offer: &Offer, say: Say<'_>) {
    match offer.get(Field::Url) {
        None if format != Format::Icml => say(RuleId::UrlNone, "there is no address of the page".to_owned()),
        _ => {}
    }
    let links = offer.all(Field::Url).map(|link| ("url", link));
    for (name, link) in links.chain(offer.all(Field::Picture).map(|link| ("picture", link))) {
        if let Some(why) = values::address(link) {
            say(RuleId::Url, format!("{name}: {why}"));
        }
        let length = link.chars().count();
        if length > 2000 {
            say(RuleId::UrlLength, format!("{name} has {length} characters"));
        }
    }
    let pictures = offer.all(Field::Picture).count();
    if pictures == 0 && format == Format::Google {
        say(RuleId::PictureNone, "there is no image_link".to_owned());
    }
    if pictures > 11 && format != Format::Icml {
        say(RuleId::PictureCount, format!("there are {pictures} pictures"));
    }
}

fn measures(format: Format, offer: &Offer, say: Say<'_>) {
    if let Some(text) = offer.get(Field::Weight) {
        number("weight", text, RuleId::Weight, say);
    }
    if let Some(text) = offer.get(Field::Dimensions)
        && let Some(why) = values::dimensions(text)
    {
        say(RuleId::Dimensions, format!("dimensions: {why}"));
    }
    if let (Format::Icml, Some(text)) = (format, offer.get(Field::VatRate))
        && !values::is_vat_rate(text)
    {
        say(RuleId::VatRate, format!("vatRate: `{}`", short(text)));
    }
    for text in offer.all(Field::Barcode).filter(|text| !text.is_empty() && !values::is_barcode(text)) {
        say(RuleId::Barcode, format!("barcode: `{}`", short(text)));
    }
}

fn params(format: Format, offer: &Offer, say: Say<'_>) {
    for param in &offer.params {
        if param.name.is_empty() && format.is_xml() {
            say(RuleId::ParamName, format!("the parameter `{}` has no name", short(&param.value)));
        }
        let code = param.code.as_deref().unwrap_or_default();
        if format == Format::Icml && !values::is_code(code) {
            say(RuleId::ParamCode, format!("the parameter `{}` has the code `{}`", short(&param.name), short(code)));
        }
    }
    if let (Format::Icml, Some(unit)) = (format, &offer.unit)
        && [&unit.code, &unit.name, &unit.sym].into_iter().any(String::is_empty)
    {
        say(RuleId::Unit, "the unit has not all of code, name and sym".to_owned());
    }
}

fn structure(format: Format, offer: &Offer, say: Say<'_>) {
    if let Some(text) = &offer.stray {
        say(RuleId::XmlText, format!("the text `{text}` is in no element"));
    }
    if offer.markup > 0 {
        say(RuleId::Markup, format!("{} elements inside of texts", offer.markup));
    }
    for name in &offer.foreign {
        say(RuleId::ElementForeign, format!("`{}`", short(name)));
    }
    let is_yml = format == Format::Yml;
    for (name, _) in &offer.others {
        if !(is_yml && elements::ATTRIBUTES.contains(&name.as_str())) {
            say(RuleId::ElementUnknown, format!("the attribute `{}`", short(name)));
        }
    }
    for node in &offer.nodes {
        if !(is_yml && elements::OFFER.contains(&node.name.as_str())) {
            say(RuleId::ElementUnknown, format!("<{}>", short(&node.name)));
        }
    }
    for field in Field::all() {
        let is_single = !matches!(field.place(format), Place::Elements(_));
        if is_single && offer.all(field).count() > 1 {
            say(RuleId::ElementRepeated, field.name().to_owned());
        }
    }
}
