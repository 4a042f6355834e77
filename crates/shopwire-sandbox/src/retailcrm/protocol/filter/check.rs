//! Checks of a value against its rule. Its type was checked against the description before.

use serde_json::Value;

use super::rule::Rule;
use crate::retailcrm::value;

/// Longest text for a search, in characters.
const LONGEST: usize = 255;

/// Returns an error if the rule does not allow the value.
pub(super) fn check(rule: Rule, wanted: &Value) -> Result<(), String> {
    let each = value::each(wanted);
    let texts = || each.iter().copied().filter_map(value::text);
    match rule {
        Rule::FewOf(most, _) if each.len() > most => Err(format!(
            "This collection should contain {most} elements or less."
        )),
        Rule::Choice(choices, _) if texts().any(|text| !choices.contains(&text.as_str())) => {
            Err("The value you selected is not a valid choice.".to_owned())
        }
        Rule::Contains(_) | Rule::Words(_) | Rule::Searched(..)
            if texts().any(|text| text.chars().count() > LONGEST) =>
        {
            Err(format!(
                "This value is too long. It should have {LONGEST} characters or less."
            ))
        }
        _ if fits(rule, wanted) => Ok(()),
        _ => Err("This value is not valid.".to_owned()),
    }
}

fn fits(rule: Rule, wanted: &Value) -> bool {
    let each = value::each(wanted);
    match rule {
        Rule::OneOf(_)
        | Rule::FewOf(..)
        | Rule::Choice(..)
        | Rule::Contains(_)
        | Rule::Words(_)
        | Rule::Searched(..)
        | Rule::AllParts(_)
        | Rule::Sequence(_) => each.iter().all(|one| value::text(one).is_some()),
        Rule::From(_) | Rule::To(_) | Rule::After(_) | Rule::On(_) => each
            .iter()
            .all(|bound| bound.as_str().is_some_and(is_moment)),
        Rule::TimeFrom(_) | Rule::TimeTo(_) => value::text(wanted)
            .as_deref()
            .and_then(value::time_of_day)
            .is_some(),
        Rule::Min(_) | Rule::Max(_) => value::decimal(wanted).is_some(),
        Rule::Flag(_) | Rule::Present(_) => value::flag(wanted).is_some(),
        Rule::SinceId => value::integer(wanted).is_some(),
        Rule::CustomFields(_) | Rule::Tags(_) => wanted.is_object(),
        Rule::Element(..) => wanted.is_array() || wanted.is_object(),
        Rule::Properties(_) | Rule::Beside => true,
    }
}

fn is_moment(text: &str) -> bool {
    value::is_date(text) || value::is_date_time(text)
}
