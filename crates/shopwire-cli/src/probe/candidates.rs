//! Candidates: names, and queries that tell the rules apart.

use nicechat_sign::{Dialect, Names, Signer};

/// A parameter with the same canonical form in every dialect. No list has a parameter of this name.
pub(super) const PLAIN: &str = "shopwire=probe";

/// Parameters with a different canonical form in each dialect, by the order of `9`, `10` and `a` and by the
/// encoding.
pub(super) const TELLING: &str = "10=%C3%A9+%7E%2A&a=probe&9=probe";

/// The names in the settings, then those of the document's samples, then those of its prose.
// N9, N10
pub(super) fn names(settings: &Signer) -> [Names; 3] {
    let samples = Names::new()
        .key_header("X-API-Key")
        .signature_header("X-API-Sign");
    let prose = samples
        .clone()
        .signature_header("_sing")
        .signature_parameter("_sing");
    let configured = settings.names();
    // The documented spelling, if it is the same name.
    let spelled = |name: &str, documented: &str| match name.eq_ignore_ascii_case(documented) {
        true => documented.to_owned(),
        false => name.to_owned(),
    };
    let configured = configured
        .clone()
        .key_header(spelled(configured.key_header_name(), "X-API-Key"))
        .signature_header(spelled(configured.signature_header_name(), "X-API-Sign"));
    [configured, samples, prose]
}

/// The dialect in the settings, then the others.
pub(super) fn dialects(settings: &Signer) -> impl Iterator<Item = Dialect> + use<> {
    let first = settings.dialect();
    std::iter::once(first).chain(Dialect::ALL.into_iter().filter(move |one| *one != first))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use nicechat_sign::{Credentials, Form, canonical};

    // N20, N21, N22
    #[test]
    fn n22_the_telling_query_differs_in_every_dialect_and_the_plain_one_in_none() {
        let count = |query: &str| {
            let form = Form::parse_urlencoded(query.as_bytes()).expect("a query");
            let texts = Dialect::ALL.map(|dialect| canonical(dialect, &form).expect("all text"));
            HashSet::from(texts).len()
        };
        assert_eq!((count(TELLING), count(PLAIN)), (Dialect::ALL.len(), 1));
    }

    #[test]
    fn n9_n10_what_is_set_is_tried_first_in_the_documents_spelling() {
        let set = Names::new().signature_header("_sing");
        let signer = Signer::new(Credentials::new("", "")).with_names(set);
        let [first, samples, prose] = names(&signer);
        assert_eq!(first.key_header_name(), "X-API-Key");
        assert_eq!(first.signature_header_name(), "_sing");
        assert_eq!(samples.signature_header_name(), "X-API-Sign");
        assert_eq!(prose.signature_parameter_name(), "_sing");
        let order: Vec<Dialect> = dialects(&signer.with_dialect(Dialect::Python)).collect();
        assert_eq!(
            order,
            [
                Dialect::Python,
                Dialect::Php,
                Dialect::Php81,
                Dialect::Prose
            ]
        );
    }
}
