use std::borrow::Cow;

use common_model::{Error as ModelError, Extra, ObjectWriter, Reader};
use common_transport::{Idempotency, Param, Place};
use http::Method;

use super::*;
use crate::answer::Reply;

static LOGIN: Metadata = Metadata::new(
    "sample",
    "users.login",
    Method::POST,
    "/login",
    Idempotency::NonIdempotent,
)
.params(&[Param::required("password", Place::Body)]);

/// Parameters and answer in one.
#[derive(Clone, Default, PartialEq)]
struct Login {
    password: Option<String>,
    extra: Extra,
}

impl Model for Login {
    fn read_field(&mut self, key: &str, reader: &mut Reader<'_>) -> Result<bool, ModelError> {
        match key {
            "password" => reader.field("password", &mut self.password, &mut self.extra),
            _ => Ok(false),
        }
    }

    fn write_fields(&self, object: &mut ObjectWriter<'_>) {
        object.field("password", &self.password, &self.extra);
    }

    fn extra(&self) -> &Extra {
        &self.extra
    }

    fn extra_mut(&mut self) -> &mut Extra {
        &mut self.extra
    }
}

common_model::model!(Login);

struct Demo;

impl WireFormat for Demo {
    fn build(_: &'static Metadata, params: &dyn Model) -> Result<Request<Bytes>, Error> {
        let mut out = Writer::new();
        write_object(params, &mut out);
        Ok(Request::new(out.into_string().into()))
    }

    fn success<'r>(_: &'static Metadata, reply: Reply<'r>) -> Result<Cow<'r, str>, Error> {
        reply.into_text()
    }
}

static JSON: OperationEntry = OperationEntry::json::<Demo>(&LOGIN, Login::boxed, Login::boxed);

static BINARY: OperationEntry = OperationEntry::new(
    &LOGIN,
    ReadParams::of::<Demo>(Login::boxed),
    ReadOutput::Other(|_, response| {
        Ok(AnyOutput::Binary {
            bytes: response.into_body(),
            filename: None,
        })
    }),
);

fn operation(entry: &OperationEntry) -> AnyOperation {
    entry.operation(r#"{"password":"S3CRET"}"#).unwrap()
}

#[test]
fn a_row_makes_an_operation_and_reads_its_answer() {
    let operation = operation(&JSON);
    assert_eq!(operation.metadata().name, "users.login");
    assert_eq!(
        operation.request().unwrap().body(),
        r#"{"password":"S3CRET"}"#
    );
    let answer = operation.decode(Response::new(r#"{ "password": 5, "more": [1.50] }"#.into()));
    let json = r#"{"password":5,"more":[1.50]}"#.to_owned();
    assert_eq!(answer.unwrap(), AnyOutput::Json(json));
    let error = operation.decode(Response::new("[".into())).unwrap_err();
    assert!(error.is_decode(), "{error}");
}

#[test]
fn what_is_no_model_goes_its_own_way() {
    let answer = operation(&BINARY).decode(Response::new("%PDF".into()));
    let bytes = AnyOutput::Binary {
        bytes: "%PDF".into(),
        filename: None,
    };
    assert_eq!(answer.unwrap(), bytes);
}

#[test]
fn parameters_are_checked_by_name_then_by_type() {
    for (json, field) in [
        ("{}", Some("password")),
        (r#"{"password":"a","passwort":"b"}"#, Some("passwort")),
        (r#"{"password":{}}"#, Some("password")),
        ("[", Some("params")),
        (r#"{"password":"a"} {}"#, Some("params")),
    ] {
        let error = JSON.operation(json).unwrap_err();
        assert!(error.is_invalid_input(), "{json}: {error}");
        assert_eq!(error.field(), field, "{json}");
    }
}

// X7
#[test]
fn x7_debug_shows_the_name_and_no_parameter() {
    let shown = format!("{:?} {:?}", operation(&JSON), JSON);
    assert!(shown.contains("AnyOperation(\"users.login\")"), "{shown}");
    assert!(!shown.contains("S3CRET"), "{shown}");
}
