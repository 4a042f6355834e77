//! The meaning of a request: the parts by which a recorded answer is found.
//!
//! The order of parameters and members does not count, nor do headers. Where the recording has
//! [`Mask::HIDDEN`], any text is equal.

use common_api::{
    cassette::{Exchange, hides},
    form,
};
use common_model::{Value as Json, from_json, from_json_bytes};
use common_transport::Mask;
use http::{HeaderMap, Request, header::CONTENT_TYPE};

use super::super::operation::RPC;

/// The meaning of a request.
#[derive(Debug)]
pub(super) struct Meaning {
    pub(super) method: String,
    /// The method of an RPC.
    pub(super) rpc: String,
    pub(super) path: String,
    pub(super) query: Fields,
    pub(super) body: Body,
}

/// Parameters by name, without those that recordings hide.
type Fields = Vec<(String, Text)>;

#[derive(Debug)]
pub(super) enum Body {
    Json(Json),
    Form(Fields),
    Bytes(Vec<u8>),
}

/// The value of a parameter, which may be JSON itself.
#[derive(Debug)]
pub(super) enum Text {
    Json(Json),
    Plain(String),
}

impl Meaning {
    pub(super) fn recorded(exchange: &Exchange) -> Self {
        let header = |name: &str| {
            let mut headers = exchange.headers().iter();
            let found = headers.find(|(known, _)| known.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.as_str())
        };
        Self::new(
            exchange.method(),
            exchange.target(),
            header,
            exchange.body(),
        )
    }

    pub(super) fn asked<B: AsRef<[u8]>>(request: &Request<B>) -> Self {
        let headers: &HeaderMap = request.headers();
        let header = |name: &str| headers.get(name)?.to_str().ok();
        let target = request.uri().path_and_query();
        let target = target.map_or("/", |target| target.as_str());
        let body = request.body().as_ref();
        Self::new(request.method().as_str(), target, header, body)
    }

    fn new<'h>(
        method: &str,
        target: &str,
        header: impl Fn(&str) -> Option<&'h str>,
        body: &[u8],
    ) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let query = form::fields("application/x-www-form-urlencoded", query.as_bytes());
        Self {
            method: method.to_owned(),
            rpc: header(RPC).unwrap_or_default().to_owned(),
            path: self::path(path),
            query: fields(query.unwrap_or_default()),
            body: Body::new(header(CONTENT_TYPE.as_str()), body),
        }
    }

    /// Whether the answer to this recorded request is the answer to that one.
    pub(super) fn covers(&self, asked: &Self) -> bool {
        self.difference(asked).is_none()
    }

    /// The first part that differs.
    pub(super) fn difference(&self, asked: &Self) -> Option<&'static str> {
        [
            ("method", self.method == asked.method),
            ("method of the RPC", self.rpc == asked.rpc),
            ("path", fits(&self.path, &asked.path)),
            ("query", fields_fit(&self.query, &asked.query)),
            ("body", self.body.fits(&asked.body)),
        ]
        .into_iter()
        .find_map(|(part, fits)| (!fits).then_some(part))
    }
}

impl Body {
    fn new(content_type: Option<&str>, body: &[u8]) -> Self {
        if let Some(read) = content_type.and_then(|of| form::fields(of, body)) {
            return Self::Form(fields(read));
        }
        match from_json_bytes(body) {
            Ok(json) => Self::Json(json),
            Err(_) => Self::Bytes(body.to_vec()),
        }
    }

    fn fits(&self, asked: &Self) -> bool {
        match (self, asked) {
            (Self::Json(one), Self::Json(other)) => json_fits(one, other),
            (Self::Form(one), Self::Form(other)) => fields_fit(one, other),
            (Self::Bytes(one), Self::Bytes(other)) if one == other => true,
            // The whole body was hidden, as a compressed one is.
            (Self::Bytes(one), _) if one == Mask::HIDDEN.as_bytes() => true,
            // A hidden number leaves a text that is no JSON.
            (Self::Bytes(one), other) => match (str::from_utf8(one), other.text()) {
                (Ok(one), Some(other)) => fits(one, &other),
                _ => false,
            },
            _ => false,
        }
    }

    /// The text, as far as it is text and not a form.
    pub(super) fn text(&self) -> Option<String> {
        match self {
            Self::Json(json) => Some(json.to_string()),
            Self::Form(_) => None,
            Self::Bytes(bytes) => String::from_utf8(bytes.clone()).ok(),
        }
    }
}

/// A path in one spelling: `%d1`, `%D1` and the bare byte mean the same, and so do `%7E` and `~`.
fn path(spelt: &str) -> String {
    let mut path = String::with_capacity(spelt.len());
    let mut rest = spelt.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escaped = (*first == b'%')
            .then(|| after.split_at_checked(2))
            .flatten();
        let escaped = escaped.and_then(|(digits, after)| {
            let is_hex = digits.iter().all(u8::is_ascii_hexdigit);
            let digits = str::from_utf8(digits).ok().filter(|_| is_hex)?;
            Some((u8::from_str_radix(digits, 16).ok()?, after))
        });
        match escaped {
            // The brackets are those of `Mask::HIDDEN`.
            Some((byte, _)) if byte.is_ascii_alphanumeric() || b"-._~[]".contains(&byte) => {
                path.push(char::from(byte));
            }
            Some((byte, _)) => path += &format!("%{byte:02X}"),
            None if first.is_ascii() => path.push(char::from(*first)),
            None => path += &format!("%{first:02X}"),
        }
        rest = escaped.map_or(after, |(_, after)| after);
    }
    path
}

/// In the order of their names; fields of the same name keep theirs.
fn fields(read: Vec<(String, String)>) -> Fields {
    let kept = read.into_iter().filter(|(name, _)| !hides(name));
    let mut fields: Fields = kept
        .map(|(name, value)| {
            let json = value.starts_with(['{', '[']).then(|| from_json(&value));
            let text = match json {
                Some(Ok(json)) => Text::Json(json),
                _ => Text::Plain(value),
            };
            (name, text)
        })
        .collect();
    fields.sort_by(|(one, _), (other, _)| one.cmp(other));
    fields
}

fn fields_fit(recorded: &Fields, asked: &Fields) -> bool {
    recorded.len() == asked.len()
        && recorded
            .iter()
            .zip(asked)
            .all(|((name, one), (known, other))| {
                name == known
                    && match (one, other) {
                        (Text::Json(one), Text::Json(other)) => json_fits(one, other),
                        (Text::Plain(one), Text::Plain(other)) => fits(one, other),
                        (Text::Plain(one), Text::Json(other)) => fits(one, &other.to_string()),
                        (Text::Json(_), Text::Plain(_)) => false,
                    }
            })
}

fn json_fits(recorded: &Json, asked: &Json) -> bool {
    match (recorded, asked) {
        (Json::String(one), Json::String(other)) => fits(one, other),
        (Json::String(one), _) => one == Mask::HIDDEN,
        (Json::Array(one), Json::Array(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|(one, other)| json_fits(one, other))
        }
        (Json::Object(one), Json::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, one)| {
                    let other = other.get(name);
                    other.is_some_and(|other| json_fits(one, other))
                })
        }
        (Json::Number(one), Json::Number(other)) => {
            let decimals = one.as_decimal().zip(other.as_decimal());
            one == other || decimals.is_some_and(|(one, other)| one == other)
        }
        (one, other) => one == other,
    }
}

/// Whether a text is the recorded one, where each hidden part may be any text.
pub(super) fn fits(recorded: &str, asked: &str) -> bool {
    let mut parts = recorded.split(Mask::HIDDEN);
    // There is always a first part.
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = asked.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests;
