//! Mistakes in a form: dialect, order, encoding, and the key among its fields.

use crate::{Dialect, Form, canonical};

use super::{
    super::{
        fields::{self, Fields},
        json,
        variant::{Kind, Mistake, Variants, mistake},
    },
    MOST_WRITTEN, SignedKey, alone, encodings, values,
};

/// Adds the texts of one mistake and of two.
pub(super) fn add(
    bodies: &mut Variants<Vec<u8>>,
    fields: &Fields,
    meant: Dialect,
    key: &Option<SignedKey>,
) {
    let forms = forms(fields, meant, key);
    // The dialects themselves first: of two equal texts, the documented one is reported.
    'orders: for order in Order::ALL {
        for (mistakes, dialect, form) in &forms {
            let Some(text) = order.text(form, *dialect) else {
                continue;
            };
            let mistakes = [&mistakes[..], &order.mistake()[..]].concat();
            if bodies.bytes() > MOST_WRITTEN {
                break 'orders;
            }
            if mistakes.len() < 2 {
                for (mistake, text) in encodings(&text, *dialect) {
                    let mistakes = [&mistakes[..], &[mistake]].concat();
                    if mistakes.len() > 1 {
                        bodies.add(mistakes, text.into());
                    }
                }
            }
            if mistakes.len() <= 2 {
                bodies.add(mistakes, text.into());
            }
        }
    }
    if let Ok(text) = fields.canonical(meant) {
        for (mistake, text) in encodings(&text, meant) {
            bodies.add(vec![mistake], text.into());
        }
    }
    respelled(bodies, fields, meant);
}

/// Adds the form with its values in other spellings.
fn respelled(bodies: &mut Variants<Vec<u8>>, fields: &Fields, meant: Dialect) {
    let Ok(form) = fields.of(meant) else {
        return;
    };
    for respelled in values::respelled(&json::of_form(form, false), values::OF_TEXTS) {
        let form = respelled.json.members().map(json::form);
        let Some(Ok(form)) = form else { continue };
        for order in [Order::Right, Order::Given] {
            let Some(text) = order.text(&form, meant) else {
                continue;
            };
            if bodies.bytes() > MOST_WRITTEN {
                return;
            }
            let spelled = respelled.mistake.clone();
            match (respelled.is_whole, order) {
                (true, _) => {
                    bodies.add([vec![spelled], order.mistake()].concat(), text.into());
                }
                (false, Order::Right) => bodies.rare(Kind::Value, spelled.text(), text.into()),
                (false, _) => {}
            }
        }
    }
}

/// The form as each dialect reads it, with and without the key.
fn forms(
    fields: &Fields,
    meant: Dialect,
    key: &Option<SignedKey>,
) -> Vec<(Vec<Mistake>, Dialect, Form)> {
    let mut forms = Vec::new();
    let others = Dialect::ALL.into_iter().filter(|dialect| *dialect != meant);
    for dialect in std::iter::once(meant).chain(others) {
        let Ok(form) = fields.of(dialect) else {
            continue;
        };
        let mistakes = match dialect == meant {
            true => Vec::new(),
            false => vec![mistake(Kind::Dialect, same(fields, meant, dialect))],
        };
        if let Some(key) = key {
            forms.extend(key.added_to_form(form).map(|(signed, form)| {
                let mistakes = [&mistakes[..], &[signed]].concat();
                (mistakes, dialect, form)
            }));
        }
        forms.push((mistakes, dialect, form.clone()));
    }
    forms
}

/// The name of the dialect, and of others with the same text.
fn same(fields: &Fields, meant: Dialect, dialect: Dialect) -> String {
    let text = fields.canonical(dialect).ok();
    let alike = Dialect::ALL.into_iter().filter(|other| {
        *other == dialect || (*other != meant && fields.canonical(*other).ok() == text)
    });
    let names: Vec<String> = alike.map(|dialect| dialect.to_string()).collect();
    format!("in the dialect {}", names.join(" or "))
}

/// The order of fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    /// The order of the dialect.
    Right,
    /// The given order.
    Given,
    Descending,
    ByValue,
    WithoutCase,
}

impl Order {
    const ALL: [Self; 5] = [
        Self::Right,
        Self::Given,
        Self::Descending,
        Self::ByValue,
        Self::WithoutCase,
    ];

    fn mistake(self) -> Vec<Mistake> {
        let text = match self {
            Self::Right => return Vec::new(),
            Self::Given => "with the fields unsorted (no ksort)",
            Self::Descending => "with the fields in the wrong order: sorted backwards",
            Self::ByValue => "with the fields in the wrong order: sorted by their values",
            Self::WithoutCase => {
                "with the fields in the wrong order: sorted without regard to case"
            }
        };
        vec![mistake(Kind::Order, text)]
    }

    fn text(self, form: &Form, dialect: Dialect) -> Option<String> {
        if self == Self::Right {
            return canonical(dialect, form).ok();
        }
        let fields = alone(form, dialect)?;
        let mut order: Vec<usize> = (0..fields.len()).collect();
        match self {
            Self::Right | Self::Given => {}
            Self::Descending => {
                order = fields::sorted(form, dialect).ok()?;
                order.reverse();
            }
            Self::ByValue => {
                order.sort_by_key(|at| fields[*at].1.split_once('=').map(|parts| parts.1))
            }
            Self::WithoutCase => order.sort_by_key(|at| fields[*at].0.to_lowercase()),
        }
        let texts = order.into_iter().map(|at| fields[at].1.as_str());
        Some(
            texts
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>()
                .join("&"),
        )
    }
}
