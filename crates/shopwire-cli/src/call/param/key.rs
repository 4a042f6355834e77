//! The key of a `--param`: a name, and the way into its value in brackets.

use std::fmt;

use super::super::description::{Described, Schema};
use crate::failure::Failure;

/// Maximum number of brackets; no parameter of the services is nested deeper than ten levels.
const MOST_PARTS: usize = 64;

/// `order[items][0][quantity]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) name: String,
    pub(super) parts: Vec<Part>,
}

/// The text between two brackets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// The name of a member, or the number of an item.
    Name(String),
    /// Nothing: a further item.
    Further,
}

impl Key {
    /// Reads a key.
    ///
    /// # Errors
    /// Wrong usage: the brackets do not match, or the name is missing. A key that does not look like one is not shown.
    pub(super) fn parse(text: &str) -> Result<Self, Failure> {
        let refused = |why: &str| {
            let shown = if is_plain(text) { text } else { "--param" };
            Failure::usage(format_args!("{shown}: {why}"))
        };
        let (name, mut rest) = match text.find('[') {
            Some(at) => text.split_at(at),
            None => (text, ""),
        };
        if name.is_empty() || name.contains(']') {
            return Err(refused("a key begins with a name, as in order[firstName]"));
        }
        let mut parts = Vec::new();
        while !rest.is_empty() {
            let inner = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
            let Some((part, after)) = inner.filter(|(part, _)| !part.contains('[')) else {
                return Err(refused("the brackets do not match"));
            };
            if parts.len() == MOST_PARTS {
                return Err(refused("the key is nested too deep"));
            }
            parts.push(match part {
                "" => Part::Further,
                name => Part::Name(name.to_owned()),
            });
            rest = after;
        }
        let last = parts.len().saturating_sub(1);
        if parts.iter().take(last).any(|part| *part == Part::Further) {
            return Err(refused(
                "`[]` stands at the end only; number the items of which you set members, as in items[0][quantity]",
            ));
        }
        Ok(Self {
            name: name.to_owned(),
            parts,
        })
    }

    /// The schema of the value under the key, if the description knows it.
    pub(super) fn schema<'d>(&self, described: Option<Described<'d>>) -> Option<Schema<'d>> {
        let root = described?.param(&self.name)?.schema;
        let mut parts = self.parts.iter();
        parts.try_fold(root, |schema, part| part.schema(schema))
    }

    /// The name of the innermost member.
    pub(super) fn last_name(&self) -> &str {
        let names = self.parts.iter().rev().filter_map(|part| match part {
            Part::Name(name) if part.index().is_none() => Some(name.as_str()),
            _ => None,
        });
        names.into_iter().next().unwrap_or(&self.name)
    }
}

impl Part {
    /// The number of an item, in its shortest spelling.
    pub(super) fn index(&self) -> Option<usize> {
        match self {
            Self::Name(name) => name
                .parse()
                .ok()
                .filter(|at: &usize| at.to_string() == *name),
            Self::Further => None,
        }
    }

    /// The schema of this part of a value.
    pub(super) fn schema<'d>(&self, whole: Schema<'d>) -> Option<Schema<'d>> {
        match self {
            Self::Further => whole.items(),
            Self::Name(_) if self.index().is_some() && !whole.is_object() => whole.items(),
            Self::Name(name) => whole.child(name),
        }
    }
}

/// Whether a text looks like a key with brackets: short, of letters, digits and signs of names.
fn is_plain(text: &str) -> bool {
    const LONGEST: usize = 80;
    let names = || text.split(['[', ']']);
    let letter = |letter: char| letter.is_ascii_alphanumeric() || "_-.[]".contains(letter);
    text.contains(['[', ']'])
        && text.len() <= LONGEST
        && text.chars().all(letter)
        && names().all(|name| name.len() <= 32)
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        self.parts.iter().try_for_each(|part| part.fmt(f))
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(f, "[{name}]"),
            Self::Further => f.write_str("[]"),
        }
    }
}
