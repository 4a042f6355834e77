//! A number with its noun.

/// The number with this noun in the plural, or in the singular where it is one: `1 row`, `2 rows`.
pub(crate) fn counted(number: u64, nouns: &str) -> String {
    format!("{number} {}", noun(number, nouns))
}

/// The noun for this number.
fn noun(number: u64, nouns: &str) -> String {
    match (number, nouns.strip_suffix("ies"), nouns.strip_suffix('s')) {
        (1, Some(stem), _) => format!("{stem}y"),
        (1, None, Some(noun)) => noun.to_owned(),
        _ => nouns.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // J5
    #[test]
    fn j5_a_noun_is_plural_only_where_it_counts_several() {
        for (number, nouns, wanted) in [
            (0, "rows", "0 rows"),
            (1, "rows", "1 row"),
            (2, "rows", "2 rows"),
            (1, "inventories", "1 inventory"),
            (21, "inventories", "21 inventories"),
        ] {
            assert_eq!(counted(number, nouns), wanted);
        }
    }
}
