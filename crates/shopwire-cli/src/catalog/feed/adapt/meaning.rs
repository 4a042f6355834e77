//! Values whose spelling depends on the format, and values that follow from others.

use super::super::{
    Field, Format, Node, Offer, check::google_availability, model::Content, number::decimal,
};
use super::Losses;

/// Translates an offer's values. Values of the same format stay, unless they are spelt in the way of another.
pub(super) fn translate(offer: &mut Offer, from: Option<Format>, to: Format, losses: &mut Losses) {
    if from != Some(to) {
        kind(offer, losses);
        product(offer, to);
        availability(offer, to, losses);
        names(offer, to);
        vat(offer, from, to, losses);
    }
    adult(offer, to);
}

/// `vendor.model` says only how the name is written, and `product` is the default.
fn kind(offer: &mut Offer, losses: &mut Losses) {
    if let Some(kind) = offer.get(Field::Type).map(str::to_owned)
        && kind != "service"
    {
        offer.remove(Field::Type);
        if !matches!(kind.as_str(), "product" | "vendor.model") {
            losses.add("type");
        }
    }
}

/// Offers of ICML need a product: without variants it is the offer itself.
fn product(offer: &mut Offer, to: Format) {
    if to == Format::Icml
        && offer.get(Field::Product).is_none()
        && let Some(id) = offer.id().map(str::to_owned)
    {
        offer.set(Field::Product, id);
    }
}

fn availability(offer: &mut Offer, to: Format, losses: &mut Losses) {
    let is_inactive = [Field::ProductActivity, Field::Activity]
        .into_iter()
        .any(|field| offer.get(field) == Some("N"));
    let in_stock = offer
        .get(Field::Quantity)
        .and_then(|text| decimal(text).ok());
    let in_stock = in_stock.map(|quantity| !quantity.is_zero() && quantity.is_sign_positive());
    let said = offer.get(Field::Available).map(|text| match text {
        "true" => "in_stock",
        "false" => "out_of_stock",
        other => google_availability(other).unwrap_or("unknown"),
    });
    match to {
        Format::Icml => {
            // The stock says it too.
            if said.map(|said| said == "in_stock") == in_stock {
                offer.remove(Field::Available);
            }
        }
        _ if said == Some("unknown") => {}
        Format::Yml | Format::Google => {
            let of_stock =
                in_stock.map(|in_stock| if in_stock { "in_stock" } else { "out_of_stock" });
            let meant = if is_inactive {
                Some("out_of_stock")
            } else {
                said.or(of_stock)
            };
            let Some(meant) = meant else {
                return;
            };
            if to == Format::Google {
                offer.set(Field::Available, meant);
                return;
            }
            offer.set(
                Field::Available,
                if meant == "in_stock" { "true" } else { "false" },
            );
            if matches!(meant, "preorder" | "backorder") {
                losses.add(&format!("available: {meant}"));
            }
        }
    }
}

/// An absent name is composed, and a product's name that says the same is no loss.
fn names(offer: &mut Offer, to: Format) {
    let parts = [Field::TypePrefix, Field::Vendor, Field::Model];
    if to != Format::Yml && offer.get(Field::Name).is_none() && offer.get(Field::Model).is_some() {
        let name: Vec<&str> = parts
            .into_iter()
            .filter_map(|field| offer.get(field))
            .collect();
        let name = name.join(" ");
        offer.set(Field::Name, name);
    }
    let Some(name) = offer.get(Field::Name).map(str::to_owned) else {
        return;
    };
    if to != Format::Yml {
        for field in [Field::TypePrefix, Field::Model] {
            if offer.get(field).is_some_and(|part| name.contains(part)) {
                offer.remove(field);
            }
        }
    }
    if to != Format::Icml && offer.get(Field::ProductName) == Some(&name) {
        offer.remove(Field::ProductName);
    }
}

/// `20` and `none` in ICML are `VAT_20` and `NO_VAT` in YML.
fn vat(offer: &mut Offer, from: Option<Format>, to: Format, losses: &mut Losses) {
    let Some(rate) = offer.get(Field::VatRate).map(str::to_owned) else {
        return;
    };
    let translated = match to {
        // YML's old codes are numbers too. What 1, 3 and 4 mean has changed with the law.
        Format::Icml if from == Some(Format::Yml) && rate.len() == 1 => match rate.as_str() {
            "2" => Some("10".to_owned()),
            "5" => Some("0".to_owned()),
            "6" => Some("none".to_owned()),
            "7" => Some("20".to_owned()),
            _ => {
                offer.remove(Field::VatRate);
                losses.add("vatRate: a code whose rate has changed");
                None
            }
        },
        Format::Icml => match (rate.as_str(), rate.strip_prefix("VAT_")) {
            ("NO_VAT", _) => Some("none".to_owned()),
            (_, Some(rate)) if decimal(rate).is_ok() => Some(rate.to_owned()),
            _ => None,
        },
        Format::Yml => match decimal(rate.strip_suffix('%').unwrap_or(&rate)) {
            _ if rate == "none" => Some("NO_VAT".to_owned()),
            Ok(rate) => Some(format!("VAT_{}", rate.normalize())),
            Err(_) => None,
        },
        Format::Google => None,
    };
    if let Some(rate) = translated {
        offer.set(Field::VatRate, rate);
    }
}

/// `true` and `false` in YML are `yes` and `no` at Google.
fn adult(offer: &mut Offer, to: Format) {
    let Some(said) = offer.get(Field::Adult) else {
        return;
    };
    let is_adult = match said.to_lowercase().as_str() {
        "true" | "yes" => true,
        "false" | "no" => false,
        _ => return,
    };
    let spelt = match (to, is_adult) {
        (Format::Google, true) => "yes",
        (Format::Google, false) => "no",
        (_, true) => "true",
        (_, false) => "false",
    };
    offer.set(Field::Adult, spelt);
}

/// A code for a parameter's name, if it is in Latin letters: `Screen size` gives `screen_size`.
pub(super) fn code(name: &str) -> Option<String> {
    let is_latin =
        |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, ' ' | '_' | '-');
    let is_good = !name.is_empty() && name.chars().all(is_latin);
    is_good.then(|| name.to_ascii_lowercase().replace(' ', "_"))
}

/// The element that declares currencies; the first is the shop's own.
pub(super) fn currencies(codes: &[String]) -> Node {
    let node = |(at, code): (usize, &String)| {
        // The rate of another currency is unknown: the central bank's.
        let rate = if at == 0 { "1" } else { "CB" };
        Content::Node(Node {
            name: "currency".to_owned(),
            attributes: vec![
                ("id".to_owned(), code.clone()),
                ("rate".to_owned(), rate.to_owned()),
            ],
            ..Node::default()
        })
    };
    Node {
        name: "currencies".to_owned(),
        content: codes.iter().enumerate().map(node).collect(),
        ..Node::default()
    }
}
