//! The kind of a failure by its known texts. With other texts the status decides.

use common_transport::{ErrorKind, verdict::Verdict};

use super::envelope::Envelope;

/// Texts of the service that are more precise than the status, in lower case and without the last period,
/// since both vary.
// RE5
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

/// Parts of texts with the name of an object between them.
const PARTS: &[(&str, ErrorKind)] = &[
    ("already exist", ErrorKind::Conflict),
    (" not found", ErrorKind::NotFound),
];

/// The missing parameter named in a text: `Parameter 'a' is missing`, `Parameter 'a' in 'b' is missing`.
pub(super) fn missing_parameter(message: &str) -> Option<&str> {
    let rest = message.strip_prefix("Parameter '")?;
    let (name, rest) = rest.split_once('\'')?;
    rest.trim_end_matches('.')
        .ends_with("is missing")
        .then_some(name)
}

/// The kind by a known text in the envelope, if there is one.
pub(super) fn by_text(envelope: &Envelope) -> Option<ErrorKind> {
    if missing_parameter(&envelope.message).is_some() {
        return Some(ErrorKind::Validation);
    }
    let message = normal(&envelope.message);
    let whole = TEXTS.iter().find(|(text, _)| *text == message);
    // The list of errors tells a conflict, under a general message about the format.
    let texts = || envelope.fields.iter().map(|error| normal(&error.message));
    let part = PARTS.iter().find(|(part, kind)| {
        message.contains(part)
            || (*kind == ErrorKind::Conflict && texts().any(|text| text.contains(part)))
    });
    part.or(whole).map(|(_, kind)| *kind)
}

/// Whether a kind from a text may replace the kind by the status. It may for a refusal, but not for a call
/// that may have been processed. For a refused key, only another kind of access error may.
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
