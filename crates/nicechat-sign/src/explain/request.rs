//! The request whose signature is explained.

use core::fmt;

use crate::{Dialect, Error, Form, Names, QueryRule};

use super::{
    fields::{Fields, LeftOut},
    json::is_json,
};

/// The signed parts of a request, except the secret.
#[derive(Clone, Debug)]
pub struct Request {
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
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "a payload is bytes or fields")]
pub enum Payload {
    /// Bytes as they are sent: JSON, or nothing.
    Raw(Vec<u8>),
    /// A form and its dialect.
    Form(Fields, Dialect),
}

/// How the body of a request is hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the document has these modes")]
pub enum Mode {
    /// As it is sent.
    Json,
    /// As a form in this dialect.
    Form(Dialect),
}

/// The rules of the service.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Rules {
    /// The dialect of forms.
    pub dialect: Dialect,
    /// The names of key and signature.
    pub names: Names,
    /// Whether the signature covers the query of a GET.
    pub query_rule: QueryRule,
    /// The host, with its port, if it is known.
    pub host: Option<String>,
}

impl Rules {
    /// The default dialect, names and query rule, and no host.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Request {
    /// Creates a request in a mode. Without a mode the kind of the body decides, then the rules. The address is a path
    /// or a URL, perhaps with a query.
    ///
    /// # Errors
    /// The fields have no canonical text in the dialect, or fields are to be hashed as JSON.
    pub fn new(
        method: &str,
        address: &str,
        mode: Option<Mode>,
        input: Input,
        rules: &Rules,
    ) -> Result<Self, RequestError> {
        let dialect = match mode {
            // A JSON body is not meant as a form with one long key.
            None if is_json(input.body()) => None,
            None => Some(rules.dialect),
            Some(Mode::Json) => None,
            Some(Mode::Form(dialect)) => Some(dialect),
        };
        let mut request = Self {
            method: method.to_ascii_uppercase(),
            path: path_of(address).to_owned(),
            address: address.to_owned(),
            body: input.body().to_vec(),
            payload: input.payload(dialect)?,
            left_out: LeftOut::default(),
            names: rules.names.clone(),
            host: rules.host.clone(),
        };
        if let Payload::Form(fields, dialect) = &mut request.payload {
            request.left_out = fields.leave_out_signature(&rules.names);
            fields.of(*dialect).map_err(RequestError::Unreadable)?;
        }
        if request.left_out.names.is_empty()
            && let Some(mut fields) = request.query_fields()
        {
            request.left_out = fields.leave_out_signature(&rules.names);
        }
        if rules.query_rule == QueryRule::Signed
            && let Some(fields) = request.query()
        {
            request.payload = Payload::Form(fields, dialect.unwrap_or(rules.dialect));
        }
        Ok(request)
    }

    /// The HTTP method in upper case.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The address as it was given.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The path from the host's root, without its query.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The part between path and method.
    pub fn payload(&self) -> &Payload {
        &self.payload
    }

    /// The fields that are not signed: key and signature.
    pub fn left_out(&self) -> &LeftOut {
        &self.left_out
    }

    /// The names of key and signature.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// The text whose hash is the right signature, with a slash at the end of the path.
    ///
    /// # Errors
    /// The payload has no canonical text.
    pub fn signed_text(&self, secret: &str) -> Result<Vec<u8>, Error> {
        let body = self.canonical()?;
        let path = self.slashed_path();
        let parts = [
            secret.as_bytes(),
            path.as_bytes(),
            &body,
            self.method.as_bytes(),
        ];
        Ok(parts.concat())
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
    ///
    /// # Errors
    /// The dialect does not define it.
    pub fn canonical(&self) -> Result<Vec<u8>, Error> {
        match &self.payload {
            Payload::Raw(bytes) => Ok(bytes.clone()),
            Payload::Form(fields, dialect) => fields.canonical(*dialect).map(String::into_bytes),
        }
    }
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
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "a payload is sent bytes or pairs")]
pub enum Input {
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

    /// Converts it to a form in a dialect, or to bytes.
    fn payload(self, dialect: Option<Dialect>) -> Result<Payload, RequestError> {
        match (self, dialect) {
            (Self::Body(body), None) => Ok(Payload::Raw(body)),
            (Self::Fields(form), None) if form.is_empty() => Ok(Payload::Raw(Vec::new())),
            (Self::Fields(_), None) => Err(RequestError::FieldsAsJson),
            (Self::Body(body), Some(dialect)) => {
                let fields = Fields::received(body.trim_ascii_end());
                Ok(Payload::Form(fields, dialect))
            }
            (Self::Fields(form), Some(dialect)) => Ok(Payload::Form(Fields::typed(form), dialect)),
        }
    }
}

/// Why a request has no signature.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestError {
    /// Fields are to be hashed as JSON, which hashes bytes.
    FieldsAsJson,
    /// The dialect cannot read the payload.
    Unreadable(Error),
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FieldsAsJson => f.write_str("JSON is hashed as bytes, and fields have none"),
            Self::Unreadable(error) => write!(f, "the payload cannot be read: {error}"),
        }
    }
}

impl core::error::Error for RequestError {}

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
