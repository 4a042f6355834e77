//! The layout of printed JSON.

/// Compact, or indented for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// On one line.
    Compact,
    /// Each member and item on a line of its own.
    Indented,
}

impl Layout {
    /// Writes compact JSON in this layout. Numbers and strings keep their spelling.
    pub(crate) fn apply(self, json: &str) -> String {
        match self {
            Self::Compact => json.to_owned(),
            Self::Indented => indented(json),
        }
    }
}

fn indented(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let (mut depth, mut in_string, mut is_escaped) = (0_usize, false, false);
    let mut letters = json.chars().peekable();
    while let Some(letter) = letters.next() {
        if in_string {
            out.push(letter);
            in_string = is_escaped || letter != '"';
            is_escaped = !is_escaped && letter == '\\';
            continue;
        }
        match letter {
            '{' | '[' => {
                out.push(letter);
                match letters.next_if(|next| matches!(next, '}' | ']')) {
                    Some(end) => out.push(end),
                    None => {
                        depth += 1;
                        line(&mut out, depth);
                    }
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(letter);
            }
            ',' => {
                out.push(letter);
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            '"' => {
                in_string = true;
                out.push(letter);
            }
            // White space between values.
            ' ' | '\n' | '\r' | '\t' => {}
            other => out.push(other),
        }
    }
    out
}

fn line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
mod tests {
    use super::Layout;
    use common_model::{Value, from_json};
    use proptest::prelude::*;

    // C14
    #[test]
    fn c14_indented_json_keeps_digits_and_strings() {
        let json = r#"{"a":[1.50,{},[],{"b":"x\":{,\\"}],"c":null,"c":"й"}"#;
        let indented = "{\n  \"a\": [\n    1.50,\n    {},\n    [],\n    {\n      \"b\": \"x\\\":{,\\\\\"\n    }\n  ],\n  \
                        \"c\": null,\n  \"c\": \"й\"\n}";
        assert_eq!(Layout::Indented.apply(json), indented);
        assert_eq!(Layout::Indented.apply(indented), indented);
        assert_eq!(Layout::Compact.apply(json), json);
    }

    proptest! {
        // C14
        #[test]
        fn c14_indented_json_is_the_same_json(texts in prop::collection::vec(any::<String>(), 0..6), number in any::<f64>()) {
            let items: Vec<String> = texts.iter().map(|text| {
                let text = common_model::to_json(text);
                format!("{{{text}:[{text},{number:?},[{{}}]]}}")
            }).collect();
            let json = format!("[{}]", items.join(","));
            if let Ok(value) = from_json::<Value>(&json) {
                let indented = Layout::Indented.apply(&json);
                prop_assert_eq!(from_json::<Value>(&indented).expect("JSON"), value);
            }
        }
    }
}
