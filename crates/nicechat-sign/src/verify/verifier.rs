//! The server's check of a request.

use alloc::sync::Arc;
use core::fmt;

use http::Method;
use http::request::Parts;

use super::claim::{Claim, Verified};
use super::rules::Rules;
use super::verify_error::VerifyError;
use crate::{Credentials, Dialect, Names, QueryRule};

/// Checks signatures: in headers, in the query of a GET, among the fields of a form.
///
/// It also checks what the signature cannot protect:
/// - The method is allowed.
/// - The path is known, ends with a slash, and holds no text that could be a body.
/// - JSON parses.
/// - A form has only one reading, and its received fields, sorted again, give the signed text.
///
/// With the feature `tower` each refusal is also a [`tracing`](https://docs.rs/tracing) event of level debug and
/// target `nicechat_sign::verify`, since the answer to the sender must not tell much. The event has the reason, the
/// method and path that were checked, the names and dialects that were tried, and lengths. It has no key, no secret,
/// no signature and no field of the request.
///
/// It refuses bodies that declare a charset other than UTF-8, nested parts, and parts with a transfer
/// encoding. A signed body thus has exactly one reading.
///
/// ```
/// use nicechat_sign::{Credentials, Signer, Verifier};
///
/// let account = Credentials::new("key", "secret");
/// let mut request = http::Request::get("/marketplaces/v1/products/").body(Vec::new())?;
/// Signer::new(account.clone()).sign_request(&mut request)?;
///
/// let verifier = Verifier::new();
/// let (parts, body) = request.into_parts();
/// let verified = verifier.verify(&parts, &body, |key| (key == "key").then_some(account))?;
/// assert_eq!(verified.key(), "key");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Verifier {
    rules: Rules,
}

impl Verifier {
    /// A verifier with the default dialect and names, unsigned queries, the five methods of the
    /// service, and bodies of up to 1 MiB.
    pub fn new() -> Self {
        let rules = Rules {
            dialects: [Dialect::Php].into(),
            names: [Names::new()].into(),
            query: QueryRule::Unsigned,
            methods: [
                Method::GET,
                Method::POST,
                Method::PUT,
                Method::PATCH,
                Method::DELETE,
            ]
            .into(),
            paths: None,
            max_body: 1 << 20,
        };
        Self { rules }
    }

    /// Sets the accepted dialects of forms. A form passes when its signature is right in any of
    /// them.
    #[must_use]
    pub fn dialects(mut self, dialects: impl IntoIterator<Item = Dialect>) -> Self {
        self.rules.dialects = dialects.into_iter().collect();
        self
    }

    /// Sets the only accepted dialect of forms.
    #[must_use]
    pub fn dialect(self, dialect: Dialect) -> Self {
        self.dialects([dialect])
    }

    /// Sets the names of the headers and parameters with key and signature.
    #[must_use]
    pub fn names(mut self, names: Names) -> Self {
        self.rules.names = [names].into();
        self
    }

    /// Adds further names of headers and parameters with key and signature, such as `_sing`.
    #[must_use]
    pub fn also_names(mut self, names: Names) -> Self {
        self.rules.names.push(names);
        self
    }

    /// Sets whether the signature covers the query of a GET.
    #[must_use]
    pub fn query_rule(mut self, query: QueryRule) -> Self {
        self.rules.query = query;
        self
    }

    /// Sets the allowed methods.
    #[must_use]
    pub fn methods(mut self, methods: impl IntoIterator<Item = Method>) -> Self {
        self.rules.methods = methods.into_iter().collect();
        self
    }

    /// Sets which paths are known; others are refused with 404, whatever their signature. Without
    /// this rule all paths are passed on, and the handler should check them as strictly.
    ///
    /// ```
    /// use nicechat_sign::Verifier;
    ///
    /// let verifier = Verifier::new().paths(|path| path.starts_with("/marketplaces/v1/products/"));
    /// let (parts, _) = http::Request::get("/marketplaces/v2/").body(())?.into_parts();
    /// assert_eq!(verifier.claim(&parts, b"").unwrap_err().status(), 404);
    /// # Ok::<(), http::Error>(())
    /// ```
    #[must_use]
    pub fn paths(mut self, is_known: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        self.rules.paths = Some(Arc::new(is_known));
        self
    }

    /// Sets the maximum length of a body in bytes.
    #[must_use]
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.rules.max_body = bytes;
        self
    }

    /// The maximum length of a body in bytes.
    pub fn body_limit(&self) -> usize {
        self.rules.max_body
    }

    /// Reads key and signature of a request. It does not check the signature yet.
    ///
    /// # Errors
    /// The request has no signature, or is refused whatever its signature.
    pub fn claim(&self, parts: &Parts, body: &[u8]) -> Result<Claim, VerifyError> {
        Claim::read(&self.rules, parts, body)
    }

    /// Reads key and signature of a request, or returns why they cannot be read. [`claim`](Self::claim) does not tell,
    /// and an answer to the sender must not: this is for tools and test servers.
    ///
    /// # Errors
    /// The reason as a sentence, without a part of the request.
    #[cfg(feature = "explain")]
    #[cfg_attr(docsrs, doc(cfg(feature = "explain")))]
    pub fn claim_or_why(&self, parts: &Parts, body: &[u8]) -> Result<Claim, &'static str> {
        Claim::read_or_why(&self.rules, parts, body).map_err(|refused| refused.reason())
    }

    /// Checks a request. `account` returns the credentials of a key, or `None` for an unknown key.
    ///
    /// # Errors
    /// The request is refused; see [`VerifyError::status`] for the status to answer with.
    pub fn verify(
        &self,
        parts: &Parts,
        body: &[u8],
        account: impl FnOnce(&str) -> Option<Credentials>,
    ) -> Result<Verified, VerifyError> {
        let claim = self.claim(parts, body)?;
        let account = account(claim.key());
        claim.verify(account.as_ref())
    }
}

impl Default for Verifier {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("dialects", &self.rules.dialects)
            .field("names", &self.rules.names)
            .field("query", &self.rules.query)
            .field("methods", &self.rules.methods)
            .field("max_body", &self.rules.max_body)
            .finish_non_exhaustive()
    }
}
