//! Spells values as all formats take them.

use super::super::{Field, Offer, number::decimal, text::is_allowed};
use super::Losses;

/// Cleans all values of an offer.
pub(super) fn offer(offer: &mut Offer, losses: &mut Losses) {
    if offer.stray.take().is_some() {
        losses.add("text outside of elements");
    }
    if std::mem::take(&mut offer.markup) > 0 {
        losses.add("markup inside of texts");
    }
    offer.foreign.clear();
    offer
        .entries
        .retain(|entry| !entry.text.is_empty() || !entry.attributes.is_empty());
    for entry in &mut offer.entries {
        text(&mut entry.text, losses);
        match entry.field {
            field if field.is_number() => plain(&mut entry.text),
            Field::Dimensions => sides(&mut entry.text),
            _ => {}
        }
    }
    for param in &mut offer.params {
        text(&mut param.name, losses);
        text(&mut param.value, losses);
        if let Some(code) = &mut param.code {
            text(code, losses);
        }
    }
}

/// Removes characters that XML does not have.
pub(super) fn text(text: &mut String, losses: &mut Losses) {
    if !text.chars().all(is_allowed) {
        text.retain(is_allowed);
        *text = text.trim().to_owned();
        losses.add("control characters");
    }
}

/// Spells a number with a point, and without zeros before it. Other text stays, for the checker.
fn plain(text: &mut String) {
    if let Ok(number) = decimal(text) {
        *text = number.to_string();
    }
}

fn sides(text: &mut String) {
    let sides: Vec<String> = text
        .split('/')
        .map(|side| {
            let mut side = side.trim().to_owned();
            plain(&mut side);
            side
        })
        .collect();
    *text = sides.join("/");
}
