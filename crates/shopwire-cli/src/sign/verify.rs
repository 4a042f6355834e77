//! `shopwire sign --verify`: tells whether a signature is right, and if not, which mistakes give
//! it.

use common_transport::Secret;

use super::{
    given::Given,
    request::Request,
    search,
    variant::{Kind, Mistake, mistake},
};
use crate::{failure::Failure, output};

/// Prints whether `given` signs the request, or else the common mistakes that give it.
pub(super) fn print(
    request: &Request,
    secret: &str,
    key: &str,
    given: &Given,
) -> Result<(), Failure> {
    let found = search::mistakes(request, secret, key, &given.signature);
    let why = match explanation(request, given, &found.sets) {
        Some(right) if right.is_empty() => return output::line("the signature is right"),
        Some(mistakes) => format!("it is what comes out {mistakes}"),
        None if found.is_cut => {
            "no common mistake alone gives it; the body is too long to look for all of several at once: compare the \
             secret and the body, byte for byte"
                .to_owned()
        }
        None => "no common mistake gives it: compare the secret and the body, byte for byte; if a whole URL was hashed, \
             give it as --path"
            .to_owned(),
    };
    Err(Failure::new(format_args!(
        "the signature is wrong: {why}\n{}\nnext: hash exactly this text; `shopwire sign` with the same arguments, but \
         without --verify, shows the right signature and how it comes about",
        right(request, secret, key)
    )))
}

/// The text whose hash is right, without secret and key.
fn right(request: &Request, secret: &str, key: &str) -> String {
    const LONGEST: usize = 2000;
    let body = request.canonical().unwrap_or_default();
    let body = String::from_utf8_lossy(&body);
    let text = format!("{}{body}{}", request.path, request.method);
    let mask = common_transport::Mask::new(
        [secret, key]
            .into_iter()
            .filter(|text| !text.is_empty())
            .map(Secret::from),
    );
    let text = mask.text(&text);
    let mut shown: String = text.chars().take(LONGEST).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    format!(
        "right is the SHA-256 of <secret, {} bytes>{shown}",
        secret.len()
    )
}

/// The fewest mistakes that give the signature, as the end of "it is what comes out …". Empty if it is right, `None`
/// if no known mistakes give it.
#[cfg(test)]
pub(super) fn explained(
    request: &Request,
    secret: &str,
    key: &str,
    given: &Given,
) -> Option<String> {
    let found = search::mistakes(request, secret, key, &given.signature);
    explanation(request, given, &found.sets)
}

fn explanation(request: &Request, given: &Given, found: &[Vec<Mistake>]) -> Option<String> {
    // Mistakes visible without a search are added to its result.
    let seen: Vec<Mistake> = given
        .mistakes
        .iter()
        .cloned()
        .chain(misnamed(request))
        .collect();
    let sets = found.iter().map(|found| sentence(found, &seen));
    (!found.is_empty()).then(|| sets.collect::<Vec<_>>().join("; or "))
}

/// The mistake of a signature under one documented name when the settings have the other.
fn misnamed(request: &Request) -> Option<Mistake> {
    let found = request.left_out.signature_under?;
    let expected = request.names.signature_parameter_name();
    let text = format!("with the signature under the other name: {found} in place of {expected}");
    Some(mistake(Kind::Name, text))
}

fn sentence(found: &[Mistake], seen: &[Mistake]) -> String {
    let texts: Vec<&str> = found
        .iter()
        .chain(seen)
        .map(|mistake| mistake.text.as_str())
        .collect();
    texts.join(", and ")
}
