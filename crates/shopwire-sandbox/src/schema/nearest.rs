//! The name that was probably meant.

/// Returns the most similar of the candidates, unless none is similar.
///
/// Segments between slashes are compared one by one. A segment in braces is a parameter, and any text stands for it.
pub(crate) fn nearest<'c>(
    given: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    let ranked = candidates
        .into_iter()
        .map(|candidate| (distance(given, candidate), candidate));
    let best = ranked.min_by_key(|(distance, _)| *distance);
    best.filter(|(distance, candidate)| *distance * 3 <= candidate.len().max(3))
        .map(|(_, candidate)| candidate)
}

/// Bytes after which a segment is no slip of a name. Longer ones are not compared: that would take long.
const LONGEST: usize = 100;

/// The number of letters to insert, delete or replace.
fn distance(given: &str, candidate: &str) -> usize {
    let given: Vec<&str> = given.split('/').collect();
    let wanted: Vec<&str> = candidate.split('/').collect();
    let each = given.iter().zip(&wanted).map(|(given, wanted)| {
        if wanted.starts_with('{') && !given.is_empty() {
            0
        } else if given.len() > LONGEST {
            given.len()
        } else {
            strsim::levenshtein(&given.to_lowercase(), &wanted.to_lowercase())
        }
    });
    let rest = |segments: &[&str], from: usize| -> usize {
        let left = segments.get(from..).unwrap_or_default();
        left.iter().map(|segment| segment.len() + 1).sum()
    };
    each.sum::<usize>() + rest(&given, wanted.len()) + rest(&wanted, given.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s2_a_slip_finds_what_was_meant() {
        let paths = [
            "/api/v5/orders",
            "/api/v5/orders/create",
            "/api/v5/orders/{externalId}",
            "/marketplaces/v1/products/",
        ];
        let meant = |given| nearest(given, paths);
        assert_eq!(meant("/api/v5/order"), Some("/api/v5/orders"));
        assert_eq!(
            meant("/api/v5/order/17"),
            Some("/api/v5/orders/{externalId}")
        );
        assert_eq!(
            meant("/marketplaces/v1/products"),
            Some("/marketplaces/v1/products/")
        );
        assert_eq!(meant("/"), None);
        let long = "x".repeat(LONGEST + 1);
        assert_eq!(meant(&format!("/api/v5/{long}")), None);
        assert_eq!(
            meant(&format!("/api/v5/order/{long}")),
            Some("/api/v5/orders/{externalId}")
        );
        assert_eq!(
            nearest("getsection", ["getStages", "getSections"]),
            Some("getSections")
        );
    }
}
