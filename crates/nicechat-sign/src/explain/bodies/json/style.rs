//! The styles of JSON in different languages.

use super::super::super::json::{Json, quoted, write};

/// A style of JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct Style {
    spacing: Spacing,
    letters: Letters,
    slash: Slash,
    numbers: Numbers,
    html: Html,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            spacing: Spacing::None,
            letters: Letters::Plain,
            slash: Slash::Plain,
            numbers: Numbers::Kept,
            html: Html::Plain,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spacing {
    None,
    /// Spaces after commas and colons, as in Python.
    Wide,
    /// A line for each member, indented by this number of spaces per level.
    Lines(usize),
}

/// The writing of letters beyond ASCII.
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

/// The writing of characters with a meaning in HTML and in scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Html {
    Plain,
    /// `<`, `>`, `&`, U+2028 and U+2029 as escapes, as Go's `json.Marshal` writes them.
    Go,
    /// `=` and `'` as well, as Java's Gson writes them.
    Gson,
}

/// The writing of numbers with a fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Numbers {
    Kept,
    /// As PHP and Python write them: `10.0`.
    Float,
    /// As JavaScript writes them: `10`.
    Shortest,
}

impl Html {
    fn escapes(self, letter: char) -> bool {
        match letter {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => self != Self::Plain,
            '=' | '\'' => self == Self::Gson,
            _ => false,
        }
    }
}

impl Style {
    /// `json_encode` without flags.
    pub(super) const PHP: Self = Self {
        spacing: Spacing::None,
        letters: Letters::Escaped,
        slash: Slash::Escaped,
        numbers: Numbers::Kept,
        html: Html::Plain,
    };

    /// The style with `\/` for `/`.
    pub(super) fn with_escaped_slashes(self) -> Self {
        Self {
            slash: Slash::Escaped,
            ..self
        }
    }

    /// The compact style, and Python's.
    pub(in super::super) const BASIC: [Self; 2] = {
        let compact = Self {
            spacing: Spacing::None,
            letters: Letters::Plain,
            slash: Slash::Plain,
            numbers: Numbers::Kept,
            html: Html::Plain,
        };
        [
            compact,
            Self {
                spacing: Spacing::Wide,
                ..compact
            },
        ]
    };

    /// The styles that write this JSON differently, the simplest of each group. Styles without an effect on it
    /// are skipped.
    pub(super) fn distinct(json: &Json) -> Vec<Self> {
        let text = write(json);
        let plain = Self::default();
        let has_fraction = text.contains('.');
        let is_ascii = text.is_ascii();
        let has_html = text.contains(['<', '>', '&', '=', '\'', '\u{2028}', '\u{2029}']);
        let mut styles: Vec<Self> = Vec::new();
        for style in Self::all() {
            let is_idle = (style.numbers != plain.numbers && !has_fraction)
                || (style.slash != plain.slash && !text.contains('/'))
                || (style.letters != plain.letters && is_ascii)
                || (style.html != plain.html && !has_html)
                // No language does both.
                || (style.html != plain.html && (style.slash, style.letters) != (plain.slash, plain.letters));
            if !is_idle {
                styles.push(style);
            }
        }
        styles
    }

    fn all() -> Vec<Self> {
        const SPACINGS: [Spacing; 4] = [
            Spacing::None,
            Spacing::Wide,
            Spacing::Lines(4),
            Spacing::Lines(2),
        ];
        let mut styles = Vec::new();
        for numbers in [Numbers::Kept, Numbers::Float, Numbers::Shortest] {
            for html in [Html::Plain, Html::Go, Html::Gson] {
                for slash in [Slash::Plain, Slash::Escaped] {
                    for letters in [Letters::Plain, Letters::Escaped] {
                        styles.extend(SPACINGS.map(|spacing| Self {
                            spacing,
                            letters,
                            slash,
                            numbers,
                            html,
                        }));
                    }
                }
            }
        }
        styles
    }

    pub(super) fn label(self) -> String {
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
        label.push_str(match self.html {
            Html::Plain => "",
            Html::Go => " and with \\u003c for <, as Go does",
            Html::Gson => " and with \\u003c for < and \\u003d for =, as Gson does",
        });
        match self.numbers {
            Numbers::Kept => {}
            Numbers::Float => label.push_str(" and with numbers such as 10.0"),
            Numbers::Shortest => label.push_str(" and with numbers such as 10"),
        }
        label
    }

    /// The separators of members at this depth: before the first, between, before the end, and after a colon.
    pub(in super::super) fn separators(self, depth: usize) -> ([String; 3], &'static str) {
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

    pub(in super::super) fn write(self, json: &Json) -> String {
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
                let members = members
                    .iter()
                    .map(|(name, member)| (Some(name.as_str()), member));
                self.members('{', '}', depth, members, out);
            }
            Json::Text(text) => self.text(text, out),
            Json::Number(number) => out.push_str(&self.number(number)),
            plain => out.push_str(&write(plain)),
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
        for letter in quoted(text).chars() {
            match letter {
                '/' if self.slash == Slash::Escaped => out.push_str("\\/"),
                letter if self.html.escapes(letter) => {
                    out.push_str(&format!("\\u{:04x}", u32::from(letter)));
                }
                letter if letter.is_ascii() || self.letters == Letters::Plain => out.push(letter),
                letter => {
                    for unit in letter.encode_utf16(&mut units) {
                        out.push_str(&format!("\\u{unit:04x}"));
                    }
                }
            }
        }
    }

    /// A number with a fraction, as a language with binary floats writes it. A number with an exponent is
    /// unchanged.
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

#[cfg(test)]
mod tests {
    use super::*;

    // F20, T5
    #[test]
    fn f20_only_styles_with_an_effect_are_tried() {
        // Each way of spacing, times what else writes this text differently.
        for (json, times) in [
            (r#"{"a":1}"#, 1),
            (r#"{"a":1.5}"#, 3),
            (r#"{"a":"/"}"#, 2),
            (r#"{"a":"é"}"#, 2),
            (r#"{"a":"/é"}"#, 4),
            (r#"{"a":"<"}"#, 3),
            // Escapes for HTML come alone.
            (r#"{"a":"</é"}"#, 4 + 2),
        ] {
            let parsed = Json::parse(json.as_bytes()).expect("JSON");
            let styles = Style::distinct(&parsed);
            assert_eq!(styles.len(), 4 * times, "{json}");
            assert_eq!(styles[0], Style::default(), "{json}");
        }
    }
}
