//! `shopwire sign --verify`: tells whether a signature is right, and if not, which mistakes give
//! it.

use common_transport::Secret;

use nicechat_sign::explain::{Received, Request, search};

use crate::{failure::Failure, output};

/// Prints whether `given` signs the request, or else the common mistakes that give it.
pub(super) fn print(
    request: &Request,
    secret: &str,
    key: &str,
    given: &Received,
) -> Result<(), Failure> {
    let found = search(request, secret, key, given);
    let hint = match found.right_mode() {
        Some("json") => " (try --mode json)",
        Some(_) => " (try --mode)",
        None => "",
    };
    let why = match found.sentence() {
        Some(right) if right.is_empty() => return output::line("the signature is right"),
        Some(mistakes) => format!("it was made {mistakes}{hint}"),
        None if found.is_cut() => {
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
    let text = format!("{}{body}{}", request.path(), request.method());
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
