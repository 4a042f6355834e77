//! Texts cut to a length.

/// Returns the beginning of a text, at most `most` bytes.
pub(super) fn cut(text: &str, most: usize) -> &str {
    let mut ends = (0..=text.len().min(most)).rev();
    let end = ends.find(|end| text.is_char_boundary(*end));
    &text[..end.unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn h11_a_cut_keeps_whole_characters() {
        assert_eq!(cut("éé", 4), "éé");
        assert_eq!(cut("éé", 3), "é");
        assert_eq!(cut("é", 0), "");
    }
}
