//! The markup that a description may have: p, b, i, h1 to h6.

const ALLOWED: [&str; 9] = ["p", "b", "i", "h1", "h2", "h3", "h4", "h5", "h6"];

/// Returns the first forbidden tag. Attributes are forbidden too. A `<` that does not start a tag is text.
pub(super) fn forbidden_tag(html: &str) -> Option<String> {
    html.match_indices('<').find_map(|(at, _)| {
        let inside = &html[at + 1..];
        let inside = inside.strip_prefix('/').unwrap_or(inside);
        if !inside
            .starts_with(|first: char| first.is_ascii_alphabetic() || first == '!' || first == '?')
        {
            return None;
        }
        let tag = inside
            .split('>')
            .next()
            .unwrap_or(inside)
            .trim_end_matches('/')
            .trim()
            .to_ascii_lowercase();
        let name: String = tag.chars().take(20).collect();
        (!ALLOWED.contains(&tag.as_str())).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u40_only_the_documented_tags_pass() {
        for good in ["", "plain 1 < 2", "<p>a <b>b</b> <I>c</I></p><h6>d</h6>"] {
            assert_eq!(forbidden_tag(good), None, "{good}");
        }
        for (bad, tag) in [
            ("<p><script>x</script></p>", "script"),
            ("<p onclick=\"x\">a</p>", "p onclick=\"x\""),
            ("<h7>a</h7>", "h7"),
            ("<!-- a -->", "!-- a --"),
            ("<br/>", "br"),
        ] {
            assert_eq!(forbidden_tag(bad).as_deref(), Some(tag), "{bad}");
        }
    }
}
