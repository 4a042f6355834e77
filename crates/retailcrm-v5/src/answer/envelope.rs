//! The envelope of a failure: `{"success":false,"errorMsg":"…","errors":…}`.
// R25, RE5

use common_api::answer::{KEPT_BYTES, Reply, fields, is_true, named_status};
use common_model::{Error, Kind, Reader, from_json};
use common_transport::{FieldError, ServiceError, verdict::BodyClaim};

/// Members of an answer that list effects of the call.
const EFFECTS: [&str; 7] = [
    "id",
    "uploadedOrders",
    "uploadedCustomers",
    "uploadedCosts",
    "processedCallsCount",
    "processedOffersCount",
    "processedProductsCount",
];

/// The members of a failure's envelope.
#[derive(Debug, Default)]
pub(super) struct Envelope {
    pub(super) message: String,
    /// The JSON text of `errors`, a list or a map.
    errors: Option<String>,
    pub(super) fields: Vec<FieldError>,
    says_success: bool,
    /// The HTTP status named in a text of the envelope.
    named: Option<u16>,
    /// Whether it lists effects of the call: a part of a batch, or an object by its id.
    pub(super) tells_effects: bool,
}

impl Envelope {
    /// Reads the envelope of an answer. `None` if the text is not a JSON object, or has no member of an envelope.
    pub(super) fn read(reply: &Reply<'_>) -> Option<Self> {
        let names = ["success", "errorMsg", "errors", "code", "status"];
        let [success, message, errors, code, status] = reply.members(names)?;
        let done = reply.members(EFFECTS)?;
        if success.is_none() && message.is_none() && errors.is_none() {
            return None;
        }
        let errors = errors.filter(|errors| errors.len() <= KEPT_BYTES);
        let message = reply.string(message).unwrap_or_default();
        let number = |raw: Option<&str>| raw.and_then(|raw| from_json(raw).ok());
        let told = named_status(&message);
        let broke_down = told.filter(|status| *status >= 500);
        let named = broke_down.or(number(code)).or(number(status)).or(told);
        Some(Self {
            fields: errors.map(fields).unwrap_or_default(),
            errors: errors.map(str::to_owned),
            says_success: success.is_some_and(is_true),
            named: named.filter(|status| matches!(status, 400..=599)),
            message,
            tells_effects: done.into_iter().flatten().any(is_true),
        })
    }

    /// The envelope's claim about the call.
    pub(super) fn claim(&self) -> BodyClaim {
        match self.says_success {
            true => BodyClaim::Success,
            false => BodyClaim::Failure(self.named),
        }
    }

    /// Members that the error shows separately.
    pub(super) fn told(&self) -> Vec<&'static str> {
        let told = [
            Some("success"),
            (!self.message.is_empty()).then_some("errorMsg"),
            self.errors.as_ref().map(|_| "errors"),
        ];
        told.into_iter().flatten().collect()
    }

    /// Converts it to the details of an error, beside the `rest` of the answer. The message is the service's
    /// text, else its first error.
    pub(super) fn into_fault(self, mut rest: ServiceError) -> ServiceError {
        rest.message = match self.message.is_empty() {
            false => Some(self.message),
            true => self.fields.first().map(|error| error.message.clone()),
        };
        rest.errors_json = self.errors;
        rest.fields = self.fields;
        rest
    }
}

/// Whether an answer is the envelope of a failure, whatever its status. `success` decides, [as PHP reads
/// it](is_true); without it, an `errorMsg` or `errors` that are not empty. An object without these members is not a
/// failure.
pub(super) fn says_failure(reply: &Reply<'_>) -> bool {
    if begins_with_success(reply.text()) {
        return false;
    }
    match reply.members(["success", "errorMsg", "errors"]) {
        Some([Some(success), ..]) => !is_true(success),
        Some([None, message, errors]) => {
            message.is_some_and(|raw| says_something(reply, raw)) || errors.is_some_and(is_true)
        }
        // Not JSON: the decoder reports it.
        None => false,
    }
}

/// Whether a message is not empty. A text is a message, not a flag: `No` counts.
fn says_something(reply: &Reply<'_>, raw: &str) -> bool {
    match reply.string(Some(raw)) {
        Some(text) => !text.trim().is_empty(),
        None => is_true(raw),
    }
}

/// Whether an answer is a failure with a reason, so that it cannot be a file.
pub(super) fn is_plain_refusal(reply: &Reply<'_>) -> bool {
    let members = reply.members(["success", "errorMsg"]);
    members.is_some_and(|[success, message]| {
        let is_told = message.is_some_and(|raw| says_something(reply, raw));
        is_told && success.is_some_and(|success| !is_true(success))
    })
}

/// Whether `success` is the first member, is true, and does not occur again. Such an answer is parsed only once. The
/// last member of a name counts, so the rest is searched for the name and for escapes that could spell it.
fn begins_with_success(text: &str) -> bool {
    let mut rest = None;
    let mut reader = Reader::new(text);
    // The walk ends after the first member with an error made here.
    let _ = reader.object(&mut |key, reader| {
        if key == "success" && is_true(reader.raw()?) {
            rest = text.get(reader.offset()..);
        }
        Err(Error::new("enough is read", reader.offset()))
    });
    rest.is_some_and(|rest| !rest.contains("\"success\"") && !rest.contains("\\u00"))
}

/// Whether a text is a JSON object.
pub(super) fn is_object(text: &str) -> bool {
    Reader::new(text)
        .peek()
        .is_ok_and(|kind| kind == Kind::Object)
}
