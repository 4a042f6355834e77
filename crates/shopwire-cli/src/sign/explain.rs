//! `shopwire sign`: the stages of a signature, with the secret masked.

use std::fmt::Write as _;

use nicechat_sign::explain::{Fields, Payload, Request};
use nicechat_sign::{Credentials, Dialect, Names, Signer, Value};

use crate::{failure::Failure, output};

/// Prints the stages.
pub(super) fn print(request: &Request, secret: &str) -> Result<(), Failure> {
    let text = stages(request, secret).map_err(|error| Failure::caused(&error))?;
    output::write(text.as_bytes())
}

/// The stages as text; it holds the signature, never the secret.
fn stages(request: &Request, secret: &str) -> Result<String, nicechat_sign::Error> {
    let body = request.canonical()?;
    let signed = String::from_utf8_lossy(&body);
    let (path, method) = (request.path(), request.method());
    let signer = Signer::new(Credentials::new("", secret));
    let signature = signer.sign_body(path, &body, method);
    let mut out = String::new();
    let mut stage = |name: &str, text: &str| {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{name:<10}  {text}");
    };
    if request.address() != path {
        stage(
            "path",
            &format!("{path}  (scheme, host and query are not signed)"),
        );
    }
    if !path.ends_with('/') {
        stage(
            "path",
            &format!("{path}  (all paths of the service end in a slash, this one does not)"),
        );
    }
    match request.payload() {
        Payload::Raw(bytes) => stage(
            "payload",
            &format!("{} bytes, hashed as they are sent (mode json)", bytes.len()),
        ),
        Payload::Form(fields, dialect) => {
            let form = fields.of(*dialect)?;
            stage("fields", &format!("{}, in the order given", form.len()));
            for (key, value) in form.iter() {
                stage("", &format!("{key} = {}", typed(value)));
            }
            let left_out = request.left_out().names();
            if !left_out.is_empty() {
                let names = left_out.join(", ");
                stage(
                    "left out",
                    &format!("{names}  (key and signature are not signed)"),
                );
            }
            stage("sorted", &order(fields, *dialect)?);
            stage("encoded", &format!("{signed}  (dialect {dialect})"));
        }
    }
    let hashed = secret.len() + path.len() + body.len() + method.len();
    stage(
        "hashed",
        &format!("<secret, {} bytes>{path}{signed}{method}", secret.len(),),
    );
    stage(
        "",
        &format!("SHA-256 over these {hashed} bytes, no separators"),
    );
    stage("signature", &signature.to_string());
    stage(
        "send as",
        &send_as(request.payload(), method, request.names()),
    );
    if let Payload::Form(fields, dialect) = request.payload() {
        let mut name = "dialects";
        for other in Dialect::ALL.into_iter().filter(|other| other != dialect) {
            stage(name, &parting(other, fields.canonical(other), &signed));
            name = "";
        }
    }
    Ok(out)
}

/// A value with its type, which decides how it is written.
fn typed(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(bool) => format!("{bool} (boolean)"),
        Value::Int(int) => format!("{int} (integer)"),
        Value::BigInt(int) => format!("{int} (integer beyond 64 bits)"),
        Value::Float(float) => format!("{float:?} (float)"),
        Value::Text(text) => format!("{text:?} (text)"),
        Value::List(items) => format!("a list of {}", items.len()),
        Value::Map(members) => format!("a map of {}", members.len()),
        other => format!("{other:?}"),
    }
}

/// The names of the fields as they are sorted.
fn order(fields: &Fields, dialect: Dialect) -> Result<String, nicechat_sign::Error> {
    let names: Vec<&str> = fields.of(dialect)?.iter().map(|(key, _)| key).collect();
    let sorted = fields.sorted(dialect)?;
    Ok(sorted
        .into_iter()
        .map(|at| names[at])
        .collect::<Vec<_>>()
        .join(", "))
}

/// The first difference between another dialect and this one.
fn parting(other: Dialect, text: Result<String, nicechat_sign::Error>, signed: &str) -> String {
    let text = match text {
        Ok(text) if text == signed => return format!("{other}: the same"),
        Ok(text) => text,
        Err(error) => return format!("{other}: {error}"),
    };
    let common = text
        .chars()
        .zip(signed.chars())
        .take_while(|(a, b)| a == b)
        .count();
    let excerpt = |text: &str| text.chars().skip(common).take(24).collect::<String>();
    format!(
        "{other}: parts after {common} characters: `{}` where this one has `{}`",
        excerpt(&text),
        excerpt(signed)
    )
}

fn send_as(payload: &Payload, method: &str, names: &Names) -> String {
    // The documented spelling; headers ignore case.
    let header = |name: &str| match name {
        "x-api-key" => "X-API-Key".to_owned(),
        "x-api-sign" => "X-API-Sign".to_owned(),
        other => other.to_owned(),
    };
    let headers = format!(
        "headers {} and {}",
        header(names.key_header_name()),
        header(names.signature_header_name())
    );
    let (key, signature) = (names.key_parameter_name(), names.signature_parameter_name());
    match payload {
        _ if method == "GET" => format!("{headers}, or {key} and {signature} in the query"),
        Payload::Raw(_) => headers,
        Payload::Form(..) => {
            format!("{headers}, or the fields {key} and {signature}, which are not signed")
        }
    }
}

#[cfg(test)]
mod tests {
    use nicechat_sign::Form;
    use nicechat_sign::explain::{Input, Rules};

    use super::*;

    fn request() -> Request {
        let form = Form::new()
            .with("title", "Товар")
            .with("id", Value::Int(1))
            .with("a", true);
        Request::new("POST", "/p/?x", None, Input::Fields(form), &Rules::new()).expect("a request")
    }

    // N17, N22, X7
    #[test]
    fn n17_stages_show_order_encoding_and_dialects_and_hide_the_secret() {
        let text = stages(&request(), "hidden-value").expect("php knows them all");
        assert!(!text.contains("hidden-value"), "{text}");
        for line in [
            "path        /p/  (scheme, host and query are not signed)",
            "            title = \"Товар\" (text)",
            "sorted      a, id, title",
            "encoded     a=1&id=1&title=%D0%A2%D0%BE%D0%B2%D0%B0%D1%80  (dialect php)",
            "hashed      <secret, 12 bytes>/p/a=1&id=1&title=%D0%A2%D0%BE%D0%B2%D0%B0%D1%80POST",
            "dialects    php81: the same",
            "            python: parts after 2 characters: `True&id=1&title=Товар` where this one has `1&id=1&title=%D0%A2%D0%B`",
        ] {
            assert!(text.contains(line), "{line}\nis not in\n{text}");
        }
    }
}
