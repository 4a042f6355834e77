//! What kind of failure an answer is: by the known texts, then by the status.

use common_transport::ErrorKind;
use http::StatusCode;

use super::envelope::Envelope;

/// The service's texts that say more than the status does, in small letters and without the last period, since
/// both vary (acceptance row RE5).
const TEXTS: &[(&str, ErrorKind)] = &[
    ("\"apikey\" is missing", ErrorKind::Auth),
    ("wrong \"apikey\" value", ErrorKind::Auth),
    ("access denied", ErrorKind::AccessDenied),
    ("account does not exist", ErrorKind::NotFound),
    ("errors in the entity format", ErrorKind::Validation),
    ("errors in the input parameters", ErrorKind::Validation),
    ("invalid input parameters", ErrorKind::Validation),
    ("validation error", ErrorKind::Validation),
    ("not found", ErrorKind::NotFound),
    ("rate limit exceeded", ErrorKind::Throttled),
];

/// Parts of texts that name the object in between.
const PARTS: &[(&str, ErrorKind)] = &[
    ("already exist", ErrorKind::Conflict),
    (" not found", ErrorKind::NotFound),
];

/// The kind of a failed answer; `is_page` says that its body is a web page.
pub(super) fn kind(status: StatusCode, envelope: Option<&Envelope>, is_page: bool) -> ErrorKind {
    if matches!(status.as_u16(), 429 | 503) {
        return ErrorKind::Throttled;
    }
    if let Some(kind) = envelope.and_then(by_text) {
        return kind;
    }
    match status.as_u16() {
        400..500 if is_page => ErrorKind::NotFound,
        400 | 422 => ErrorKind::Validation,
        401 => ErrorKind::Auth,
        403 => ErrorKind::AccessDenied,
        404 => ErrorKind::NotFound,
        409 => ErrorKind::Conflict,
        460 => ErrorKind::Partial,
        _ => ErrorKind::Service,
    }
}

/// The parameter that a text says is missing: `Parameter 'a' is missing`, `Parameter 'a' in 'b' is missing`.
pub(super) fn missing_parameter(message: &str) -> Option<&str> {
    let rest = message.strip_prefix("Parameter '")?;
    let (name, rest) = rest.split_once('\'')?;
    rest.trim_end_matches('.')
        .ends_with("is missing")
        .then_some(name)
}

fn by_text(envelope: &Envelope) -> Option<ErrorKind> {
    if missing_parameter(&envelope.message).is_some() {
        return Some(ErrorKind::Validation);
    }
    let message = normal(&envelope.message);
    let whole = TEXTS.iter().find(|(text, _)| *text == message);
    // A conflict is told in the list, under a message that speaks of the format.
    let texts = || envelope.fields.iter().map(|error| normal(&error.message));
    let part = PARTS.iter().find(|(part, kind)| {
        message.contains(part)
            || (*kind == ErrorKind::Conflict && texts().any(|text| text.contains(part)))
    });
    part.or(whole).map(|(_, kind)| *kind)
}

fn normal(text: &str) -> String {
    text.trim().trim_end_matches('.').to_lowercase()
}
