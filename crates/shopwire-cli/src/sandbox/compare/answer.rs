//! Two answers to the same request.

use common_api::OperationEntry;
use common_model::{Value as Json, from_json_bytes};

use super::{
    described,
    emulation::Answered,
    found::{Difference, Kind},
    ids::Ids,
    shape::Shape,
};
use crate::call::Description;

/// An answer, as far as it is compared.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// Media type and charset, in small letters.
    content_type: String,
    /// The body, if it is JSON.
    json: Option<Json>,
}

/// The operation of the request, and its description.
pub(super) struct Described<'d> {
    pub(super) is_read: bool,
    /// The kind of things that the operation reads or changes: `orders`.
    pub(super) thing: &'d str,
    pub(super) description: &'d Description,
    pub(super) entry: Option<&'static OperationEntry>,
}

impl Answer {
    pub(super) fn new(status: u16, headers: &[(String, String)], body: &[u8]) -> Self {
        let mut headers = headers.iter();
        let content_type = headers.find(|(name, _)| name == "content-type");
        let content_type = content_type.map(|(_, value)| {
            let parts = value.split(';').map(|part| part.trim().to_lowercase());
            parts.collect::<Vec<_>>().join("; ")
        });
        Self {
            status,
            content_type: content_type.unwrap_or_default(),
            json: from_json_bytes(body).ok(),
        }
    }

    /// Whether it is a success, by status and by the flag of the service's envelope.
    pub(super) fn is_success(&self) -> bool {
        let flag = |name: &str| self.json.as_ref()?.get(name)?.as_bool();
        let status = self.json.as_ref().and_then(|json| json.get("status"));
        let is_error = status.and_then(Json::as_str) == Some("error");
        let says_no = flag("success") == Some(false) || flag("RESULT") == Some(false);
        self.status < 400 && !says_no && !is_error
    }

    /// The answer in a few words.
    fn shown(&self) -> String {
        let kind = match self.is_success() {
            true => "success",
            false => "failure",
        };
        let texts = ["errorMsg", "ERROR", "description"].into_iter();
        let mut texts = texts.filter_map(|name| self.json.as_ref()?.get(name)?.as_str());
        match texts.next().filter(|_| !self.is_success()) {
            Some(text) => format!("{kind} with {}: {text}", self.status),
            None => format!("{kind} with {}", self.status),
        }
    }
}

/// Lists the differences, and learns the ids of two successes.
pub(super) fn compare(
    recorded: &Answer,
    answered: &Answered,
    described: &Described<'_>,
    ids: &mut Ids,
) -> Vec<Difference> {
    let sandbox = &answered.answer;
    let is_success = recorded.is_success();
    let schema = described
        .entry
        .and_then(|entry| described.description.answer_with(entry, recorded.status));
    let schema = schema.filter(|_| is_success);
    if is_success != sandbox.is_success() {
        let mut found = vec![outcome(recorded, answered)];
        if let (Some(schema), Some(json)) = (schema, &recorded.json) {
            found.append(&mut described::check(schema, "", json));
        }
        return found;
    }
    let mut found = Vec::new();
    let mut differ = |kind, recorded: String, sandbox: String| {
        if recorded != sandbox {
            found.push(Difference {
                kind,
                at: String::new(),
                recorded,
                sandbox,
                needs_state: false,
            });
        }
    };
    let number = |answer: &Answer| answer.status.to_string();
    differ(Kind::Status, number(recorded), number(sandbox));
    let media = |answer: &Answer| answer.content_type.clone();
    differ(Kind::ContentType, media(recorded), media(sandbox));
    match (&recorded.json, &sandbox.json) {
        (Some(one), Some(other)) => {
            if is_success {
                ids.learn(described.thing, one, other, !described.is_read);
            }
            let mut shape = Shape::new(ids, described.thing, !is_success);
            shape.compare(schema, one, other);
            found.append(&mut shape.found);
        }
        (one, other) => {
            let shown = |json: &Option<Json>| match json {
                Some(_) => "JSON".to_owned(),
                None => "no JSON".to_owned(),
            };
            differ(Kind::Body, shown(one), shown(other));
        }
    }
    found
}

/// The difference of a success and a failure.
fn outcome(recorded: &Answer, answered: &Answered) -> Difference {
    // Where the account refuses for what it holds, or the sandbox for what it does not hold, data may be the reason.
    let needs_state = match recorded.is_success() {
        true => answered.lacks_data,
        false => matches!(recorded.status, 404 | 409 | 412),
    };
    let mut sandbox = answered.answer.shown();
    if !answered.reasons.is_empty() {
        sandbox += &format!(" ({})", answered.reasons.join("; "));
    }
    Difference {
        kind: Kind::Outcome,
        at: String::new(),
        recorded: recorded.shown(),
        sandbox,
        needs_state,
    }
}
