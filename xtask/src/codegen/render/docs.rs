//! Doc comments from a description's texts.

const WIDTH: usize = 96;

/// `///` lines of a text.
pub(crate) fn outer(text: &str) -> String {
    lines("///", text)
}

/// `//!` lines of a text.
pub(crate) fn inner(text: &str) -> String {
    lines("//!", text)
}

/// A field's doc: its wire name, then what the description says.
pub(crate) fn field(wire: &str, doc: &str) -> String {
    match doc {
        "" => outer(&format!("`{wire}`.")),
        doc => outer(&format!("`{wire}`: {doc}")),
    }
}

fn lines(marker: &str, text: &str) -> String {
    let mut out = String::new();
    for (index, paragraph) in text.split("\n\n").enumerate() {
        if index > 0 {
            out += &format!("{marker}\n");
        }
        let mut line = marker.to_owned();
        for word in escape(paragraph).split_whitespace() {
            let is_full = line.chars().count() + 1 + word.chars().count() > WIDTH;
            if is_full && line != marker {
                out += &line;
                out.push('\n');
                marker.clone_into(&mut line);
            }
            line.push(' ');
            line += word;
        }
        out += &line;
        out.push('\n');
    }
    out
}

/// Keeps Markdown from reading brackets as links and angles as tags; code in backticks stays as it is.
fn escape(text: &str) -> String {
    let mut out = String::new();
    for (index, part) in text.split('`').enumerate() {
        if index > 0 {
            out.push('`');
        }
        if index % 2 == 1 {
            out += part;
            continue;
        }
        for word in part.split_inclusive(char::is_whitespace) {
            match word.starts_with("http://") || word.starts_with("https://") {
                true => out += &link(word),
                false => {
                    out += &word
                        .replace('[', "\\[")
                        .replace(']', "\\]")
                        .replace('<', "\\<")
                }
            }
        }
    }
    out
}

fn link(word: &str) -> String {
    let url = word.trim_end_matches(|c: char| c.is_whitespace() || ".,;:)".contains(c));
    format!("<{url}>{}", &word[url.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_is_escaped_outside_of_code() {
        let doc = outer("See `filter[ids][]`, a[0] <b> https://a.example/x.");
        assert_eq!(
            doc,
            "/// See `filter[ids][]`, a\\[0\\] \\<b> <https://a.example/x>.\n"
        );
    }

    #[test]
    fn long_texts_are_wrapped() {
        let doc = outer(&"word ".repeat(40));
        assert!(
            doc.lines().count() == 3 && doc.lines().all(|line| line.len() <= WIDTH),
            "{doc}"
        );
    }
}
