//! The explanation of a wrong signature: the text that we hashed beside the text that explains theirs.

use nicechat_sign::explain::{Input, Mode, Received, Request, Rules, search};
use nicechat_sign::{Form, Signature, Value};

use super::payload::Payload;
use super::shop::Shop;
use crate::journal::{Difference, Exchange, Message, SignatureExplanation};

/// Explains the signature of an exchange; `None` if it has none, or if it is right. The search takes up to a second.
pub(super) fn explain(shop: &Shop, exchange: &Exchange) -> Option<SignatureExplanation> {
    let names = shop.gate.names();
    let text = received(
        exchange,
        names.signature_header_name(),
        names.signature_parameter_name(),
    );
    let mut explanation = SignatureExplanation {
        received: text.clone(),
        ..SignatureExplanation::default()
    };
    if !exchange.request.body.is_whole() {
        let text =
            "the journal does not have the whole body, so that the signature cannot be made again";
        explanation.explanation = Some(text.to_owned());
        return Some(explanation);
    }
    let request = match request(shop, exchange) {
        Ok(request) => request,
        Err(why) => {
            explanation.explanation = Some(why);
            return Some(explanation);
        }
    };
    let ours = match request.signed_text(&shop.gate.secret()) {
        Ok(ours) => ours,
        Err(error) => {
            explanation.explanation = Some(format!("the payload has no canonical form: {error}"));
            return Some(explanation);
        }
    };
    explanation.expected = Some(sha256(&ours).to_string());
    let ours = shown(&ours);
    match text {
        None => explanation.explanation = Some("the request has no signature".to_owned()),
        Some(text) => match text.parse::<Received>() {
            Err(error) => explanation.explanation = Some(error.to_string()),
            Ok(received) => {
                let found = search(&request, &shop.gate.secret(), &shop.gate.key(), &received);
                if found.is_right() {
                    return None;
                }
                explanation.explanation = Some(match found.sentence() {
                    Some(mistakes) => format!("it was made {mistakes}"),
                    None if found.is_cut() => {
                        "no common mistake alone gives it; the body is too long to look for several at once".to_owned()
                    }
                    None => "no common mistake gives it: compare the secret and the body, byte for byte".to_owned(),
                });
                if let Some(explained) = found.sets().first() {
                    let theirs = shown(explained.text());
                    explanation.difference = Difference::of(&ours, &theirs);
                    explanation.theirs = Some(theirs);
                }
            }
        },
    }
    explanation.ours = Some(ours);
    Some(explanation)
}

/// The signature as it was sent: in its header, in the query or in the form.
fn received(exchange: &Exchange, header: &str, parameter: &str) -> Option<String> {
    let field = |text: &[u8]| match Form::parse_urlencoded_flat(text).ok()?.get(parameter) {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    };
    exchange
        .request
        .header(header)
        .or_else(|| field(exchange.query.as_bytes()))
        .or_else(|| match payload(&exchange.request)? {
            Payload::Form(text) => field(text.as_bytes()),
            Payload::Empty | Payload::Json(_) => None,
        })
}

/// The body by its content type.
fn payload(message: &Message) -> Option<Payload> {
    let content_type = message.header("content-type");
    let mut request = http::Request::new(bytes::Bytes::copy_from_slice(message.body.kept()));
    let content_type = content_type.unwrap_or_else(|| "application/json".to_owned());
    let value = http::HeaderValue::from_str(&content_type).ok()?;
    request
        .headers_mut()
        .insert(http::header::CONTENT_TYPE, value);
    Payload::of(&request).ok()
}

fn request(shop: &Shop, exchange: &Exchange) -> Result<Request, String> {
    let options = &shop.options.nicechat;
    let mut rules = Rules::new();
    rules.dialect = options.dialect;
    rules.names = options.names.clone();
    rules.query_rule = options.query_rule;
    rules.host = exchange.request.header("host");
    let mut address = exchange.path.clone();
    if !exchange.query.is_empty() {
        address = format!("{address}?{}", exchange.query);
    }
    let (mode, body) = match payload(&exchange.request) {
        Some(Payload::Form(text)) => (Mode::Form(options.dialect), text.into_bytes()),
        Some(Payload::Json(body)) => (Mode::Json, body.to_vec()),
        Some(Payload::Empty) => (Mode::Json, Vec::new()),
        None => return Err("the body cannot be read, whatever its signature".to_owned()),
    };
    let request = Request::new(
        &exchange.method,
        &address,
        Some(mode),
        Input::Body(body),
        &rules,
    );
    request.map_err(|error| error.to_string())
}

fn sha256(text: &[u8]) -> Signature {
    // The hash of a text without separators: all of it may stand in the place of the body.
    let signer = nicechat_sign::Signer::new(nicechat_sign::Credentials::new("", ""));
    signer.sign_body("", text, "")
}

/// The beginning of a text. Bytes that are not UTF-8 are replaced.
fn shown(text: &[u8]) -> String {
    String::from_utf8_lossy(&text[..text.len().min(2 * crate::journal::KEPT)]).into_owned()
}
