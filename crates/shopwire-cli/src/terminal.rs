//! Texts of others on a terminal.

/// Text of others for a terminal: control characters could move the cursor or colour the screen.
pub(crate) fn plain(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            '\n' | '\t' => letter,
            letter if letter.is_control() || is_invisible(letter) => '\u{fffd}',
            letter => letter,
        })
        .collect()
}

/// On one line.
pub(crate) fn line(text: &str) -> String {
    plain(text).replace(['\n', '\t'], " ")
}

/// A word of a command line, quoted for a shell where that is needed.
pub(crate) fn quoted(text: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-".contains(letter);
    match !text.is_empty() && text.chars().all(is_plain) && !text.starts_with('-') {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', "'\\''")),
    }
}

/// Whether the letter turns the direction of writing, so that a text reads as another one.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    // D16
    #[test]
    fn d16_texts_of_others_cannot_steer_a_terminal() {
        assert_eq!(
            plain("a\x1b[2J\r\u{9b}1m\u{202e}b\nй"),
            "a\u{fffd}[2J\u{fffd}\u{fffd}1m\u{fffd}b\nй"
        );
        assert_eq!(line("a\n\tb"), "a  b");
    }
}
