//! Variants of one signed part: the right one, and those with mistakes.

/// A mistake of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    pub(super) kind: Kind,
    pub(super) text: String,
    mode: Option<&'static str>,
}

impl Mistake {
    /// The mistake, as the end of "it was made …": `with the method in lower case`.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The mode in which it would be no mistake: `json` or `form`.
    pub fn right_mode(&self) -> Option<&'static str> {
        self.mode
    }

    pub(super) fn right_in(mut self, mode: &'static str) -> Self {
        self.mode = Some(mode);
        self
    }
}

/// The kind of a mistake. Of two mistakes of a kind with the same text, the first one tried is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Dialect,
    Order,
    Key,
    Encoding,
    DoubleEncoding,
    Json,
    Payload,
    Body,
    Value,
    WhiteSpace,
    Path,
    Method,
    Secret,
    Hash,
    Digits,
    Name,
}

/// A mistake of this kind.
pub(super) fn mistake(kind: Kind, text: impl Into<String>) -> Mistake {
    Mistake {
        kind,
        text: text.into(),
        mode: None,
    }
}

/// A value, and the mistakes that give it.
#[derive(Debug, Clone)]
pub(super) struct Variant<T> {
    pub(super) mistakes: Vec<Mistake>,
    pub(super) value: T,
    /// Whether it is only tried alone, not together with another mistake.
    pub(super) is_rare: bool,
}

/// The right value, then those with mistakes.
#[derive(Debug, Clone)]
pub(super) struct Variants<T>(Vec<Variant<T>>);

impl<T: PartialEq> Variants<T> {
    pub(super) fn new(right: T) -> Self {
        Self(vec![Variant {
            mistakes: Vec::new(),
            value: right,
            is_rare: false,
        }])
    }

    /// Adds a value with one mistake.
    pub(super) fn wrong(&mut self, kind: Kind, text: impl Into<String>, value: T) {
        self.add(vec![mistake(kind, text)], value);
    }

    /// Adds a value, unless fewer mistakes, or others of the same kinds, already gave it.
    pub(super) fn add(&mut self, mistakes: Vec<Mistake>, value: T) {
        let is_known = self.0.iter().any(|known| {
            known.value == value
                && (known.mistakes.len() < mistakes.len() || same_kinds(&known.mistakes, &mistakes))
        });
        if !is_known {
            self.0.push(Variant {
                mistakes,
                value,
                is_rare: false,
            });
        }
    }

    /// Adds a value with one mistake that is only tried alone.
    pub(super) fn rare(&mut self, kind: Kind, text: impl Into<String>, value: T) {
        self.0.push(Variant {
            mistakes: vec![mistake(kind, text)],
            value,
            is_rare: true,
        });
    }

    /// The variants with at most `most` mistakes that may be combined with others.
    pub(super) fn common(&self, most: usize) -> impl Iterator<Item = &Variant<T>> + Clone {
        let is_common = move |part: &&Variant<T>| !part.is_rare && part.mistakes.len() <= most;
        self.0.iter().filter(is_common)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Variant<T>> + Clone {
        self.0.iter()
    }
}

impl Variants<Vec<u8>> {
    /// Total size in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.0.iter().map(|part| part.value.len()).sum()
    }
}

/// Whether two lists have the same kinds of mistakes, in the same order.
pub(super) fn same_kinds(one: &[Mistake], other: &[Mistake]) -> bool {
    let kinds = |mistakes: &[Mistake]| {
        mistakes
            .iter()
            .map(|mistake| mistake.kind)
            .collect::<Vec<_>>()
    };
    kinds(one) == kinds(other)
}
