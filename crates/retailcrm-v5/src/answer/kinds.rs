//! What kind of failure the known texts tell. Where there is none, the status does.

use common_transport::{ErrorKind, Verdict};

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

/// The parameter that a text says is missing: `Parameter 'a' is missing`, `Parameter 'a' in 'b' is missing`.
pub(super) fn missing_parameter(message: &str) -> Option<&str> {
    let rest = message.strip_prefix("Parameter '")?;
    let (name, rest) = rest.split_once('\'')?;
    rest.trim_end_matches('.')
        .ends_with("is missing")
        .then_some(name)
}

/// The kind that the known texts tell, where one stands in the envelope.
pub(super) fn by_text(envelope: &Envelope) -> Option<ErrorKind> {
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

/// Whether a text may say more than the status has said. It may of a refusal; a call that may have landed was not
/// refused, whatever its text speaks of. Of a refused key only another reason of access is believed.
pub(super) fn refines(verdict: Verdict, kind: ErrorKind) -> bool {
    let is_of_access = matches!(kind, ErrorKind::Auth | ErrorKind::AccessDenied);
    !verdict.may_have_landed
        && match verdict.kind {
            ErrorKind::Service | ErrorKind::Validation | ErrorKind::NotFound => true,
            ErrorKind::Auth | ErrorKind::AccessDenied => is_of_access,
            _ => false,
        }
}

fn normal(text: &str) -> String {
    text.trim().trim_end_matches('.').to_lowercase()
}
