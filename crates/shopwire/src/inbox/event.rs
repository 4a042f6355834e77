//! From a delivery to an event of the inbox.

use bytes::Bytes;
use common_api::{
    form,
    receive::{Delivery, Received},
};
use common_durable::{Key, NewEvent, Token};
use common_model::Value;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header::CONTENT_TYPE};

use super::personal;

/// Maximum number of keys by which one event can be erased, besides its key of order. More are left out.
pub const MOST_ERASURE_KEYS: usize = 64;

/// Longest id and subject in bytes, as in the default limits of a store. Longer ones cannot be stored; the event is
/// stored without them.
const MOST_TEXT: usize = 900;

/// Longest names and values of all headers in bytes, as in the default limits of a store. Headers that do not fit are
/// left out: no event is lost for what a proxy adds to it.
const MOST_HEADERS: usize = 64 << 10;

/// Ends of names of parameters that hold a secret, in lower case and without `_` and `-`.
const SECRETS: [&str; 6] = [
    "token",
    "apikey",
    "apisecret",
    "secret",
    "password",
    "authorization",
];

/// Makes an event of a delivery.
pub(super) fn of<E>(received: &Received<E>) -> NewEvent {
    let (source, delivery) = (&*received.source, &received.delivery);
    let mut event = NewEvent::new(source, delivery.body.clone());
    // A commit that is tried again removes its own repeat by this id.
    event.receipt = Token::from_bytes(delivery.id.to_bytes());
    event.event_id = received.event_id.clone().filter(|id| is_storable(id));
    event.key = Some(order(source, received.subject.as_deref()));
    event.erasure_keys = personal_keys(received);
    let own = own_headers(delivery);
    let size = own
        .iter()
        .map(|(name, value)| name.len() + value.len())
        .sum();
    for (name, value) in fitting(&delivery.headers, size) {
        event = event.header(name.as_str(), Bytes::copy_from_slice(value.as_bytes()));
    }
    own.into_iter()
        .fold(event, |event, (name, value)| event.header(name, value))
}

/// The method and the query, as headers.
fn own_headers(delivery: &Delivery) -> Vec<(&'static str, String)> {
    let method = (delivery.method != Method::POST).then(|| delivery.method.to_string());
    let query = delivery.query.as_deref().map(masked);
    let named = [(":method", method), (":query", query)];
    let named = named.into_iter();
    named
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
}

/// The headers that fit into an event beside others of this size, in their order. The content type goes before others.
fn fitting(
    headers: &HeaderMap,
    beside: usize,
) -> impl Iterator<Item = (&HeaderName, &HeaderValue)> {
    let size = |name: &HeaderName, value: &HeaderValue| name.as_str().len() + value.len();
    let mut for_all = MOST_HEADERS.saturating_sub(beside);
    let types = headers.get_all(CONTENT_TYPE).into_iter();
    let types: usize = types.map(|value| size(&CONTENT_TYPE, value)).sum();
    let mut for_others = for_all.saturating_sub(types);
    headers.iter().filter(move |(name, value)| {
        let left = match **name == CONTENT_TYPE {
            true => &mut for_all,
            false => &mut for_others,
        };
        let rest = left.checked_sub(size(name, value));
        *left = rest.unwrap_or(*left);
        rest.is_some()
    })
}

/// The key of order: the subject, or the source. The source is part of it, so that the same number at two services is
/// two keys.
fn order(source: &str, subject: Option<&str>) -> Key {
    match subject.filter(|subject| is_storable(subject)) {
        Some(subject) => Key::new(format!("{source}/{subject}")),
        None => Key::new(source),
    }
}

fn is_storable(text: &str) -> bool {
    text.len() <= MOST_TEXT && !text.contains('\0')
}

/// The e-mail addresses and phones of body and query.
fn personal_keys<E>(received: &Received<E>) -> Vec<Key> {
    let delivery = &received.delivery;
    let mut found = personal::Found::new(MOST_ERASURE_KEYS);
    match form::value(delivery.content_type(), &delivery.body) {
        Some(value) => leaves(&value, &mut found),
        // A text, or a form that does not say so.
        None => {
            found.text(&String::from_utf8_lossy(&delivery.body));
            encoded(&delivery.body, &mut found);
        }
    }
    if let Some(query) = &delivery.query {
        encoded(query.as_bytes(), &mut found);
    }
    found.keys()
}

fn encoded(form: &[u8], found: &mut personal::Found) {
    for (_, text) in form_urlencoded::parse(form) {
        leaf(&text, found);
    }
}

fn leaves(value: &Value, found: &mut personal::Found) {
    match value {
        Value::String(text) => leaf(text, found),
        Value::Number(number) => found.text(&number.to_string()),
        Value::Array(items) => items.iter().for_each(|item| leaves(item, found)),
        Value::Object(members) => members.iter().for_each(|(_, value)| leaves(value, found)),
        _ => {}
    }
}

/// A text may be JSON itself, as in the forms of RetailCRM.
fn leaf(text: &str, found: &mut personal::Found) {
    match text
        .trim_start()
        .starts_with(['{', '['])
        .then(|| text.parse::<Value>())
    {
        Some(Ok(inner)) => leaves(&inner, found),
        _ => found.text(text),
    }
}

/// A query whose parameters with names of secrets are masked. Without one it is unchanged.
fn masked(query: &str) -> String {
    let is_secret = |pair: &str| {
        form_urlencoded::parse(pair.as_bytes())
            .next()
            .is_some_and(|(name, _)| {
                // Also `data[api_key]`.
                let name: String = name
                    .chars()
                    .filter(|letter| letter.is_alphanumeric())
                    .collect();
                let name = name.to_lowercase();
                SECRETS.iter().any(|end| name.ends_with(end))
            })
    };
    let pairs = query.split('&').map(|pair| match pair.split_once('=') {
        Some((name, _)) if is_secret(pair) => format!("{name}=***"),
        _ => pair.to_owned(),
    });
    pairs.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    // D2
    #[test]
    fn d2_secrets_of_a_query_are_masked() {
        for (query, kept) in [
            ("", ""),
            ("a=1&b", "a=1&b"),
            ("author=x&token=y&z=1", "author=x&token=***&z=1"),
            (
                "API_KEY=y%20z&api%2Dsecret=1",
                "API_KEY=***&api%2Dsecret=***",
            ),
            ("x[token]=y&token%20=y", "x[token]=***&token%20=***"),
            ("secret", "secret"),
        ] {
            assert_eq!(masked(query), kept);
        }
    }

    // D6: also of a text that holds JSON, as deep as it may be.
    #[test]
    fn d6_personal_data_is_found_in_every_text() {
        let mut found = personal::Found::new(9);
        let value = r#"{"create":"{\"customer\":[{\"email\":\"A@x.example\"}]}","p":79001234567,"n":[null,true]}"#;
        leaves(&value.parse().unwrap(), &mut found);
        let expected = ["a@x.example", "+7 900 123-45-67"].map(super::super::erasure_key);
        assert_eq!(found.keys(), expected);
    }
}
