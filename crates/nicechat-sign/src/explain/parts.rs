//! Mistakes in secret, path and method.

use super::{
    encoding::percent_decoded,
    ends::{ENDS, Ends},
    request::Request,
    variant::{Kind, Mistake, Variants, mistake},
};

pub(super) fn secrets(secret: &str, key: &str) -> Variants<Vec<u8>> {
    let mut secrets = Variants::new(secret.as_bytes().to_vec());
    let trimmed = secret.trim();
    secrets.wrong(
        Kind::Secret,
        "with the white space round the secret cut off (the setting has it)",
        trimmed.into(),
    );
    let spaced = |ends: &Ends| {
        let text = format!("with {} the secret", ends.what);
        let value = format!("{}{trimmed}{}", ends.before, ends.after);
        (text, value.into_bytes())
    };
    for ends in ENDS.iter().filter(|ends| !ends.is_rare) {
        let (text, value) = spaced(ends);
        secrets.wrong(Kind::Secret, text, value);
    }
    for quote in ["\"", "'"] {
        let quoted = format!("{quote}{trimmed}{quote}");
        secrets.wrong(Kind::Secret, "with quotes round the secret", quoted.into());
    }
    secrets.wrong(
        Kind::Secret,
        "with a byte order mark before the secret",
        format!("\u{feff}{trimmed}").into(),
    );
    if !key.is_empty() {
        secrets.wrong(
            Kind::Secret,
            "with the API key in place of the secret",
            key.into(),
        );
    }
    secrets.wrong(Kind::Secret, "without the secret", Vec::new());
    for ends in ENDS.iter().filter(|ends| ends.is_rare) {
        let (text, value) = spaced(ends);
        secrets.rare(Kind::Secret, text, value);
    }
    secrets
}

pub(super) fn methods(method: &str) -> Variants<String> {
    let mut methods = Variants::new(method.to_owned());
    let lower = method.to_ascii_lowercase();
    methods.wrong(Kind::Method, "with the method in lower case", lower.clone());
    if let Some(first) = method.get(..1) {
        let text = "with the method in lower case but for its first letter";
        methods.wrong(Kind::Method, text, format!("{first}{}", &lower[1..]));
    }
    methods.wrong(Kind::Method, "with no method", String::new());
    for other in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
        methods.wrong(
            Kind::Method,
            format!("with the method {other}"),
            other.to_owned(),
        );
    }
    methods
}

/// The paths with one or two mistakes: in the part before, in the slash at the end, in the query, in the
/// encoding.
pub(super) fn paths(request: &Request) -> Variants<String> {
    let right = request.slashed_path();
    let mut paths = Variants::new(right.clone());
    for (front, before) in fronts(request) {
        for (slash, path) in slashes(&right) {
            for (encoding, path) in encodings(&path) {
                for (query, after) in queries(request) {
                    let mistakes = [&front, &slash, &encoding, &query].into_iter().flatten();
                    let mistakes: Vec<Mistake> = mistakes.cloned().collect();
                    if mistakes.len() <= 2 {
                        paths.add(mistakes, format!("{before}{path}{after}"));
                    }
                }
            }
        }
    }
    // Two such mistakes are one: the whole address was signed.
    if request.address.contains("://") {
        let text = "with the whole URL in place of the path, query included";
        paths.wrong(Kind::Path, text, request.address.clone());
    }
    for host in request.hosts() {
        let bare = host.split(':').next().unwrap_or_default();
        for port in [":443", ":80", ""] {
            let with_port = format!("{bare}{port}");
            if with_port != host {
                let text = "with the host and its port in the path";
                let text = if port.is_empty() {
                    "with the host in the path"
                } else {
                    text
                };
                paths.rare(Kind::Path, text, format!("{with_port}{right}"));
                let text = "with the whole URL in place of the path (scheme, host and port)";
                for scheme in ["https", "http"] {
                    paths.rare(Kind::Path, text, format!("{scheme}://{with_port}{right}"));
                }
            }
        }
    }
    let text = "with the path's first slash missing";
    paths.wrong(Kind::Path, text, right.trim_start_matches('/').to_owned());
    paths.wrong(Kind::Path, "with no path", String::new());
    paths
}

type Part = (Option<Mistake>, String);

fn right(value: impl Into<String>) -> Part {
    (None, value.into())
}

fn wrong(text: &str, value: impl Into<String>) -> Part {
    (Some(mistake(Kind::Path, text)), value.into())
}

fn fronts(request: &Request) -> Vec<Part> {
    let mut fronts = vec![right("")];
    for host in request.hosts() {
        fronts.push(wrong("with the host in the path", host.clone()));
        for scheme in ["https", "http"] {
            let text = "with the whole URL in place of the path (scheme and host)";
            fronts.push(wrong(text, format!("{scheme}://{host}")));
        }
    }
    fronts
}

fn slashes(path: &str) -> Vec<Part> {
    let mut slashes = vec![right(path)];
    let bare = path.trim_end_matches('/');
    if !bare.is_empty() {
        slashes.push(wrong("with the path's last slash missing", bare));
    }
    slashes.push(wrong(
        "with a slash too many after the path",
        format!("{path}/"),
    ));
    slashes
}

fn encodings(path: &str) -> Vec<Part> {
    let mut encodings = vec![right(path)];
    if let Ok(decoded) = String::from_utf8(percent_decoded(path.as_bytes())) {
        encodings.push(wrong("with the path not percent-encoded", decoded));
    }
    let text = "with the path percent-encoded twice (double encoding)";
    encodings.push(wrong(text, path.replace('%', "%25")));
    encodings
}

fn queries(request: &Request) -> Vec<Part> {
    let mut queries = vec![right("")];
    if let Some((_, query)) = request.address.split_once('?') {
        let query = query.split('#').next().unwrap_or_default();
        queries.push(wrong("with the query in the path", format!("?{query}")));
    }
    queries
}
