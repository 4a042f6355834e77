//! Names in Rust for names on the wire.

/// Names that Rust keeps for itself: these get a trailing underscore, as in `type_`.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Names that a setter would share with a method of a trait of std, and those that every model has.
const TAKEN: &[&str] = &[
    "add", "bitand", "bitor", "bitxor", "borrow", "clone", "cmp", "default", "deref", "div",
    "drop", "eq", "extra", "hash", "index", "mul", "neg", "new", "next", "not", "rem", "shl",
    "shr", "sub",
];

/// The name of a field or setter: `externalId` is `external_id`, `type` is `type_`.
pub(crate) fn field(wire: &str) -> String {
    let mut name = method(wire);
    if TAKEN.contains(&name.as_str()) {
        name.push('_');
    }
    name
}

/// The name of a method that sends an operation.
pub(crate) fn method(wire: &str) -> String {
    let mut name = words(wire).join("_");
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
        name.insert(0, '_');
    }
    if KEYWORDS.contains(&name.as_str()) {
        name.push('_');
    }
    name
}

/// The name of a type or variant: `list_history` is `ListHistory`.
pub(crate) fn type_name(wire: &str) -> String {
    let mut name: String = words(wire).iter().map(|word| capitalised(word)).collect();
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
        name.insert(0, 'V');
    }
    if name == "Self" {
        name.push('_');
    }
    name
}

/// The name of a static: `ListHistory` is `LIST_HISTORY`.
pub(crate) fn constant(name: &str) -> String {
    words(name).join("_").to_uppercase()
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
        .unwrap_or_default()
}

/// Splits at whatever is no letter or digit, before a capital after a small letter, and before the last
/// capital of a run (`INNCode` is `inn`, `code`).
fn words(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let mut words = vec![String::new()];
    for (index, &letter) in letters.iter().enumerate() {
        if !letter.is_ascii_alphanumeric() {
            words.push(String::new());
            continue;
        }
        let previous = index.checked_sub(1).map(|before| letters[before]);
        let next = letters.get(index + 1);
        let after_small = previous.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
        let ends_run = previous.is_some_and(|c| c.is_ascii_uppercase())
            && next.is_some_and(char::is_ascii_lowercase);
        if letter.is_ascii_uppercase() && (after_small || ends_run) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(letter.to_ascii_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields() {
        for (wire, name) in [
            ("externalId", "external_id"),
            ("INN", "inn"),
            ("channel_id", "channel_id"),
            ("type", "type_"),
            ("default", "default_"),
            ("utm-source", "utm_source"),
            ("HTMLPage2", "html_page2"),
            ("1c", "_1c"),
        ] {
            assert_eq!(field(wire), name, "{wire}");
        }
    }

    #[test]
    fn types_and_constants() {
        assert_eq!(type_name("list_history"), "ListHistory");
        assert_eq!(type_name("getSections"), "GetSections");
        assert_eq!(type_name("customer-corporate"), "CustomerCorporate");
        assert_eq!(type_name("1"), "V1");
        assert_eq!(constant("ListHistory"), "LIST_HISTORY");
    }
}
