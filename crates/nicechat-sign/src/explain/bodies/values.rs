//! Values that a client signs in another spelling: `15.0` for `15`, `true` for `1`, or nothing.

use super::super::{
    json::Json,
    variant::{Kind, Mistake, mistake},
};

/// Maximum number of values that are tried one by one, for each spelling.
const MOST_ALONE: usize = 32;

/// Another way to write a value. It returns `None` for values that it does not change.
pub(super) struct Spelling {
    label: &'static str,
    write: fn(&Json) -> Option<Spelled>,
}

enum Spelled {
    As(Json),
    /// The member is left out of its object.
    LeftOut,
}

/// A payload with values in another spelling.
pub(super) struct Respelled {
    pub(super) mistake: Mistake,
    pub(super) json: Json,
    /// Whether all values are spelled so, and not one of several.
    pub(super) is_whole: bool,
}

/// The spellings of a form's texts.
pub(super) const OF_TEXTS: &[Spelling] = &[
    Spelling {
        label: "with 15.0 for 15",
        write: |value| text(with_fraction(of_text(value)?)?),
    },
    Spelling {
        label: "with 15 for 15.0",
        write: |value| text(without_zeros(of_text(value)?)?),
    },
    Spelling {
        label: "with true and false for 1 and 0",
        write: |value| text(word(value, ["true", "false"])?),
    },
    Spelling {
        label: "with True and False for 1 and 0, as Python does",
        write: |value| text(word(value, ["True", "False"])?),
    },
    Spelling {
        label: "with 1 and 0 for true and false, as PHP does",
        write: |value| text(word(value, ["1", "0"])?),
    },
    Spelling {
        label: "with an empty text for false",
        write: |value| text(word(value, ["1", ""])?),
    },
    Spelling {
        label: "with the empty fields left out",
        write: |value| of_text(value)?.is_empty().then_some(Spelled::LeftOut),
    },
    Spelling {
        label: "with the fields 0 and the empty ones left out, as PHP's array_filter does",
        write: |value| matches!(of_text(value)?, "" | "0").then_some(Spelled::LeftOut),
    },
];

/// The spellings of the values of JSON.
pub(super) const OF_JSON: &[Spelling] = &[
    Spelling {
        label: "with 15.0 for 15",
        write: |value| number(with_fraction(of_number(value)?)?),
    },
    Spelling {
        label: "with the numbers as texts (\"15\" for 15)",
        write: |value| text(of_number(value)?.to_owned()),
    },
    Spelling {
        label: "with the texts of digits as numbers (15 for \"15\")",
        write: |value| match Json::parse(of_text(value)?.as_bytes())? {
            Json::Number(digits) => number(digits),
            _ => None,
        },
    },
    Spelling {
        label: "with 1 and 0 for true and false",
        write: |value| match value {
            Json::Bool(is_true) => number(u8::from(*is_true).to_string()),
            _ => None,
        },
    },
    Spelling {
        label: "with the texts \"true\" and \"false\" for true and false",
        write: |value| match value {
            Json::Bool(is_true) => text(is_true.to_string()),
            _ => None,
        },
    },
    Spelling {
        label: "with true and false for 1 and 0",
        write: |value| match of_number(value)? {
            "1" => Some(Spelled::As(Json::Bool(true))),
            "0" => Some(Spelled::As(Json::Bool(false))),
            _ => None,
        },
    },
    Spelling {
        label: "with an empty text for null",
        write: |value| (*value == Json::Null).then_some(Spelled::As(Json::Text(String::new()))),
    },
    Spelling {
        label: "with the members that are null left out",
        write: |value| (*value == Json::Null).then_some(Spelled::LeftOut),
    },
    Spelling {
        label: "with the empty members left out, as PHP's array_filter does",
        write: |value| is_empty_in_php(value).then_some(Spelled::LeftOut),
    },
];

/// The payload in each spelling that changes it: all of its values, then each value alone.
pub(super) fn respelled(json: &Json, spellings: &[Spelling]) -> Vec<Respelled> {
    let mut all = Vec::new();
    for spelling in spellings {
        let mut whole = Walk::new(spelling, None);
        let written = whole.value(json);
        let number = whole.names.len();
        if number == 0 {
            continue;
        }
        all.push(Respelled {
            mistake: mistake(Kind::Value, spelling.label),
            json: written,
            is_whole: true,
        });
        if (2..=MOST_ALONE).contains(&number) {
            all.extend((0..number).map(|at| {
                let mut walk = Walk::new(spelling, Some(at));
                let json = walk.value(json);
                let label = format!("{} (in {})", spelling.label, walk.names[at]);
                Respelled {
                    mistake: mistake(Kind::Value, label),
                    json,
                    is_whole: false,
                }
            }));
        }
    }
    all
}

/// A walk through a payload that spells its values.
struct Walk<'s> {
    spelling: &'s Spelling,
    /// The only value to spell, by its place among those that the spelling changes.
    only: Option<usize>,
    /// The name of the member around each value that the spelling changes.
    names: Vec<String>,
    /// The name of the innermost member.
    name: String,
}

impl<'s> Walk<'s> {
    fn new(spelling: &'s Spelling, only: Option<usize>) -> Self {
        Self {
            spelling,
            only,
            names: Vec::new(),
            name: "the body".to_owned(),
        }
    }

    /// The value as it is signed. Only a member of an object can be left out.
    fn value(&mut self, json: &Json) -> Json {
        match json {
            Json::Array(items) => Json::Array(items.iter().map(|item| self.item(item)).collect()),
            Json::Object(members) => Json::Object(self.members(members)),
            plain => self.item(plain),
        }
    }

    fn item(&mut self, json: &Json) -> Json {
        match (self.spelling.write)(json) {
            Some(Spelled::As(other)) if self.is_meant() => other,
            _ if matches!(json, Json::Array(_) | Json::Object(_)) => self.value(json),
            _ => json.clone(),
        }
    }

    fn members(&mut self, members: &[(String, Json)]) -> Vec<(String, Json)> {
        let mut written = Vec::new();
        for (name, member) in members {
            self.name.clone_from(name);
            let is_left_out = matches!((self.spelling.write)(member), Some(Spelled::LeftOut));
            if !(is_left_out && self.is_meant()) {
                written.push((name.clone(), self.item(member)));
            }
        }
        written
    }

    /// Takes note of a value that the spelling changes, and tells whether it is to be changed.
    fn is_meant(&mut self) -> bool {
        let at = self.names.len();
        self.names.push(self.name.clone());
        self.only.is_none_or(|only| only == at)
    }
}

fn text(text: String) -> Option<Spelled> {
    Some(Spelled::As(Json::Text(text)))
}

fn number(digits: String) -> Option<Spelled> {
    Some(Spelled::As(Json::Number(digits)))
}

fn of_text(value: &Json) -> Option<&str> {
    match value {
        Json::Text(text) => Some(text),
        _ => None,
    }
}

fn of_number(value: &Json) -> Option<&str> {
    match value {
        Json::Number(digits) => Some(digits),
        _ => None,
    }
}

/// `15.0` for `15`.
fn with_fraction(number: &str) -> Option<String> {
    let digits = number.strip_prefix('-').unwrap_or(number);
    let is_integer = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_integer.then(|| format!("{number}.0"))
}

/// `15` for `15.0`, and `15.5` for `15.50`.
fn without_zeros(number: &str) -> Option<String> {
    let (whole, fraction) = number.split_once('.')?;
    with_fraction(whole)?;
    let is_fraction = fraction.ends_with('0') && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let short = number.trim_end_matches('0').trim_end_matches('.');
    is_fraction.then(|| short.to_owned())
}

/// A yes or a no of a form in the words of another language; `None` where it has the same word.
fn word(value: &Json, [yes, no]: [&str; 2]) -> Option<String> {
    let sent = of_text(value)?;
    let word = match sent {
        "1" | "true" | "True" => yes,
        "0" | "false" | "False" => no,
        _ => return None,
    };
    (word != sent).then(|| word.to_owned())
}

/// Whether PHP's `array_filter` leaves out the value.
fn is_empty_in_php(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::Bool(is_true) => !is_true,
        Json::Number(digits) => digits.parse::<f64>() == Ok(0.0),
        Json::Text(text) => matches!(text.as_str(), "" | "0"),
        Json::Array(items) => items.is_empty(),
        Json::Object(members) => members.is_empty(),
    }
}
