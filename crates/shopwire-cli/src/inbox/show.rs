//! `inbox show`: an event with its content. Values with names of secrets are masked.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use common_api::form;
use common_model::{Map, Value as Json, to_json};
use shopwire::durable::{Event, EventDetails, EventId, Failure as Failed, Inbox};

use super::{Form, at, line, list, object, or_null, plain};
use crate::{args::InboxShow, call::mask, failure::Failure, output, time::Shown};

const HIDDEN: &str = common_transport::Mask::HIDDEN;

pub(super) async fn run(inbox: &Inbox, args: &InboxShow, form: Form) -> Result<(), Failure> {
    let id = EventId(args.event);
    let found = inbox.event(id).await;
    let found = found.map_err(|error| Failure::of_store(&error))?;
    let details = found
        .ok_or_else(|| Failure::not_found(format_args!("event {id}: there is no such event")))?;
    if args.raw {
        let event = details.event.ok_or_else(|| {
            Failure::not_found(format_args!("event {id}: its content was purged or erased"))
        })?;
        return output::write(&event.body);
    }
    match form.is_json {
        true => output::json_line(&to_json(&json(&details))),
        false => output::line(&readable(&details)),
    }
}

fn json(details: &EventDetails) -> Map<Json> {
    let mut shown = list::summary(&details.summary);
    let content = details.event.as_ref();
    let failures: Vec<Json> = details.failures.iter().map(failure).collect();
    let more = object([
        ("headers", or_null(content, |event| headers(event).into())),
        ("body", or_null(content.and_then(text), Json::from)),
        ("body_base64", or_null(content.and_then(binary), Json::from)),
        ("attempts", Json::from(failures)),
    ]);
    for (name, value) in more {
        shown.insert(name, value);
    }
    shown
}

fn headers(event: &Event) -> Vec<Json> {
    masked_headers(event)
        .map(|(name, value)| Json::from(vec![Json::from(name), Json::from(value)]))
        .collect()
}

fn failure(failed: &Failed) -> Json {
    Json::Object(object([
        ("at", at(failed.at)),
        ("claim", Json::from(i64::from(failed.claim))),
        ("reason", Json::from(&failed.reason)),
    ]))
}

fn readable(details: &EventDetails) -> String {
    let mut shown = list::readable(&details.summary);
    for failed in &details.failures {
        let (at, reason) = (Shown(failed.at), line(&failed.reason));
        shown += &match failed.claim {
            // No worker had it: a person gave this reason.
            0 => format!("\nended at {at}: {reason}"),
            claim => format!("\nfailed at {at}, claim {claim}: {reason}"),
        };
    }
    let Some(event) = &details.event else {
        return shown + "\nits content was purged or erased";
    };
    for (name, value) in masked_headers(event) {
        shown += &format!("\n{}: {}", line(name), line(&value));
    }
    shown += "\n\n";
    match text(event) {
        Some(body) => shown + &plain(&body),
        None => {
            shown
                + &format!(
                    "{} bytes that are no text or may hold secrets; --raw prints them",
                    event.body.len()
                )
        }
    }
}

fn masked_headers(event: &Event) -> impl Iterator<Item = (&str, String)> {
    event.headers.iter().map(|(name, value)| {
        let value = match is_secret(name) || common_api::receive::is_credential(name) {
            true => HIDDEN.to_owned(),
            false => String::from_utf8_lossy(value).into_owned(),
        };
        (name.as_str(), value)
    })
}

/// The body as a text, with values masked whose names are those of secrets. A text without such names is unchanged.
/// `None` for bytes that are no text, and for a multipart form with such a name.
fn text(event: &Event) -> Option<String> {
    let body = std::str::from_utf8(&event.body).ok()?;
    match common_model::from_json_bytes::<Json>(&event.body) {
        Ok(value) if has_secret(&value) => Some(to_json(&masked(value))),
        Ok(_) => Some(body.to_owned()),
        Err(_) if is_secretive_multipart(body) || names_a_secret(body) => None,
        Err(_) => Some(masked_form(body)),
    }
}

/// The body if it is no text. `None` if it may hold a secret, as a form in another encoding does.
fn binary(event: &Event) -> Option<String> {
    std::str::from_utf8(&event.body).err()?;
    let body = String::from_utf8_lossy(&event.body);
    let is_secretive =
        is_secretive_multipart(&body) || names_a_secret(&body) || masked_form(&body) != body;
    (!is_secretive).then(|| STANDARD.encode(&event.body))
}

/// Whether a text that is no JSON as a whole has a member or an element with the name of a secret: JSON that was cut or
/// goes on, or XML.
fn names_a_secret(text: &str) -> bool {
    let begins = text
        .match_indices(['"', '\'', '<'])
        .map(|(at, _)| &text[at + 1..]);
    let mut names = begins.map(|rest| {
        let is_of_a_name = |letter: char| letter.is_alphanumeric() || "_-:".contains(letter);
        rest.split(|letter| !is_of_a_name(letter))
            .next()
            .unwrap_or_default()
    });
    names.any(is_secret)
}

/// Whether a multipart body has a field with the name of a secret.
fn is_secretive_multipart(body: &str) -> bool {
    let lines = body.lines();
    let heads = lines.filter(|line| {
        line.to_ascii_lowercase()
            .starts_with("content-disposition:")
    });
    heads.into_iter().any(|head| {
        let mut names = head.split("name=").skip(1);
        names.any(|rest| {
            is_secret(
                rest.split(['"', ';'])
                    .find(|name| !name.is_empty())
                    .unwrap_or_default(),
            )
        })
    })
}

/// Also the `clientId` of RetailCRM, by which a module knows the account.
fn is_secret(name: &str) -> bool {
    mask::is_secret(name) || name.eq_ignore_ascii_case("clientid")
}

fn has_secret(value: &Json) -> bool {
    match value {
        Json::String(text) => is_secretive(text),
        Json::Array(items) => items.iter().any(has_secret),
        Json::Object(members) => {
            let mut members = members.iter();
            members.any(|(name, value)| is_secret(name) || has_secret(value))
        }
        _ => false,
    }
}

fn masked(value: Json) -> Json {
    match value {
        Json::String(text) if is_secretive(&text) => Json::from(HIDDEN),
        Json::Array(items) => Json::Array(items.into_iter().map(masked).collect()),
        Json::Object(members) => {
            let members = members.into_iter().map(|(name, value)| {
                let value = match is_secret(&name) {
                    true => Json::from(HIDDEN),
                    false => masked(value),
                };
                (name, value)
            });
            Json::Object(members.collect())
        }
        other => other,
    }
}

/// Whether a text holds JSON with a secret.
fn is_secretive(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
        && text.parse::<Json>().is_ok_and(|inner| has_secret(&inner))
}

/// A urlencoded form. The other fields keep their spelling; JSON within a field is masked as a whole value.
fn masked_form(body: &str) -> String {
    let fields = body.split('&').map(|pair| {
        let read = form::fields("application/x-www-form-urlencoded", pair.as_bytes());
        let (name, value) = read
            .and_then(|fields| fields.into_iter().next())
            .unwrap_or_default();
        match pair.split_once('=') {
            Some((raw, _)) if is_secret(&name) || is_secretive(&value) => format!("{raw}={HIDDEN}"),
            _ => pair.to_owned(),
        }
    });
    fields.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    // D16
    #[test]
    fn d16_values_with_names_of_secrets_are_masked() {
        let form = "clientId=hidden&approve=%7B%22paymentId%22%3A1%7D&api_key=hidden&x";
        assert_eq!(
            masked_form(form),
            "clientId=[hidden]&approve=%7B%22paymentId%22%3A1%7D&api_key=[hidden]&x"
        );
        let inner = "register=%7B%22apiKey%22%3A%22hidden%22%7D&a=1";
        assert_eq!(masked_form(inner), "register=[hidden]&a=1");
        let value: Json = r#"{"a":[{"TOKEN":{"x":1}}],"tokens":1.50}"#.parse().expect("JSON");
        assert!(has_secret(&value));
        assert_eq!(
            to_json(&masked(value)),
            r#"{"a":[{"TOKEN":"[hidden]"}],"tokens":1.50}"#
        );
        let inner: Json = r#"{"a":"{\"token\":1}","b":"{"}"#.parse().expect("JSON");
        assert_eq!(to_json(&masked(inner)), r#"{"a":"[hidden]","b":"{"}"#);
        for text in [
            r#"{"token":"hidden"} and more"#,
            r#"{"a":{"api_key": "hid"#,
            "<a><token>hidden</token></a>",
            "<Token x='1'>hidden</Token>",
            "{'secret': 'hidden'}",
        ] {
            assert!(names_a_secret(text), "{text}");
        }
        assert!(!names_a_secret(
            "it's a token, \"tokens\" and <b>token</b>, no \"good token\""
        ));
        assert!(is_secretive(" {\"token\":1}"));
        for name in [
            "\"token\"",
            "token",
            "token; x=y",
            "\"x_apiKey\"; filename=\"a\"",
        ] {
            let head = format!(
                "--B\r\nContent-Disposition: form-data; name={name}\r\n\r\nhidden\r\n--B--"
            );
            assert!(is_secretive_multipart(&head), "{name}");
        }
        let head = "--B\r\ncontent-disposition: form-data; name=\"tokens\"\r\n\r\ntoken\r\n--B--";
        assert!(!is_secretive_multipart(head));
    }
}
