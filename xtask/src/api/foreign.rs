//! Which crates' types may stand in the signatures of the public API.
//!
//! Whoever uses one of our types then depends on that crate's version, so the list is short.

use std::collections::BTreeSet;

/// Allowed everywhere: the standard library, the vocabulary of HTTP and tower, dates, decimals, serde.
const ALLOWED: &[&str] = &[
    "alloc",
    "bytes",
    "core",
    "futures_core",
    "http",
    "http_body",
    "jiff",
    "rust_decimal",
    "serde",
    "serde_core",
    "std",
    "tower_layer",
    "tower_service",
];

/// Allowed in one crate.
const EXCEPTIONS: &[(&str, &str)] = &[
    // The body of a receiver's answer: a whole one, as every server takes it.
    ("common-api", "http_body_util"),
    // Whoever must read to decide uses the engine's own call, with the types of its driver.
    ("common-durable", "postgres_types"),
    ("common-durable", "rusqlite"),
    ("common-durable", "tokio_postgres"),
    // Deadlines, as in common-transport.
    ("common-limit-redis", "tokio"),
    // Deadlines are points on tokio's clock, which tests pause.
    ("common-transport", "tokio"),
    // The bodies that can be signed are those of this crate.
    ("nicechat-sign", "http_body_util"),
    // A row is arranged as the JSON that it is.
    ("shopwire-sandbox", "serde_json"),
];

const PRIMITIVES: &[&str] = &[
    "bool", "char", "f32", "f64", "i128", "i16", "i32", "i64", "i8", "isize", "str", "u128", "u16",
    "u32", "u64", "u8", "usize",
];

/// The foreign crates in a listing that no list names, a line each.
pub(super) fn unlisted(package: &str, members: &[&str], listing: &str) -> Vec<String> {
    let is_known = |name: &str| {
        ALLOWED.contains(&name)
            || PRIMITIVES.contains(&name)
            || EXCEPTIONS.contains(&(package, name))
            || members
                .iter()
                .any(|member| member.replace('-', "_") == name)
    };
    let mut seen = BTreeSet::new();
    let mut lines = Vec::new();
    for line in listing.lines().filter(|line| !is_projection(line)) {
        for name in crates(line) {
            if !is_known(name) && seen.insert(name) {
                lines.push(format!(
                    "{package}: a type of `{name}` is in a signature: {line}"
                ));
            }
        }
    }
    lines
}

/// Whether pin-project-lite wrote it: nobody can name what stands in its bounds.
fn is_projection(line: &str) -> bool {
    line.starts_with("impl<'__pin")
}

/// The first segments of the paths in a line.
fn crates(line: &str) -> impl Iterator<Item = &str> {
    let is_path = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    let paths = line.split(move |c| !is_path(c));
    paths
        .filter_map(|path| path.split_once("::"))
        .map(|(first, _)| first)
        .filter(|first| first.starts_with(|c: char| c.is_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    // C11
    #[test]
    fn c11_a_foreign_crate_is_found_once_and_by_name() {
        let listing = "pub fn a::f(http::Uri) -> hyper::body::Incoming\n\
                       pub fn a::g(core::option::Option<&hyper::Error>) -> b::B\n\
                       pub fn a::h(u8::U, Self::Output)\n";
        let found = unlisted("a", &["a", "b"], listing);
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("`hyper`") && found[0].contains("a::f"));
    }

    // C11
    #[test]
    fn c11_an_exception_holds_for_its_crate_alone() {
        let listing = "pub fn f(tokio::time::Instant)\n";
        assert!(unlisted("common-transport", &[], listing).is_empty());
        assert_eq!(unlisted("common-api", &[], listing).len(), 1);
    }
}
