//! The request to sign.

use common_model::{Value as Json, from_json_bytes};
use nicechat_sign::{Credentials, Dialect, Form, Names, QueryRule, Signature, Signer};
use shopwire::NiceChatConfig;

use super::{
    bodies::json,
    fields::{Fields, LeftOut},
    typed,
};
use crate::{
    args::{Mode, Sign},
    failure::Failure,
};

/// The signed parts, except the secret.
#[derive(Debug)]
pub(super) struct Request {
    /// Upper case.
    pub(super) method: String,
    /// The path as it was given, perhaps as a whole URL.
    pub(super) address: String,
    /// The path from the host's root, without its query.
    pub(super) path: String,
    pub(super) payload: Payload,
    /// The given body, without a byte order mark.
    pub(super) body: Vec<u8>,
    /// The fields that are removed because they are not signed: key and signature.
    // N18
    pub(super) left_out: LeftOut,
    /// The names of key and signature.
    pub(super) names: Names,
    /// The host of the service, if it is set.
    pub(super) host: Option<String>,
}

/// The part between path and method.
#[derive(Debug)]
pub(super) enum Payload {
    /// Bytes as they are sent: JSON, or nothing.
    Raw(Vec<u8>),
    /// A form and its dialect.
    Form(Fields, Dialect),
}

impl Request {
    /// Reads the request from the arguments, with the rules in the settings.
    pub(super) fn read(sign: &Sign, settings: &NiceChatConfig) -> Result<Self, Failure> {
        let input = if let Some(body) = &sign.body {
            Input::Body(body.read_text()?.into_bytes())
        } else if let Some(fields) = &sign.fields {
            Input::Fields(typed_form(fields.read_text()?.as_bytes())?)
        } else {
            Input::Fields(text_form(&sign.field)?)
        };
        let method = sign.method.as_deref().unwrap_or_default();
        let address = sign.path.as_deref().unwrap_or_default();
        Self::new(method, address, sign.mode, input, settings)
    }

    /// Creates a request in a mode. Without a mode the kind of the body decides, then the settings.
    pub(super) fn new(
        method: &str,
        address: &str,
        mode: Option<Mode>,
        input: Input,
        settings: &NiceChatConfig,
    ) -> Result<Self, Failure> {
        let dialect = match mode {
            // A JSON body is not meant as a form with one long key.
            None if input.is_json() => None,
            mode => mode.map_or(Some(settings.dialect), dialect),
        };
        let url = settings.url.as_ref();
        let mut request = Self {
            method: method.to_ascii_uppercase(),
            path: path_of(address).to_owned(),
            address: address.to_owned(),
            body: input.body().to_vec(),
            payload: input.payload(dialect)?,
            left_out: LeftOut::default(),
            names: settings.names.clone(),
            host: url.map(|url| url.authority().to_owned()),
        };
        if let Payload::Form(fields, dialect) = &mut request.payload {
            request.left_out = fields.leave_out_signature(&settings.names);
            fields.of(*dialect).map_err(|error| refused(&error))?;
        }
        if request.left_out.names.is_empty()
            && let Some(mut fields) = request.query_fields()
        {
            request.left_out = fields.leave_out_signature(&settings.names);
        }
        if settings.query_rule == QueryRule::Signed
            && let Some(fields) = request.query()
        {
            request.payload = Payload::Form(fields, dialect.unwrap_or(settings.dialect));
        }
        Ok(request)
    }

    /// The path with a slash at its end, like all paths of the service.
    // N2
    pub(super) fn slashed_path(&self) -> String {
        match self.path.ends_with('/') {
            true => self.path.clone(),
            false => format!("{}/", self.path),
        }
    }

    /// Hosts that may have been signed with the path: of the address, of the settings, and the documented ones.
    pub(super) fn hosts(&self) -> Vec<String> {
        let given = host_of(&self.address).map(ToOwned::to_owned);
        let mut hosts: Vec<String> = given.into_iter().chain(self.host.clone()).collect();
        hosts.extend(["account.nice.chat", "accounts.nice.chat"].map(ToOwned::to_owned));
        hosts
    }

    /// The parameters of a GET without a body, which some servers sign as one.
    // N27
    pub(super) fn query(&self) -> Option<Fields> {
        let is_empty = match &self.payload {
            Payload::Raw(bytes) => bytes.is_empty(),
            Payload::Form(fields, _) => fields.is_empty(),
        };
        let mut fields = self.query_fields()?;
        fields.leave_out_signature(&self.names);
        (is_empty && self.method == "GET" && !fields.is_empty()).then_some(fields)
    }

    fn query_fields(&self) -> Option<Fields> {
        let (_, query) = self.address.split_once('?')?;
        let query = query.split('#').next().unwrap_or_default();
        Some(Fields::received(query.as_bytes()))
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

/// The path of a URL, with or without a scheme, or of a path with a query.
fn path_of(address: &str) -> &str {
    let address = address.split(['?', '#']).next().unwrap_or_default();
    let rest = match (address.split_once("://"), host_of(address)) {
        (Some((_, rest)), _) => rest,
        (None, Some(_)) => address,
        (None, None) => return address,
    };
    rest.find('/').map_or("/", |slash| &rest[slash..])
}

/// The host of a URL, or a name with a dot before a path.
fn host_of(address: &str) -> Option<&str> {
    let (has_scheme, rest) = match address.split_once("://") {
        Some((_, rest)) => (true, rest),
        None => (false, address),
    };
    let host = rest
        .split(['/', '?', '#'])
        .next()
        .filter(|host| !host.is_empty())?;
    let host = host.rsplit('@').next().unwrap_or(host);
    (has_scheme || host.contains('.')).then_some(host)
}

/// The given payload.
#[derive(Debug)]
pub(super) enum Input {
    /// The sent bytes, without a byte order mark.
    Body(Vec<u8>),
    /// The fields of a form, perhaps empty.
    Fields(Form),
}

impl Input {
    fn body(&self) -> &[u8] {
        match self {
            Self::Body(body) => body,
            Self::Fields(_) => &[],
        }
    }

    /// Whether it is a JSON object or list.
    fn is_json(&self) -> bool {
        json::is_json(self.body())
    }

    /// Converts it to a form in a dialect, or to bytes.
    fn payload(self, dialect: Option<Dialect>) -> Result<Payload, Failure> {
        match (self, dialect) {
            (Self::Body(body), None) => Ok(Payload::Raw(body)),
            (Self::Fields(form), None) if form.is_empty() => Ok(Payload::Raw(Vec::new())),
            (Self::Fields(_), None) => Err(Failure::usage(
                "--mode json signs bytes: give them with --body",
            )),
            (Self::Body(body), Some(dialect)) => {
                let fields = Fields::received(body.trim_ascii_end());
                Ok(Payload::Form(fields, dialect))
            }
            (Self::Fields(form), Some(dialect)) => Ok(Payload::Form(Fields::typed(form), dialect)),
        }
    }
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
            ("account.nice.chat/a/?q", "/a/"),
            ("account.nice.chat", "/"),
            ("/a/", "/a/"),
            ("/a.b/", "/a.b/"),
        ] {
            assert_eq!(path_of(address), path);
        }
    }
}
