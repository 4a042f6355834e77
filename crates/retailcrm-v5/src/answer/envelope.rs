//! `{"success":false,"errorMsg":"…","errors":…}` (acceptance rows R25, RE5).

use common_api::answer::{KEPT_BYTES, Reply, fields, is_true, named_status};
use common_model::{Error, Kind, Reader, from_json};
use common_transport::{Fault, FieldError, verdict::Claim};

/// What the service says of a failure.
#[derive(Debug, Default)]
pub(super) struct Envelope {
    pub(super) message: String,
    /// The JSON text of `errors`, a list or a map.
    errors: Option<String>,
    pub(super) fields: Vec<FieldError>,
    says_success: bool,
    /// A status of HTTP that stands in it.
    named: Option<u16>,
}

impl Envelope {
    /// Reads it from an answer; none when its text is no JSON object, or one without any of the members that make it an
    /// envelope.
    pub(super) fn read(reply: &Reply<'_>) -> Option<Self> {
        let names = ["success", "errorMsg", "errors", "code", "status"];
        let [success, message, errors, code, status] = reply.members(names)?;
        if success.is_none() && message.is_none() && errors.is_none() {
            return None;
        }
        let errors = errors.filter(|errors| errors.len() <= KEPT_BYTES);
        let message = reply.string(message).unwrap_or_default();
        let number = |raw: Option<&str>| raw.and_then(|raw| from_json(raw).ok());
        let named = number(code).or(number(status)).or(named_status(&message));
        Some(Self {
            fields: errors.map(fields).unwrap_or_default(),
            errors: errors.map(str::to_owned),
            says_success: success.is_some_and(is_true),
            named: named.filter(|status| matches!(status, 400..=599)),
            message,
        })
    }

    /// What it claims of the call.
    pub(super) fn claim(&self) -> Claim {
        match self.says_success {
            true => Claim::Success,
            false => Claim::Failure(self.named),
        }
    }

    /// The members that the error tells on its own.
    pub(super) fn told(&self) -> Vec<&'static str> {
        let told = [
            ("success", true),
            ("errorMsg", !self.message.is_empty()),
            ("errors", self.errors.is_some()),
        ];
        let told = told.into_iter().filter(|(_, is_told)| *is_told);
        told.map(|(name, _)| name).collect()
    }

    /// As the error keeps it, beside the `rest` of the answer: the service's text, else the first of its errors.
    pub(super) fn into_fault(self, mut rest: Fault) -> Fault {
        rest.message = match self.message.is_empty() {
            false => Some(self.message),
            true => self.fields.first().map(|error| error.message.clone()),
        };
        rest.errors_json = self.errors;
        rest.fields = self.fields;
        rest
    }
}

/// Whether an answer is an envelope that says failure, whatever the status says: by `success` [as PHP reads
/// it](is_true), else by an `errorMsg` without it. An object with neither is no failure.
pub(super) fn says_failure(reply: &Reply<'_>) -> bool {
    if begins_with_success(reply.text()) {
        return false;
    }
    match reply.members(["success", "errorMsg"]) {
        Some([Some(success), _]) => !is_true(success),
        Some([None, message]) => message.is_some_and(is_true),
        // No JSON: the decoder says so.
        None => false,
    }
}

/// Whether `success` stands first, says yes, and is not taken back further on: then nothing is parsed twice. The last
/// one of a name counts, so the rest is searched for the name, and for the escapes that could spell it.
fn begins_with_success(text: &str) -> bool {
    let mut rest = None;
    let mut reader = Reader::new(text);
    // The walk ends after the first member, by an error of its own.
    let _ = reader.object(&mut |key, reader| {
        if key == "success" && is_true(reader.raw()?) {
            rest = text.get(reader.offset()..);
        }
        Err(Error::new("enough is read", reader.offset()))
    });
    rest.is_some_and(|rest| !rest.contains("\"success\"") && !rest.contains("\\u00"))
}

/// Whether a text is a JSON object at all.
pub(super) fn is_object(text: &str) -> bool {
    Reader::new(text)
        .peek()
        .is_ok_and(|kind| kind == Kind::Object)
}
