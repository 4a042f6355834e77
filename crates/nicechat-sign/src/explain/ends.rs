//! White space around a text that was read from a file or pasted.

use std::sync::LazyLock;

/// White space around a text, and its wording: `with {what} the secret`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ends {
    pub(super) before: String,
    pub(super) after: String,
    pub(super) what: String,
    /// Whether it is too rare to be searched together with another mistake.
    pub(super) is_rare: bool,
}

/// The units with their names in singular and plural; a line end of two characters is one unit.
const UNITS: [(&str, &str, &str); 5] = [
    ("\n", "a newline", "newlines"),
    (" ", "a space", "spaces"),
    ("\r\n", "CR LF", "CR LF"),
    ("\t", "a tab", "tabs"),
    ("\r", "a CR", "CRs"),
];

/// Up to two units before and two after, in any combination, the simplest first.
pub(super) static ENDS: LazyLock<Vec<Ends>> = LazyLock::new(|| {
    let sides = sides();
    let mut ends: Vec<(usize, Ends)> = Vec::new();
    for before in &sides {
        for after in &sides {
            let units = before.units.len() + after.units.len();
            if units > 0 {
                ends.push((units, both(before, after)));
            }
        }
    }
    ends.sort_by_key(|(units, ends)| (*units, ends.is_rare));
    ends.into_iter().map(|(_, ends)| ends).collect()
});

/// The white space on one side.
struct Side {
    text: String,
    /// Indices in [`UNITS`].
    units: Vec<usize>,
}

fn sides() -> Vec<Side> {
    let mut sides = vec![Side {
        text: String::new(),
        units: Vec::new(),
    }];
    let mut add = |units: Vec<usize>| {
        let text: String = units.iter().map(|at| UNITS[*at].0).collect();
        if sides.iter().all(|known| known.text != text) {
            sides.push(Side { text, units });
        }
    };
    (0..UNITS.len()).for_each(|at| add(vec![at]));
    for first in 0..UNITS.len() {
        (0..UNITS.len()).for_each(|second| add(vec![first, second]));
    }
    sides
}

fn both(before: &Side, after: &Side) -> Ends {
    let what = match (before.units.as_slice(), after.units.as_slice()) {
        ([], [0]) => "a newline after".to_owned(),
        ([0], []) => "a newline before".to_owned(),
        ([], [2]) => "a newline (CR LF) after".to_owned(),
        ([0], [0]) => "newlines round".to_owned(),
        ([one], [other]) if one == other => format!("white space ({}) round", UNITS[*one].2),
        ([], after) => format!("white space ({}) after", named(after)),
        (before, []) => format!("white space ({}) before", named(before)),
        (before, after) => format!(
            "white space ({} before, {} after) round",
            named(before),
            named(after)
        ),
    };
    let is_common = |side: &Side| side.units.len() < 2;
    let is_on_one = before.units.is_empty() || after.units.is_empty();
    let is_plain = |side: &Side| matches!(side.units.as_slice(), [0 | 1]);
    Ends {
        is_rare: !(is_common(before) && is_common(after))
            || !(is_on_one || (is_plain(before) && is_plain(after))),
        before: before.text.clone(),
        after: after.text.clone(),
        what,
    }
}

fn named(units: &[usize]) -> String {
    match units {
        [one, other] if one == other => format!("two {}", UNITS[*one].2),
        [one, other] => format!("{} and {}", UNITS[*one].1, UNITS[*other].1),
        units => units.iter().map(|at| UNITS[*at].1).collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    // F20
    #[test]
    fn f20_every_white_space_of_two_on_each_side_is_there_once() {
        let all: HashSet<(&str, &str)> = ENDS
            .iter()
            .map(|ends| (ends.before.as_str(), ends.after.as_str()))
            .collect();
        assert_eq!(all.len(), ENDS.len());
        let mut sides = vec![String::new()];
        for first in [" ", "\n", "\t", "\r", "\r\n"] {
            sides.push(first.to_owned());
            sides.extend([" ", "\n", "\t", "\r", "\r\n"].map(|second| format!("{first}{second}")));
        }
        for before in &sides {
            for after in &sides {
                let is_none = before.is_empty() && after.is_empty();
                assert!(is_none || all.contains(&(before.as_str(), after.as_str())));
            }
        }
        assert!(
            ENDS[..10]
                .iter()
                .all(|ends| ends.before.len() + ends.after.len() < 3)
        );
    }
}
