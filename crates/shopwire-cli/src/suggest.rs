//! Suggestions of similar names.

/// Letters of a part of a name that is found in longer names.
const PART: usize = 4;

/// The candidates most similar to `given` or with `given` in them, best first, at most three.
pub(crate) fn nearest<'a>(given: &str, candidates: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let given = given.to_lowercase();
    let mut ranked: Vec<(usize, &str)> = candidates
        .map(|name| (distance(&given, &name.to_lowercase()), name))
        .filter(|(distance, name)| {
            let is_part = given.len() >= PART && name.to_lowercase().contains(&given);
            is_part || *distance * 2 <= name.len().max(2)
        })
        .collect();
    ranked.sort_by_key(|(distance, _)| *distance);
    ranked.into_iter().take(3).map(|(_, name)| name).collect()
}

/// The number of letters to insert, delete or replace (Levenshtein).
pub(crate) fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, right) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(left != *right);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_name() {
        let names = ["orders.list", "orders.edit", "products.list", "getSections"];
        let meant = |given| nearest(given, names.into_iter());
        assert_eq!(meant("order.list")[0], "orders.list");
        assert_eq!(meant("getsection"), ["getSections"]);
        assert_eq!(meant("list"), ["orders.list", "products.list"]);
        assert_eq!(meant("zzzzzzzzzzzz"), [""; 0]);
        assert_eq!((distance("", "abc"), distance("kitten", "sitting")), (3, 3));
    }
}
