//! Numbers of things, in words.

/// `1 row`, `2 rows`.
pub(crate) fn counted(count: u64, thing: &str) -> String {
    match count {
        1 => format!("1 {thing}"),
        count => format!("{count} {thing}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // J4
    #[test]
    fn j4_one_thing_is_told_as_one() {
        let told = [0, 1, 2, 11, 21].map(|count| counted(count, "row"));
        assert_eq!(told, ["0 rows", "1 row", "2 rows", "11 rows", "21 rows"]);
    }
}
