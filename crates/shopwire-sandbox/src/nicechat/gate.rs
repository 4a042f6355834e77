//! Who may come in: key and signature, in headers, query or form (N8 to N19, N93, N94).

use std::borrow::Cow;

use bytes::Bytes;
use http::{Method, Request};
use nicechat_sign::{Credentials, Dialect, Form, Names, QueryRule, Signature, Signer, canonical};

use super::envelope::Refusal;
use super::payload::{self, Payload};

/// The gate of one account.
#[derive(Debug)]
pub(super) struct Gate {
    signer: Signer,
}

/// Key and signature as they came.
struct Claim {
    key: String,
    signature: String,
}

impl Gate {
    pub(super) fn new(
        credentials: Credentials,
        dialect: Dialect,
        names: Names,
        query: QueryRule,
    ) -> Self {
        Self {
            signer: Signer::new(credentials)
                .dialect(dialect)
                .names(names)
                .query_rule(query),
        }
    }

    /// The names of the two parameters, which are no fields of an object.
    pub(super) fn parameters(&self) -> [&str; 2] {
        let names = self.signer.names_in_use();
        [names.key_parameter_name(), names.signature_parameter_name()]
    }

    /// Lets a signed request in. Whatever is wrong, the refusal is the same: it tells a caller
    /// without the secret nothing.
    pub(super) fn admit(&self, request: &Request<Bytes>, payload: &Payload) -> Result<(), Refusal> {
        let is_signed = self.is_signed(request, payload).unwrap_or(false);
        if is_signed {
            Ok(())
        } else {
            Err(Refusal::unauthorized())
        }
    }

    fn is_signed(&self, request: &Request<Bytes>, payload: &Payload) -> Option<bool> {
        let claim = self
            .header_claim(request)
            .or_else(|| self.parameter_claim(request, payload))?;
        let signature: Signature = claim.signature.parse().ok()?;
        let signed = self.signed_body(request, payload)?;
        let expected =
            self.signer
                .sign_body(request.uri().path(), &signed, request.method().as_str());
        let is_key_known = claim.key == self.signer.key();
        // Both are looked at whatever the other says.
        Some(expected.verify(&signature) & is_key_known)
    }

    fn header_claim(&self, request: &Request<Bytes>) -> Option<Claim> {
        let names = self.signer.names_in_use();
        let header = |name: &str| {
            request
                .headers()
                .get(name)?
                .to_str()
                .ok()
                .map(str::to_owned)
        };
        Some(Claim {
            key: header(names.key_header_name())?,
            signature: header(names.signature_header_name())?,
        })
    }

    /// In the query of a request without a body, in the fields of a form; never beside JSON (N7).
    fn parameter_claim(&self, request: &Request<Bytes>, payload: &Payload) -> Option<Claim> {
        let form = match payload {
            Payload::Json(_) => return None,
            Payload::Form(text) if request.method() != Method::GET => {
                Form::parse_urlencoded_flat(text.as_bytes()).ok()?
            }
            Payload::Form(_) | Payload::Empty => query(request)?,
        };
        let [key, signature] = self.parameters();
        Some(Claim {
            key: text(&form, key)?,
            signature: text(&form, signature)?,
        })
    }

    /// The bytes between path and method.
    fn signed_body<'r>(
        &self,
        request: &'r Request<Bytes>,
        payload: &Payload,
    ) -> Option<Cow<'r, [u8]>> {
        let dialect = self.signer.dialect_in_use();
        let form = match payload {
            Payload::Json(_) => return Some(Cow::Borrowed(request.body())),
            Payload::Form(text) => payload::signed_fields(dialect, text).ok()?,
            Payload::Empty if self.signer.query_rule_in_use() == QueryRule::Signed => {
                payload::signed_fields(dialect, request.uri().query().unwrap_or_default()).ok()?
            }
            Payload::Empty => Form::new(),
        };
        let form: Form = form
            .into_iter()
            .filter(|(name, _)| !self.parameters().contains(&name.as_str()))
            .collect();
        Some(Cow::Owned(canonical(dialect, &form).ok()?.into_bytes()))
    }
}

fn query(request: &Request<Bytes>) -> Option<Form> {
    Form::parse_urlencoded_flat(request.uri().query()?.as_bytes()).ok()
}

fn text(form: &Form, name: &str) -> Option<String> {
    match form.get(name)? {
        nicechat_sign::Value::Text(text) => Some(text.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
