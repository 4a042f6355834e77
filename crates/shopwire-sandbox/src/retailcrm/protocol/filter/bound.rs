//! Bounds of a value: dates, times of day, numbers.

use serde_json::Value;

use super::rule::Rule;
use crate::retailcrm::value;

impl Rule {
    /// Returns the path of the bounded value, if the rule is a bound.
    pub(super) fn bounded(self) -> Option<&'static str> {
        match self {
            Self::From(path)
            | Self::To(path)
            | Self::After(path)
            | Self::On(path)
            | Self::TimeFrom(path)
            | Self::TimeTo(path)
            | Self::Min(path)
            | Self::Max(path) => Some(path),
            _ => None,
        }
    }

    /// Whether the value is within the bound; false if the rule is not a bound.
    pub(super) fn admits(self, wanted: &Value, value: &Value) -> bool {
        let text = |is: fn(&str, &str) -> bool| {
            let text = value::text(value);
            let mut bounds = value::texts(wanted).into_iter();
            text.is_some_and(|text| bounds.all(|bound| is(&text, &bound)))
        };
        let time = |is: fn(&u32, &u32) -> bool| {
            pair(
                wanted,
                value,
                |text| value::time_of_day(&value::text(text)?),
                is,
            )
        };
        let number = |is| pair(wanted, value, value::decimal, is);
        match self {
            Self::From(_) => text(|text, from| text >= from),
            Self::To(_) => text(|text, to| cut(text, to) <= to),
            Self::After(_) => text(|text, after| text > after),
            Self::On(_) => text(|text, day| text.get(..10) == day.get(..10)),
            Self::TimeFrom(_) => time(|time, from| time >= from),
            Self::TimeTo(_) => time(|time, to| time <= to),
            Self::Min(_) => number(|number, least| number >= least),
            Self::Max(_) => number(|number, most| number <= most),
            _ => false,
        }
    }
}

/// Cuts a text to the length of the bound, so that a time on the last day is within the day.
fn cut<'t>(text: &'t str, bound: &str) -> &'t str {
    text.get(..bound.len()).unwrap_or(text)
}

/// Parses both and compares them.
fn pair<T>(
    wanted: &Value,
    value: &Value,
    read: impl Fn(&Value) -> Option<T>,
    is: fn(&T, &T) -> bool,
) -> bool {
    let (bound, value) = (read(wanted), read(value));
    value
        .zip(bound)
        .is_some_and(|(value, bound)| is(&value, &bound))
}
