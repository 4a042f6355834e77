//! The request to sign, from the arguments.

use common_model::{Value as Json, from_json_bytes};
use nicechat_sign::explain::{self, Input, Request, RequestError, Rules};
use nicechat_sign::{Dialect, Form};
use shopwire::NiceChatConfig;

use super::typed;
use crate::{
    args::{Mode, Sign},
    failure::Failure,
};

/// Reads the request from the arguments, with the rules in the settings.
pub(super) fn read(sign: &Sign, settings: &NiceChatConfig) -> Result<Request, Failure> {
    let input = if let Some(body) = &sign.body {
        Input::Body(body.read_text()?.into_bytes())
    } else if let Some(fields) = &sign.fields {
        Input::Fields(typed_form(fields.read_text()?.as_bytes())?)
    } else {
        Input::Fields(text_form(&sign.field)?)
    };
    let mut rules = Rules::new();
    rules.dialect = settings.dialect;
    rules.names = settings.names.clone();
    rules.query_rule = settings.query_rule;
    rules.host = settings.url.as_ref().map(|url| url.authority().to_owned());
    let method = sign.method.as_deref().unwrap_or_default();
    let address = sign.path.as_deref().unwrap_or_default();
    let request = Request::new(method, address, sign.mode.map(mode), input, &rules);
    request.map_err(|error| match error {
        RequestError::FieldsAsJson => {
            Failure::usage("--mode json signs bytes: give them with --body")
        }
        error => Failure::caused(&error),
    })
}

fn mode(mode: Mode) -> explain::Mode {
    explain::Mode::Form(match mode {
        Mode::Json => return explain::Mode::Json,
        Mode::Php => Dialect::Php,
        Mode::Php81 => Dialect::Php81,
        Mode::Python => Dialect::Python,
        Mode::Prose => Dialect::Prose,
    })
}

fn typed_form(bytes: &[u8]) -> Result<Form, Failure> {
    let json: Json = from_json_bytes(bytes).map_err(|error| refused(&error))?;
    let members = json
        .as_object()
        .ok_or_else(|| Failure::new("--fields: a JSON object is needed"))?;
    typed::form(members.iter()).map_err(|error| refused(&error))
}

fn text_form(fields: &[String]) -> Result<Form, Failure> {
    fields
        .iter()
        .try_fold(Form::new(), |form, field| match field.split_once('=') {
            Some((key, value)) => Ok(form.with(key, value)),
            None => Err(Failure::usage("--field: KEY=VALUE is needed")),
        })
}

fn refused(error: &dyn std::fmt::Display) -> Failure {
    Failure::new(format_args!("the payload cannot be read: {error}"))
}
