//! Signing without HTTP.

use alloc::string::String;

use crate::hash::sha256;
use crate::{Credentials, Dialect, Error, Form, Names, Signature, canonical};

/// Whether the query parameters of a GET are signed as if they were a form (N27). The document
/// does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum QueryRule {
    /// The query is left out of the hash.
    #[default]
    Unsigned,
    /// The query's parameters, without key and signature, stand where a body would.
    Signed,
}

/// Signs requests for one account. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Signer {
    credentials: Credentials,
    dialect: Dialect,
    names: Names,
    query: QueryRule,
}

/// A form ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignedForm {
    /// The urlencoded text to send, without `_key` and `_sign` (N18).
    pub body: String,
    /// The signature over it.
    pub signature: Signature,
}

impl Signer {
    /// A signer with the default dialect and names that leaves queries unsigned.
    pub const fn new(credentials: Credentials) -> Self {
        Self {
            credentials,
            dialect: Dialect::Php,
            names: Names::new(),
            query: QueryRule::Unsigned,
        }
    }

    /// Sets the reading of the document that the server follows.
    #[must_use]
    pub fn with_dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }

    /// Sets the names under which key and signature are sent.
    #[must_use]
    pub fn with_names(mut self, names: Names) -> Self {
        self.names = names;
        self
    }

    /// Sets whether the query of a GET is signed.
    #[must_use]
    pub fn with_query_rule(mut self, query: QueryRule) -> Self {
        self.query = query;
        self
    }

    /// The API-Key to send beside the signature.
    pub fn key(&self) -> &str {
        self.credentials.key()
    }

    /// The API secret, for whoever has to look for it in what a service says, so that no log shows it.
    pub fn expose_secret(&self) -> &str {
        self.credentials.secret()
    }

    /// The dialect in use.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The names in use.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// The rule for queries in use.
    pub fn query_rule(&self) -> QueryRule {
        self.query
    }

    /// Signs the bytes of a body as they are sent (N13 to N16). An empty body is the empty string
    /// (N25).
    ///
    /// `path` is the path of the wire, percent-encoding included, without scheme, host and query;
    /// `method` is upper case. Neither is checked or changed. Nothing is allocated.
    pub fn sign_body(&self, path: &str, body: &[u8], method: &str) -> Signature {
        sign(self.credentials.secret().as_bytes(), path, body, method)
    }

    /// Signs a form and gives the text to send.
    ///
    /// # Errors
    /// The form has no canonical form in this dialect, or none that a server could find again
    /// ([`Error::is_undefined`]).
    pub fn sign_form(&self, path: &str, form: &Form, method: &str) -> Result<SignedForm, Error> {
        let (canonical, body) = canonical::both(self.dialect, form)?;
        let hashed = canonical.as_ref().unwrap_or(&body);
        let signature = self.sign_body(path, hashed.as_bytes(), method);
        Ok(SignedForm { body, signature })
    }
}

/// SHA-256 of secret, path, body and method, without separators.
pub(crate) fn sign(secret: &[u8], path: &str, body: &[u8], method: &str) -> Signature {
    Signature::from_bytes(sha256(&[secret, path.as_bytes(), body, method.as_bytes()]))
}
