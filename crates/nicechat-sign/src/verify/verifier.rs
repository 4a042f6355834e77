//! What a server accepts.

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
/// Besides the signature it checks what the signature cannot protect: the method is one of a
/// list, the path is known, ends with a slash and holds nothing that could be a body, JSON parses, a form can
/// be read in one way only, and its fields, sorted again from the strings received, give
/// the signed text. Bodies that declare another charset than UTF-8, parts within parts and parts with a
/// transfer encoding are refused: what is signed has one reading.
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
    /// A verifier of the default dialect and names, unsigned queries, the five methods of the
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

    /// Sets the dialects of forms that are accepted. Each one more is one more way to be right.
    #[must_use]
    pub fn dialects(mut self, dialects: impl IntoIterator<Item = Dialect>) -> Self {
        self.rules.dialects = dialects.into_iter().collect();
        self
    }

    /// Sets the one dialect of forms that is accepted.
    #[must_use]
    pub fn dialect(self, dialect: Dialect) -> Self {
        self.dialects([dialect])
    }

    /// Sets the names under which key and signature are looked for.
    #[must_use]
    pub fn names(mut self, names: Names) -> Self {
        self.rules.names = [names].into();
        self
    }

    /// Looks for key and signature under further names too, such as `_sing`.
    #[must_use]
    pub fn also_names(mut self, names: Names) -> Self {
        self.rules.names.push(names);
        self
    }

    /// Sets whether the query of a GET is part of what is signed.
    #[must_use]
    pub fn query_rule(mut self, query: QueryRule) -> Self {
        self.rules.query = query;
        self
    }

    /// Sets the methods that are let through.
    #[must_use]
    pub fn methods(mut self, methods: impl IntoIterator<Item = Method>) -> Self {
        self.rules.methods = methods.into_iter().collect();
        self
    }

    /// Sets which paths there are: others are refused whatever their signature. Without it all
    /// are let through to the handler, which should know them as exactly.
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

    /// Sets the longest body in bytes.
    #[must_use]
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.rules.max_body = bytes;
        self
    }

    /// The longest body in bytes that is let through.
    pub fn max_body_in_use(&self) -> usize {
        self.rules.max_body
    }

    /// Reads who claims to have signed a request. Nothing is proven yet.
    ///
    /// # Errors
    /// The request is refused whatever its signature, or carries none.
    pub fn claim(&self, parts: &Parts, body: &[u8]) -> Result<Claim, VerifyError> {
        Claim::read(&self.rules, parts, body)
    }

    /// Checks a request. `account` gives the credentials of a key, if there is such an account.
    ///
    /// # Errors
    /// The request is not to be let through; see [`VerifyError::status`].
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
