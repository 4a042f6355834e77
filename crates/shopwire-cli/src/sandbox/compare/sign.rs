//! NiceChat's key and signature, made anew where the recorded request had them.

use bytes::Bytes;
use form_urlencoded::parse;
use http::{Request, Uri, header::CONTENT_TYPE};
use nicechat_sign::{Placement, Signer};

/// Signs a request again, in the place of its recorded signature. A request without one stays without.
///
/// # Errors
/// The request cannot be signed.
pub(super) fn anew(request: &mut Request<Bytes>, signer: &Signer) -> Result<(), String> {
    let names = signer.names();
    let headers = [names.key_header_name(), names.signature_header_name()];
    let parameters = [names.key_parameter_name(), names.signature_parameter_name()];
    let placement = if headers
        .iter()
        .any(|name| request.headers().contains_key(*name))
    {
        for name in headers {
            request.headers_mut().remove(name);
        }
        Placement::Headers
    } else if strip(request, parameters)? {
        Placement::Parameters
    } else {
        return Ok(());
    };
    let signed = signer.sign_in_place(placement, request);
    signed.map_err(|error| format!("it cannot be signed: {error}"))
}

/// Removes key and signature from query and form; returns whether there were any.
fn strip(request: &mut Request<Bytes>, names: [&str; 2]) -> Result<bool, String> {
    let query = request.uri().query().unwrap_or_default();
    if let Some(rest) = without(query, names) {
        let path = request.uri().path();
        let target = match rest.as_str() {
            "" => path.to_owned(),
            rest => format!("{path}?{rest}"),
        };
        let uri = target.parse::<Uri>();
        *request.uri_mut() = uri.map_err(|error| format!("its address cannot be sent: {error}"))?;
        return Ok(true);
    }
    let media = request.headers().get(CONTENT_TYPE);
    let media = media
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let Ok(body) = str::from_utf8(request.body()) else {
        return Ok(false);
    };
    let rest = match media.split_once("boundary=") {
        Some((_, boundary)) => without_parts(body, boundary.trim_matches('"'), names),
        None => without(body, names),
    };
    let is_found = rest.is_some();
    if let Some(rest) = rest {
        *request.body_mut() = rest.into();
    }
    Ok(is_found)
}

/// Parameters without these, if they have any.
fn without(pairs: &str, names: [&str; 2]) -> Option<String> {
    let is_kept = |pair: &&str| {
        let parsed = parse(pair.as_bytes()).next();
        !parsed.is_some_and(|(name, _)| names.contains(&&*name))
    };
    let kept: Vec<&str> = pairs.split('&').filter(is_kept).collect();
    let kept = kept.join("&");
    (kept.len() < pairs.len()).then_some(kept)
}

/// A multipart body without these parts, if it has any.
fn without_parts(body: &str, boundary: &str, names: [&str; 2]) -> Option<String> {
    let delimiter = format!("--{boundary}");
    let is_kept = |part: &&str| {
        let head = part.split("\r\n\r\n").next().unwrap_or_default();
        !names
            .iter()
            .any(|name| head.contains(&format!("name=\"{name}\"")))
    };
    let kept: Vec<&str> = body.split(delimiter.as_str()).filter(is_kept).collect();
    let kept = kept.join(&delimiter);
    (kept.len() < body.len()).then_some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s7_key_and_signature_are_removed_from_forms() {
        let names = ["_key", "_sign"];
        let form = "id=1&_key=[hidden]&name=a%20b&_sign=[hidden]";
        assert_eq!(without(form, names).as_deref(), Some("id=1&name=a%20b"));
        assert_eq!(without("id=1", names), None);
        let part = |name: &str| {
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\nx\r\n")
        };
        let body =
            |names: &[&str]| names.iter().map(|name| part(name)).collect::<String>() + "--b--\r\n";
        assert_eq!(
            without_parts(&body(&["id", "_key", "_sign"]), "b", names),
            Some(body(&["id"]))
        );
        assert_eq!(without_parts(&body(&["id"]), "b", names), None);
    }
}
