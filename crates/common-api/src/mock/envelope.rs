//! Parameters attached to requests, and answers in an envelope: the part of API crates in a mock.

use bytes::Bytes;
use common_model::{Encode, Map, Model, Reader, Value, Writer, to_json, write_object};
use http::{HeaderValue, Request, Response, StatusCode, header::CONTENT_TYPE};

/// The parameters of an operation, as the JSON text of one object, in the extensions of its request.
#[derive(Clone)]
pub(super) struct Params(pub(super) Bytes);

/// Attaches the parameters of an operation to its request. [`WireFormat`](crate::WireFormat) does so when the feature
/// `mock` is on, since a request does not always tell a number from a text, and conditions of a mock are about the
/// operation.
pub fn attach_params(request: &mut Request<Bytes>, params: &dyn Model) {
    let mut json = Writer::new();
    write_object(params, &mut json);
    let params = Params(json.into_string().into());
    request.extensions_mut().insert(params);
}

/// Writes an output as a JSON answer. `envelope` has the members by which the service says success, as names and JSON
/// texts; those that the output has already stay as they are.
pub fn json_answer(output: &dyn Encode, envelope: &[(&str, &str)]) -> Response<Bytes> {
    let json = with_members(to_json(output), envelope);
    let mut response = Response::new(Bytes::from(json));
    let json = HeaderValue::from_static("application/json;charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}

/// Writes a refusal with this status as a JSON answer of these members, given as names and JSON texts.
pub fn json_refusal(status: StatusCode, members: &[(&str, &str)]) -> Response<Bytes> {
    let mut response = json_answer(&Map::<Value>::new(), members);
    *response.status_mut() = status;
    response
}

/// Puts the missing members first. A text that is no object stays as it is.
fn with_members(json: String, envelope: &[(&str, &str)]) -> String {
    let mut names = Vec::new();
    let mut reader = Reader::new(&json);
    let read = reader.object(&mut |name, reader| {
        names.push(name.to_owned());
        reader.raw().map(drop)
    });
    let Some(rest) = json.strip_prefix('{').filter(|_| read.is_ok()) else {
        return json;
    };
    let is_missing = |(name, _): &&(&str, &str)| !names.iter().any(|known| known == name);
    let missing = envelope.iter().filter(is_missing);
    let members: Vec<String> = missing
        .map(|(name, value)| format!("{}:{value}", to_json(*name)))
        .collect();
    match members.is_empty() {
        true => json,
        false if names.is_empty() => format!("{{{}{rest}", members.join(",")),
        false => format!("{{{},{rest}", members.join(",")),
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::{json_refusal, with_members};

    #[test]
    fn c4_the_envelope_adds_what_the_output_does_not_say() {
        let envelope = [("success", "true"), ("code", "1")];
        for (json, whole) in [
            ("{}", r#"{"success":true,"code":1}"#),
            (
                r#"{"order":{"success":false}}"#,
                r#"{"success":true,"code":1,"order":{"success":false}}"#,
            ),
            (r#"{"success":false}"#, r#"{"code":1,"success":false}"#),
            (r#"{"success":1,"code":2}"#, r#"{"success":1,"code":2}"#),
            ("[1]", "[1]"),
        ] {
            assert_eq!(with_members(json.to_owned(), &envelope), whole);
        }
    }

    #[test]
    fn c4_a_refusal_has_its_members_and_its_status() {
        let members = [("success", "false"), ("message", r#""no""#)];
        let response = json_refusal(StatusCode::NOT_FOUND, &members);
        assert_eq!(response.status(), 404);
        assert_eq!(response.body(), r#"{"success":false,"message":"no"}"#);
    }
}
