//! `shopwire sign --verify`: is it right, and if not, which mistake gives it?

use nicechat_sign::Signature;

use super::{
    bodies::{self, Variant},
    orders,
    request::{Request, signature},
};
use crate::{failure::Failure, output};

/// The signature to check.
#[derive(Debug)]
pub(super) struct Given {
    signature: Signature,
    /// A mistake of its own: services compare text.
    upper_case: bool,
}

impl Given {
    /// Reads hexadecimal digits in either case.
    pub(super) fn parse(text: &str) -> Result<Self, Failure> {
        match text.to_ascii_lowercase().parse() {
            Ok(signature) => {
                let upper_case = text.bytes().any(|byte| byte.is_ascii_uppercase());
                Ok(Self {
                    signature,
                    upper_case,
                })
            }
            Err(error) => Err(Failure::usage(format_args!("--verify: {error}"))),
        }
    }
}

/// Says whether `given` signs the request; otherwise which common mistakes produce it.
pub(super) fn print(
    request: &Request,
    secret: &str,
    key: &str,
    given: &Given,
) -> Result<(), Failure> {
    let mut found = mistakes(request, secret, key, &given.signature);
    if given.upper_case {
        let label = "with its digits in upper case";
        found
            .iter_mut()
            .for_each(|mistakes| mistakes.push(label.to_owned()));
    }
    match found.first() {
        Some(none) if none.is_empty() => output::line("the signature is right"),
        None => Err(Failure::new(
            "the signature is wrong, and no common mistake gives it: compare the secret and the body, byte for byte",
        )),
        Some(smallest) => Err(Failure::new(format_args!(
            "the signature is wrong: it is what comes out {}",
            explanations(&found, smallest.len())
        ))),
    }
}

/// The sets of this size: two dialects or two mistakes may come to the same text.
fn explanations(found: &[Vec<String>], size: usize) -> String {
    let mut told: Vec<String> = Vec::new();
    for mistakes in found.iter().filter(|mistakes| mistakes.len() == size) {
        let text = mistakes.join(", and ");
        if !told.contains(&text) {
            told.push(text);
        }
    }
    told.join("; or ")
}

/// The sets of mistakes that give this signature, the smallest first.
fn mistakes(request: &Request, secret: &str, key: &str, given: &Signature) -> Vec<Vec<String>> {
    let (paths, methods) = (paths(request), methods(request));
    let (secrets, bodies) = (secrets(secret, key), bodies::variants(request, key));
    let mut found = Vec::new();
    for secret in &secrets {
        for path in &paths {
            for body in &bodies {
                for method in &methods {
                    if signature(secret.value, &path.value, &body.value, &method.value)
                        .verify(given)
                    {
                        let labels = [&secret.label, &path.label, &body.label, &method.label];
                        let labels = labels.into_iter().filter(|label| !label.is_empty());
                        found.push(labels.cloned().collect::<Vec<_>>());
                    }
                }
            }
        }
    }
    if found.is_empty() {
        // Too many to go with other mistakes.
        let is_it =
            |body: &[u8]| signature(secret, &request.path, body, &request.method).verify(given);
        found.extend(orders::other_order(&request.payload, &is_it).map(|label| vec![label]));
    }
    found.sort_by_key(Vec::len);
    found
}

fn paths(request: &Request) -> Vec<Variant<String>> {
    let path = &request.path;
    let mut paths = vec![Variant::right(path.clone())];
    let mut wrong = |label: &str, value: String| {
        if value != *path {
            paths.push(Variant::wrong(label, value));
        }
    };
    wrong(
        "with the address as given, query or host included",
        request.address.clone(),
    );
    if let Some((_, rest)) = request.address.split_once("://") {
        wrong(
            "with the host in the path",
            rest.split(['?', '#']).next().unwrap_or(rest).to_owned(),
        );
        let root = rest.find('/').map_or("/", |slash| &rest[slash..]);
        wrong("with the query in the path", root.to_owned());
    }
    for host in ["account.nice.chat", "accounts.nice.chat"] {
        wrong(
            "with scheme and host in the path",
            format!("https://{host}{path}"),
        );
        wrong("with the host in the path", format!("{host}{path}"));
    }
    wrong(
        "with the path's last slash missing",
        path.trim_end_matches('/').to_owned(),
    );
    wrong("with a slash too many after the path", format!("{path}/"));
    wrong(
        "with the path's first slash missing",
        path.trim_start_matches('/').to_owned(),
    );
    wrong("with the path percent-decoded", decoded(path));
    wrong("with no path", String::new());
    paths
}

fn methods(request: &Request) -> Vec<Variant<String>> {
    let method = &request.method;
    let mut methods = vec![
        Variant::right(method.clone()),
        Variant::wrong("with the method in lower case", method.to_ascii_lowercase()),
        Variant::wrong("with no method", String::new()),
    ];
    for other in ["GET", "POST", "PUT", "PATCH", "DELETE"]
        .into_iter()
        .filter(|one| one != method)
    {
        methods.push(Variant::wrong(
            format!("with the method {other}"),
            other.to_owned(),
        ));
    }
    methods
}

fn secrets<'a>(secret: &'a str, key: &'a str) -> Vec<Variant<&'a str>> {
    let mut secrets = vec![Variant::right(secret)];
    if secret.trim() != secret {
        secrets.push(Variant::wrong(
            "with the white space around the secret cut off",
            secret.trim(),
        ));
    }
    if !key.is_empty() {
        secrets.push(Variant::wrong(
            "with the API key in place of the secret",
            key,
        ));
    }
    secrets.push(Variant::wrong("without the secret", ""));
    secrets
}

/// `%XX` as the byte it stands for; text that is then no UTF-8 stays as it was.
fn decoded(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let hex = tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex
            .and_then(|hex| u8::from_str_radix(hex, 16).ok())
            .filter(|_| first == b'%')
        {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests;
