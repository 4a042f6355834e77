//! Authentication: key and signature, in headers, query or form.

use std::sync::{PoisonError, RwLock};

use bytes::Bytes;
use http::Request;
use http::request::Parts;
use nicechat_sign::{Credentials, Names, Placement, Verifier, VerifyError};

use super::envelope::Refusal;
use crate::journal::{Notes, Reason, ReasonKind};
use crate::options::NiceChatOptions;

/// The longest body of a signed request, in bytes.
const MAX_BODY: usize = 16 << 20;

const WRONG_KEY: &str = "the key is not that of the account";

/// The gate of one account.
pub(super) struct Gate {
    own: RwLock<Own>,
    verifier: Verifier,
    names: Names,
}

/// The account, with its secret as it is shown in explanations.
#[derive(Clone)]
struct Own {
    account: Credentials,
    secret: String,
}

impl Own {
    fn new(key: &str, secret: &str) -> Self {
        Self {
            account: Credentials::new(key, secret),
            secret: secret.to_owned(),
        }
    }
}

impl Gate {
    pub(super) fn new(key: &str, secret: &str, options: &NiceChatOptions) -> Self {
        let verifier = Verifier::new()
            .dialect(options.dialect)
            .names(options.names.clone())
            .query_rule(options.query_rule)
            .max_body(MAX_BODY);
        Self {
            own: RwLock::new(Own::new(key, secret)),
            verifier,
            names: options.names.clone(),
        }
    }

    /// Replaces the account's credentials: earlier ones are wrong from then on.
    pub(super) fn replace_account(&self, key: &str, secret: &str) {
        let own = self.own.write();
        *own.unwrap_or_else(PoisonError::into_inner) = Own::new(key, secret);
    }

    fn own(&self) -> Own {
        let own = self.own.read();
        own.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns the names of the two parameters, which are not fields of an object.
    pub(super) fn parameters(&self) -> [&str; 2] {
        [
            self.names.key_parameter_name(),
            self.names.signature_parameter_name(),
        ]
    }

    /// Authenticates a request, and returns it. The refusal of a wrong signature is always the same. A body that cannot
    /// be read unambiguously is a bad request for any sender.
    pub(super) fn admit(
        &self,
        request: Request<Bytes>,
        notes: &mut Notes,
    ) -> (Request<Bytes>, Result<(), Refusal>) {
        let (parts, body) = request.into_parts();
        let own = self.own();
        let account = |key: &str| (key == own.account.key()).then(|| own.account.clone());
        let admitted = match self.verifier.verify(&parts, &body, account) {
            Ok(_) => Ok(()),
            Err(rejection) => {
                self.note(&own, &rejection, &parts, &body, notes);
                Err(refusal(rejection))
            }
        };
        (Request::from_parts(parts, body), admitted)
    }

    /// Notes what the refusal does not tell: which of key and signature is wrong.
    fn note(
        &self,
        own: &Own,
        rejection: &VerifyError,
        parts: &Parts,
        body: &[u8],
        notes: &mut Notes,
    ) {
        let claim = match self.verifier.claim_or_why(parts, body) {
            Ok(claim) => claim,
            Err(why) => {
                let given = self.given_key(parts, body);
                if let Some((field, _)) =
                    given.filter(|(_, key)| *key != own.account.key().as_bytes())
                {
                    notes.push(Reason::new(ReasonKind::Key, WRONG_KEY).at(field));
                }
                let kind = match rejection.is_unauthorized() {
                    true if given.is_some() => ReasonKind::Signature,
                    true => ReasonKind::Key,
                    false => ReasonKind::Schema,
                };
                return notes.push(Reason::new(kind, why));
            }
        };
        if claim.key() != own.account.key() {
            let field = match claim.placement() {
                Placement::Headers => self.names.key_header_name(),
                _ => self.names.key_parameter_name(),
            };
            notes.push(Reason::new(ReasonKind::Key, WRONG_KEY).at(field));
        }
        let field = match claim.placement() {
            Placement::Headers => self.names.signature_header_name(),
            _ => self.names.signature_parameter_name(),
        };
        // The signature is checked as if the key were right, so that both are named if both are wrong.
        let account = Credentials::new(claim.key(), own.secret.as_str());
        if claim.verify(Some(&account)).is_err() {
            let text = "the signature is not right for the account's secret";
            notes.push(Reason::new(ReasonKind::Signature, text).at(field));
        }
    }

    /// Returns the account's secret.
    pub(super) fn secret(&self) -> String {
        self.own().secret
    }

    /// Returns the account's key.
    pub(super) fn key(&self) -> String {
        self.own().account.key().to_owned()
    }

    /// Returns the names of key and signature.
    pub(super) fn names(&self) -> &Names {
        &self.names
    }

    /// Returns the key in the headers, the query or the form, as it was sent, and the name of its field.
    fn given_key<'r>(&'r self, parts: &'r Parts, body: &'r [u8]) -> Option<(&'r str, &'r [u8])> {
        let (header, parameter) = (
            self.names.key_header_name(),
            self.names.key_parameter_name(),
        );
        if let Some(key) = parts.headers.get(header) {
            return Some((header, key.as_bytes()));
        }
        let query = parts.uri.query().unwrap_or_default().as_bytes();
        let mut pairs = [query, body]
            .into_iter()
            .flat_map(|form| form.split(|byte| *byte == b'&'));
        let key =
            pairs.find_map(|pair| pair.strip_prefix(parameter.as_bytes())?.strip_prefix(b"="));
        Some((parameter, key?))
    }
}

fn refusal(rejection: VerifyError) -> Refusal {
    if rejection.is_unauthorized() {
        Refusal::unauthorized()
    } else {
        Refusal::new(rejection.status(), rejection.to_string())
    }
}

#[cfg(test)]
mod tests;
