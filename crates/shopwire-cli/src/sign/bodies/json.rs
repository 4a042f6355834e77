//! Mistakes in JSON: written anew, in another style, order or form.

use std::collections::BTreeMap;

use common_model::{Map, Value as Json, from_json_bytes, to_json};
use nicechat_sign::canonical;

use super::{
    super::{
        encoding::Encoding,
        typed,
        variant::{Kind, Variants, mistake},
    },
    SignedKey, by_text,
};

/// Whether a body is a JSON object or list.
pub(in super::super) fn is_json(body: &[u8]) -> bool {
    let json = from_json_bytes::<Json>(body);
    json.is_ok_and(|json| json.as_object().is_some() || json.as_array().is_some())
}

/// Adds what JSON may have become; says whether the bytes are JSON at all.
pub(super) fn add(bodies: &mut Variants<Vec<u8>>, bytes: &[u8], key: &Option<SignedKey>) -> bool {
    let Ok(json) = from_json_bytes::<Json>(bytes) else {
        return false;
    };
    let trimmed = bytes.trim_ascii();
    written_anew(bodies, &json, trimmed, key);
    if let Some(Ok(form)) = json.as_object().map(|members| typed::form(members.iter())) {
        for (dialects, text) in by_text(|dialect| canonical(dialect, &form).ok()) {
            let label = format!("with the JSON's members as a form, dialect {dialects}");
            bodies.wrong(Kind::Payload, label, text.into());
        }
    }
    twice(bodies);
    for encoding in Encoding::CLIENTS {
        bodies.wrong(
            Kind::Encoding,
            "with the JSON percent-encoded",
            encoding.encode(trimmed),
        );
    }
    true
}

/// JSON as a text in JSON again, beside each body of one mistake at most.
fn twice(bodies: &mut Variants<Vec<u8>>) {
    let plain = Style::default();
    let slashed = Style {
        slash: Slash::Escaped,
        ..plain
    };
    let once: Vec<_> = bodies
        .iter()
        .filter(|body| body.mistakes.len() < 2)
        .filter(|body| {
            body.mistakes
                .iter()
                .all(|mistake| mistake.kind != Kind::Payload)
        })
        .cloned()
        .collect();
    for body in once {
        let Ok(text) = String::from_utf8(body.value) else {
            continue;
        };
        let text = Json::String(text);
        for style in [plain, slashed, Style::PHP] {
            let label = "with the JSON encoded twice, as a text in JSON (double encoding)";
            let mistakes = [&body.mistakes[..], &[mistake(Kind::DoubleEncoding, label)]].concat();
            bodies.add(mistakes, style.write(&text).into());
        }
    }
}

/// Every style, with the members in their order and sorted, and with the key among them. The simplest styles come
/// first, so that a label has no more in it than the text needs.
fn written_anew(bodies: &mut Variants<Vec<u8>>, json: &Json, sent: &[u8], key: &Option<SignedKey>) {
    let orders = [
        ("", json.clone()),
        (" and its keys sorted", sorted(json, Depth::All)),
        (" and its outer keys sorted", sorted(json, Depth::Outer)),
        (" and its empty objects as lists", listed(json)),
    ];
    let styles = Style::distinct(json);
    let label = |style: &Style, order: &str| {
        mistake(
            Kind::Json,
            format!("with the JSON written anew {}{order}", style.label()),
        )
    };
    for (order, json) in &orders {
        for style in &styles {
            let text = style.write(json);
            // It is as it was sent, but for the white space round it.
            if text.as_bytes() != sent {
                bodies.add(vec![label(style, order)], text.into());
            }
        }
    }
    let Some(key) = key else {
        return;
    };
    let sorted_with_key = orders.iter().skip(1).flat_map(|(order, json)| {
        let with_key = key.added_to_json(json);
        with_key.map(|json| (*order, sorted(&json, Depth::Outer)))
    });
    let with_key = orders
        .iter()
        .flat_map(|(order, json)| key.added_to_json(json).map(|json| (*order, json)));
    for (order, with_key) in with_key.chain(sorted_with_key) {
        for style in &styles {
            let mut mistakes = vec![key.mistake()];
            if !order.is_empty() || style.write(json).as_bytes() != sent {
                mistakes.push(label(style, order));
            }
            bodies.add(mistakes, style.write(&with_key).into());
        }
    }
}

impl SignedKey {
    /// The object with the key as its last member, and as its first; nothing for what is no object.
    fn added_to_json(&self, json: &Json) -> impl Iterator<Item = Json> + use<> {
        let member = (self.name.clone(), Json::String(self.text.clone()));
        let members = json.as_object().map(|members| {
            let members = members.iter();
            members
                .map(|(name, member)| (name.to_owned(), member.clone()))
                .collect::<Vec<_>>()
        });
        members.into_iter().flat_map(move |members| {
            let last: Map<Json> = members.iter().cloned().chain([member.clone()]).collect();
            let first: Map<Json> = [member.clone()].into_iter().chain(members).collect();
            [last, first].map(Json::Object)
        })
    }
}

/// How far objects are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    All,
    Outer,
}

/// The same JSON with the members of objects in the order of their names.
fn sorted(json: &Json, depth: Depth) -> Json {
    let inner = |json: &Json| match depth {
        Depth::All => sorted(json, depth),
        Depth::Outer => json.clone(),
    };
    match json {
        Json::Array(items) => Json::Array(items.iter().map(inner).collect()),
        Json::Object(members) => {
            let members: BTreeMap<&str, Json> = members
                .iter()
                .map(|(name, member)| (name, inner(member)))
                .collect();
            Json::Object(
                members
                    .into_iter()
                    .map(|(name, member)| (name.to_owned(), member))
                    .collect(),
            )
        }
        plain => plain.clone(),
    }
}

/// The same JSON as PHP has it after `json_decode($text, true)`: an empty object is an empty array.
fn listed(json: &Json) -> Json {
    match json {
        Json::Array(items) => Json::Array(items.iter().map(listed).collect()),
        Json::Object(members) if members.iter().next().is_none() => Json::Array(Vec::new()),
        Json::Object(members) => {
            let members = members.iter();
            Json::Object(
                members
                    .map(|(name, member)| (name.to_owned(), listed(member)))
                    .collect(),
            )
        }
        plain => plain.clone(),
    }
}

/// How JSON is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Style {
    spacing: Spacing,
    letters: Letters,
    slash: Slash,
    numbers: Numbers,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            spacing: Spacing::None,
            letters: Letters::Plain,
            slash: Slash::Plain,
            numbers: Numbers::Kept,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spacing {
    None,
    /// After commas and colons, as Python does.
    Wide,
    /// A line for each member, so many spaces deep.
    Lines(usize),
}

/// Letters beyond ASCII.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Letters {
    Plain,
    Escaped,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slash {
    Plain,
    Escaped,
}

/// Numbers with a fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Numbers {
    Kept,
    /// As PHP and Python write them: `10.0`.
    Float,
    /// As JavaScript writes them: `10`.
    Shortest,
}

impl Style {
    /// `json_encode` without flags.
    const PHP: Self = Self {
        spacing: Spacing::None,
        letters: Letters::Escaped,
        slash: Slash::Escaped,
        numbers: Numbers::Kept,
    };

    /// Compact, and as Python writes it.
    pub(super) const BASIC: [Self; 2] = {
        let compact = Self {
            spacing: Spacing::None,
            letters: Letters::Plain,
            slash: Slash::Plain,
            numbers: Numbers::Kept,
        };
        [
            compact,
            Self {
                spacing: Spacing::Wide,
                ..compact
            },
        ]
    };

    /// The styles that write this JSON differently, the simplest of each.
    fn distinct(json: &Json) -> Vec<Self> {
        let mut styles: Vec<(Self, String)> = Vec::new();
        for style in Self::all() {
            let text = style.write(json);
            if styles.iter().all(|(_, known)| *known != text) {
                styles.push((style, text));
            }
        }
        styles.into_iter().map(|(style, _)| style).collect()
    }

    fn all() -> Vec<Self> {
        let mut styles = Vec::new();
        for numbers in [Numbers::Kept, Numbers::Float, Numbers::Shortest] {
            for slash in [Slash::Plain, Slash::Escaped] {
                for letters in [Letters::Plain, Letters::Escaped] {
                    for spacing in [
                        Spacing::None,
                        Spacing::Wide,
                        Spacing::Lines(4),
                        Spacing::Lines(2),
                    ] {
                        styles.push(Self {
                            spacing,
                            letters,
                            slash,
                            numbers,
                        });
                    }
                }
            }
        }
        styles
    }

    fn label(self) -> String {
        let mut label = match self.spacing {
            Spacing::None => "without spaces".to_owned(),
            Spacing::Wide => "with spaces, as Python does".to_owned(),
            Spacing::Lines(deep) => format!("in lines, indented by {deep}"),
        };
        match (self.letters, self.slash) {
            (Letters::Plain, Slash::Plain) => {}
            (Letters::Escaped, Slash::Plain) => label.push_str(" and with \\u escapes"),
            (Letters::Plain, Slash::Escaped) => label.push_str(" and with \\/ for /, as PHP does"),
            (Letters::Escaped, Slash::Escaped) => label.push_str(" and with escapes, as PHP does"),
        }
        match self.numbers {
            Numbers::Kept => {}
            Numbers::Float => label.push_str(" and with numbers such as 10.0"),
            Numbers::Shortest => label.push_str(" and with numbers such as 10"),
        }
        label
    }

    /// The separators of members at this depth: before the first, between, before the end; and after a colon.
    pub(super) fn separators(self, depth: usize) -> ([String; 3], &'static str) {
        match self.spacing {
            Spacing::None => ([String::new(), ",".into(), String::new()], ":"),
            Spacing::Wide => ([String::new(), ", ".into(), String::new()], ": "),
            Spacing::Lines(deep) => {
                let line = |depth: usize| format!("\n{}", " ".repeat(deep * depth));
                let (inner, outer) = (line(depth + 1), line(depth));
                ([inner.clone(), format!(",{inner}"), outer], ": ")
            }
        }
    }

    pub(super) fn write(self, json: &Json) -> String {
        let mut out = String::new();
        self.write_at(json, 0, &mut out);
        out
    }

    fn write_at(self, json: &Json, depth: usize, out: &mut String) {
        match json {
            Json::Array(items) => {
                self.members('[', ']', depth, items.iter().map(|item| (None, item)), out);
            }
            Json::Object(members) => {
                let members = members.iter().map(|(name, member)| (Some(name), member));
                self.members('{', '}', depth, members, out);
            }
            Json::String(text) => self.text(text, out),
            Json::Number(number) => out.push_str(&self.number(&number.to_string())),
            plain => out.push_str(&to_json(plain)),
        }
    }

    fn members<'j>(
        self,
        open: char,
        close: char,
        depth: usize,
        members: impl Iterator<Item = (Option<&'j str>, &'j Json)>,
        out: &mut String,
    ) {
        let ([first, between, end], colon) = self.separators(depth);
        out.push(open);
        let mut is_empty = true;
        for (name, member) in members {
            out.push_str(if is_empty { &first } else { &between });
            is_empty = false;
            if let Some(name) = name {
                self.text(name, out);
                out.push_str(colon);
            }
            self.write_at(member, depth + 1, out);
        }
        if !is_empty {
            out.push_str(&end);
        }
        out.push(close);
    }

    fn text(self, text: &str, out: &mut String) {
        let mut units = [0; 2];
        for letter in to_json(text).chars() {
            match letter {
                '/' if self.slash == Slash::Escaped => out.push_str("\\/"),
                letter if letter.is_ascii() || self.letters == Letters::Plain => out.push(letter),
                letter => {
                    for unit in letter.encode_utf16(&mut units) {
                        out.push_str(&format!("\\u{unit:04x}"));
                    }
                }
            }
        }
    }

    /// A number with a fraction as a language of binary floats writes it again. One with an exponent stays.
    fn number(self, text: &str) -> String {
        let has_fraction = text.contains('.') && !text.contains(['e', 'E']);
        let float = text.parse::<f64>().ok().filter(|_| has_fraction);
        match (self.numbers, float) {
            (Numbers::Float, Some(float)) => format!("{float:?}"),
            (Numbers::Shortest, Some(float)) => format!("{float}"),
            _ => text.to_owned(),
        }
    }
}
