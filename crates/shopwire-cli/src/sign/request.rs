//! The request whose signature is asked for.

use common_model::{Value as Json, from_json_bytes};
use nicechat_sign::{Credentials, Dialect, Form, Names, QueryRule, Signature, Signer};
use shopwire::NiceChat;

use super::{fields::Fields, typed};
use crate::{
    args::{Mode, Sign},
    failure::Failure,
};

/// What is signed, apart from the secret.
#[derive(Debug)]
pub(super) struct Request {
    /// Upper case.
    pub(super) method: String,
    /// What the path was given as: perhaps a whole URL.
    pub(super) address: String,
    /// From the host's root, without query.
    pub(super) path: String,
    pub(super) payload: Payload,
    /// The names of fields that were left out since they are not signed: key and signature (N18).
    pub(super) left_out: Vec<String>,
    /// Under which key and signature travel.
    pub(super) names: Names,
}

/// What is between path and method.
#[derive(Debug)]
pub(super) enum Payload {
    /// Bytes as they are sent: JSON, or nothing.
    Raw(Vec<u8>),
    /// A form and how it is canonicalised.
    Form(Fields, Dialect),
}

impl Request {
    /// The request that the arguments describe, signed by the rules of the settings.
    pub(super) fn read(sign: &Sign, settings: &NiceChat) -> Result<Self, Failure> {
        let address = sign.path.clone().unwrap_or_default();
        let method = sign.method.as_deref().unwrap_or_default();
        let mode = sign.mode.map_or(Some(settings.dialect), dialect);
        let mut request = Self {
            method: method.to_ascii_uppercase(),
            path: path_of(&address).to_owned(),
            address,
            payload: payload(sign, mode)?,
            left_out: Vec::new(),
            names: settings.names.clone(),
        };
        if let Payload::Form(fields, dialect) = &mut request.payload {
            request.left_out = fields.leave_out_signature(&settings.names);
            fields.of(*dialect).map_err(|error| refused(&error))?;
        }
        if settings.query_rule == QueryRule::Signed
            && let Some(fields) = request.query()
        {
            request.payload = Payload::Form(fields, mode.unwrap_or(settings.dialect));
        }
        Ok(request)
    }

    /// The parameters of a GET without a body, which some servers take for one (N27).
    pub(super) fn query(&self) -> Option<Fields> {
        let is_empty = match &self.payload {
            Payload::Raw(bytes) => bytes.is_empty(),
            Payload::Form(fields, _) => fields.is_empty(),
        };
        let (_, query) = self.address.split_once('?')?;
        let query = query.split('#').next().unwrap_or_default();
        let mut fields = Fields::received(query.as_bytes());
        fields.leave_out_signature(&self.names);
        (is_empty && self.method == "GET" && !fields.is_empty()).then_some(fields)
    }

    /// The canonical text of the payload.
    pub(super) fn canonical(&self) -> Result<Vec<u8>, nicechat_sign::Error> {
        match &self.payload {
            Payload::Raw(bytes) => Ok(bytes.clone()),
            Payload::Form(fields, dialect) => fields.canonical(*dialect).map(String::into_bytes),
        }
    }
}

/// The signature of these four parts.
pub(super) fn signature(secret: &str, path: &str, body: &[u8], method: &str) -> Signature {
    Signer::new(Credentials::new("", secret)).sign_body(path, body, method)
}

/// The path of a URL, or of a path with a query.
fn path_of(address: &str) -> &str {
    let rest = match address.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |slash| &rest[slash..]),
        None => address,
    };
    rest.split(['?', '#']).next().unwrap_or_default()
}

fn payload(sign: &Sign, mode: Option<Dialect>) -> Result<Payload, Failure> {
    let Some(dialect) = mode else {
        if sign.fields.is_some() || !sign.field.is_empty() {
            return Err(Failure::usage(
                "--mode json signs bytes: give them with --body",
            ));
        }
        let body = sign
            .body
            .as_ref()
            .map_or(Ok(Vec::new()), |body| body.read())?;
        return Ok(Payload::Raw(body));
    };
    let fields = if let Some(body) = &sign.body {
        Fields::received(body.read()?.trim_ascii_end())
    } else if let Some(fields) = &sign.fields {
        Fields::typed(typed_form(&fields.read()?)?)
    } else {
        Fields::typed(text_form(&sign.field)?)
    };
    Ok(Payload::Form(fields, dialect))
}

fn dialect(mode: Mode) -> Option<Dialect> {
    match mode {
        Mode::Json => None,
        Mode::Php => Some(Dialect::Php),
        Mode::Php81 => Some(Dialect::Php81),
        Mode::Python => Some(Dialect::Python),
        Mode::Prose => Some(Dialect::Prose),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n14_scheme_host_and_query_are_not_signed() {
        for (address, path) in [
            (
                "https://account.nice.chat/marketplaces/v1/products/?page=2",
                "/marketplaces/v1/products/",
            ),
            (
                "/marketplaces/v1/products/?q#f",
                "/marketplaces/v1/products/",
            ),
            ("https://account.nice.chat", "/"),
            ("/a/", "/a/"),
        ] {
            assert_eq!(path_of(address), path);
        }
    }
}
