//! Signing in headers.

use alloc::borrow::Cow;
use alloc::string::String;

use http::header::{HeaderMap, HeaderName, HeaderValue};
use http::{Method, Request, Uri};

use super::{Content, multipart};
use crate::{Dialect, Error, Form, QueryRule, Signature, Signer, canonical, urlencoded};

impl Signer {
    /// Signs a request whose body is in memory and puts key and signature into its headers.
    ///
    /// A JSON body, or any other that is not a form, is signed byte by byte. For a urlencoded or
    /// multipart form the signature covers its canonical form; the body is unchanged. Headers of an
    /// earlier attempt are replaced.
    ///
    /// ```
    /// use nicechat_sign::{Credentials, Signer};
    ///
    /// let signer = Signer::new(Credentials::new("key", "secret"));
    /// let mut request = http::Request::get("https://account.nice.chat/marketplaces/v1/products/?q")
    ///     .body(Vec::new())?;
    /// signer.sign_request(&mut request)?;
    /// let signature = signer.sign_body("/marketplaces/v1/products/", b"", "GET");
    /// assert_eq!(request.headers()["x-api-key"], "key");
    /// assert_eq!(request.headers()["x-api-sign"], signature.to_string());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The method is not one of the service's five, the form cannot be read, or the key is not
    /// valid in a header. The request is unchanged.
    pub fn sign_request<B: AsRef<[u8]>>(&self, request: &mut Request<B>) -> Result<(), Error> {
        let signature = self.signature_of(
            request.method(),
            request.uri(),
            request.headers(),
            request.body().as_ref(),
        )?;
        self.insert_headers(signature, request.headers_mut())
    }

    /// Returns the signature of a request in header mode, from its parts.
    ///
    /// # Errors
    /// The method is not one of the service's five, or the form cannot be read.
    pub fn signature_of(
        &self,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Signature, Error> {
        let method = known_method(method)?;
        let signed = signed_bytes(self, method, uri, &Content::of(headers), body)?;
        Ok(self.sign_body(uri.path(), &signed, method))
    }

    /// Puts key and signature into headers, marked as sensitive.
    ///
    /// # Errors
    /// The key or a header's name is not valid in HTTP. The headers are unchanged.
    pub fn insert_headers(
        &self,
        signature: Signature,
        headers: &mut HeaderMap,
    ) -> Result<(), Error> {
        let names = self.names();
        let key_name = header_name(names.key_header_name())?;
        let signature_name = header_name(names.signature_header_name())?;
        let mut key = HeaderValue::from_str(self.key())
            .map_err(|_| Error::request("the api key cannot stand in a header"))?;
        let mut signature = HeaderValue::from_bytes(&signature.to_hex())
            .map_err(|_| Error::request("the signature cannot stand in a header"))?;
        key.set_sensitive(true);
        signature.set_sensitive(true);
        headers.insert(key_name, key);
        headers.insert(signature_name, signature);
        Ok(())
    }
}

/// The bytes between path and method in the hash, for a request without `_key` and `_sign`.
fn signed_bytes<'a>(
    signer: &Signer,
    method: &str,
    uri: &Uri,
    content: &Content,
    body: &'a [u8],
) -> Result<Cow<'a, [u8]>, Error> {
    let dialect = signer.dialect();
    if method == "GET" && body.is_empty() && signer.query_rule() == QueryRule::Signed {
        let query = uri.query().unwrap_or_default();
        return Ok(Cow::Owned(
            canonical_received(dialect, query.as_bytes())?.into(),
        ));
    }
    match content {
        Content::Form => Ok(Cow::Owned(canonical_received(dialect, body)?.into())),
        Content::Multipart { boundary } => {
            let form = Form::received(dialect, multipart::fields(body, boundary)?)?;
            Ok(Cow::Owned(canonical(dialect, &form)?.into()))
        }
        Content::Ambiguous(ambiguity) if !body.is_empty() => Err(Error::ambiguous(*ambiguity)),
        Content::Unnamed | Content::Json | Content::Ambiguous(_) | Content::Other => {
            Ok(Cow::Borrowed(body))
        }
    }
}

/// The canonical form of received fields: all values are text, and PHP nests them.
fn canonical_received(dialect: Dialect, text: &[u8]) -> Result<String, Error> {
    canonical(dialect, &Form::received(dialect, urlencoded::pairs(text)?)?)
}

/// The method's name, if the service knows the method.
pub(super) fn known_method(method: &Method) -> Result<&str, Error> {
    match method.as_str() {
        known @ ("GET" | "POST" | "PUT" | "PATCH" | "DELETE") => Ok(known),
        _ => Err(Error::request(
            "the method is not one of GET, POST, PUT, PATCH, DELETE",
        )),
    }
}

fn header_name(name: &str) -> Result<HeaderName, Error> {
    name.parse()
        .map_err(|_| Error::request("a configured header name is not valid"))
}
