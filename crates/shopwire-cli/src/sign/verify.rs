//! `shopwire sign --verify`: tells whether a signature is right, and if not, which mistakes give
//! it.

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
    match explanation(request, given, &found.sets) {
        None if found.is_cut => Err(Failure::new(
            "the signature is wrong, and no common mistake alone gives it; the body is too long to look for all of several at once: compare the secret and the body, byte for byte",
        )),
        Some(right) if right.is_empty() => output::line("the signature is right"),
        Some(mistakes) => Err(Failure::new(format_args!(
            "the signature is wrong: it is what comes out {mistakes}"
        ))),
        None => Err(Failure::new(
            "the signature is wrong, and no common mistake gives it: compare the secret and the body, byte for byte",
        )),
    }
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
