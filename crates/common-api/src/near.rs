//! The distance of two texts, to name what was probably meant.

/// Returns the number of letters that have to be changed, added or left out to make `one` into `other`.
pub(crate) fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, letter) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, wanted) in other.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *wanted);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn c4_the_distance_counts_letters() {
        for (one, other, letters) in [
            ("", "", 0),
            ("", "ab", 2),
            ("orders.get", "orders.get", 0),
            ("orders.get", "orders.set", 1),
            ("kitten", "sitting", 3),
            ("заказ", "заказы", 1),
        ] {
            assert_eq!(distance(one, other), letters, "{one} {other}");
            assert_eq!(distance(other, one), letters, "{other} {one}");
        }
    }
}
