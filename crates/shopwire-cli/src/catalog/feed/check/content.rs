//! The rules of an offer's texts, addresses, measures and elements.

use super::super::{Field, Format, Offer, field::Place, number::short, rules::RuleId};
use super::{
    elements,
    offer::{Say, number},
    values,
};

pub(super) fn texts(format: Format, offer: &Offer, say: Say<'_>) {
    let has_model = format == Format::Yml && offer.get(Field::Model).is_some();
    match offer.get(Field::Name) {
        None if !has_model => say(RuleId::Name, "there is no name".to_owned()),
        Some(name) if format != Format::Icml && name.chars().count() > 150 => {
            say(
                RuleId::NameLength,
                format!("the name has {} characters", name.chars().count()),
            );
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
            say(
                RuleId::DescriptionLength,
                format!("the description has {length} characters"),
            );
        }
    }
    if format == Format::Google {
        let codes = offer.params.iter().filter_map(|param| {
            param
                .code
                .as_deref()
                .map(|code| (code, param.value.as_str()))
        });
        let texts = [("brand", Field::Vendor), ("mpn", Field::VendorCode)];
        let texts = texts
            .into_iter()
            .filter_map(|(name, field)| Some((name, offer.get(field)?)));
        for (name, text) in texts.chain(codes) {
            let most = if matches!(name, "brand" | "mpn") {
                70
            } else {
                100
            };
            let length = text.chars().count();
            if length > most {
                say(
                    RuleId::TextLength,
                    format!("{name} has {length} characters"),
                );
            }
        }
        for (column, text) in offer
            .others
            .iter()
            .filter(|(column, _)| column == "condition")
        {
            if !matches!(text.to_lowercase().as_str(), "new" | "refurbished" | "used") {
                say(RuleId::Condition, format!("{column}: `{}`", short(text)));
            }
        }
    }
}

pub(super) fn addresses(format: Format, offer: &Offer, say: Say<'_>) {
    match offer.get(Field::Url) {
        None if format != Format::Icml => say(
            RuleId::UrlNone,
            "there is no address of the page".to_owned(),
        ),
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
        say(
            RuleId::PictureCount,
            format!("there are {pictures} pictures"),
        );
    }
}

pub(super) fn measures(format: Format, offer: &Offer, say: Say<'_>) {
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
    for text in offer
        .all(Field::Barcode)
        .filter(|text| !text.is_empty() && !values::is_barcode(text))
    {
        say(RuleId::Barcode, format!("barcode: `{}`", short(text)));
    }
}

pub(super) fn params(format: Format, offer: &Offer, say: Say<'_>) {
    for param in &offer.params {
        if param.name.is_empty() && format.is_xml() {
            say(
                RuleId::ParamName,
                format!("the parameter `{}` has no name", short(&param.value)),
            );
        }
        let code = param.code.as_deref().unwrap_or_default();
        if format == Format::Icml && !values::is_code(code) {
            say(
                RuleId::ParamCode,
                format!(
                    "the parameter `{}` has the code `{}`",
                    short(&param.name),
                    short(code)
                ),
            );
        }
    }
    if let (Format::Icml, Some(unit)) = (format, &offer.unit)
        && [&unit.code, &unit.name, &unit.sym]
            .into_iter()
            .any(String::is_empty)
    {
        say(
            RuleId::Unit,
            "the unit has not all of code, name and sym".to_owned(),
        );
    }
}

pub(super) fn structure(format: Format, offer: &Offer, say: Say<'_>) {
    if let Some(text) = &offer.stray {
        say(
            RuleId::XmlText,
            format!("the text `{text}` is in no element"),
        );
    }
    if offer.markup > 0 {
        say(
            RuleId::Markup,
            format!("{} elements inside of texts", offer.markup),
        );
    }
    for name in &offer.foreign {
        say(RuleId::ElementForeign, format!("`{}`", short(name)));
    }
    let is_yml = format == Format::Yml;
    for (name, _) in &offer.others {
        if !(is_yml && elements::ATTRIBUTES.contains(&name.as_str())) {
            say(
                RuleId::ElementUnknown,
                format!("the attribute `{}`", short(name)),
            );
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
