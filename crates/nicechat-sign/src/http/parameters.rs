//! Parameter mode, for requests whose payload has lost its type.

use alloc::string::String;
use alloc::vec::Vec;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Request, Uri};

use super::content::{Content, FORM};
use super::multipart;
use super::request::known_method;
use crate::buffer::Buffer;
use crate::{Error, Signature, Signer, urlencoded};

/// The place of key and signature in a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Placement {
    /// In headers; works with every payload.
    #[default]
    Headers,
    /// In the query of a GET, in the form of any other method.
    Parameters,
}

impl Signer {
    /// Signs a request whose body is already bytes, as within a client. Where the payload's type is
    /// known, prefer [`sign_with_parameters`](Self::sign_with_parameters), which refuses JSON at
    /// compile time.
    ///
    /// In parameter mode key and signature are appended to the body, and the rest of it is sent
    /// unchanged.
    ///
    /// # Errors
    /// The service does not know the method, the form cannot be read, a field has the name of the
    /// key or the signature, or, in parameter mode, the body is JSON. The request is unchanged.
    pub fn sign_in_place(
        &self,
        placement: Placement,
        request: &mut Request<Bytes>,
    ) -> Result<(), Error> {
        match placement {
            Placement::Headers => self.sign_request(request),
            Placement::Parameters if known_method(request.method())? == "GET" => {
                self.sign_query(request)
            }
            Placement::Parameters => self.sign_form_fields(request),
        }
    }

    fn sign_query(&self, request: &mut Request<Bytes>) -> Result<(), Error> {
        if !request.body().is_empty() {
            return Err(Error::request("a get in parameter mode has no body"));
        }
        let query = request.uri().query().unwrap_or_default();
        self.check_names(&urlencoded::pairs(query.as_bytes())?)?;
        let signature =
            self.signature_of(request.method(), request.uri(), request.headers(), b"")?;
        let uri = append_query(request.uri(), &self.parameters(signature))?;
        *request.uri_mut() = uri;
        Ok(())
    }

    fn sign_form_fields(&self, request: &mut Request<Bytes>) -> Result<(), Error> {
        let content = match Content::of(request.headers()) {
            Content::Unnamed if request.body().is_empty() => Content::Form,
            content => content,
        };
        let body = request.body();
        let fields = match &content {
            Content::Form => urlencoded::pairs(body)?,
            Content::Multipart { boundary } => multipart::fields(body, boundary)?,
            Content::Json => {
                return Err(Error::request(
                    "a json body cannot carry its signature: use headers",
                ));
            }
            Content::Ambiguous(ambiguity) => return Err(Error::ambiguous(*ambiguity)),
            Content::Unnamed | Content::Other => {
                return Err(Error::request(
                    "only a form can carry its signature: use headers",
                ));
            }
        };
        self.check_names(&fields)?;
        let signature =
            self.signature_of(request.method(), request.uri(), request.headers(), body)?;
        let body = match &content {
            Content::Multipart { boundary } => self.append_parts(body, boundary, signature),
            _ => {
                let separator = if body.is_empty() { "" } else { "&" };
                [
                    body,
                    separator.as_bytes(),
                    self.parameters(signature).as_bytes(),
                ]
                .concat()
            }
        };
        *request.body_mut() = body.into();
        if content == Content::Form {
            request
                .headers_mut()
                .insert(CONTENT_TYPE, HeaderValue::from_static(FORM));
        }
        Ok(())
    }

    fn check_names(&self, fields: &[(String, String)]) -> Result<(), Error> {
        let names = self.names();
        let taken = [names.key_parameter_name(), names.signature_parameter_name()];
        match fields
            .iter()
            .find(|(name, _)| taken.contains(&name.as_str()))
        {
            Some((name, _)) => Err(Error::malformed(
                name,
                "the name is that of the authentication",
            )),
            None => Ok(()),
        }
    }

    /// `_key=…&_sign=…`.
    fn parameters(&self, signature: Signature) -> String {
        let names = self.names();
        let mut out = Buffer::default();
        out.urlencode(names.key_parameter_name());
        out.push(b'=');
        out.urlencode(self.key());
        out.push(b'&');
        out.urlencode(names.signature_parameter_name());
        out.push(b'=');
        out.extend(&signature.to_hex());
        String::from_utf8_lossy(out.as_slice()).into_owned()
    }

    /// Inserts key and signature as two parts before the closing boundary.
    fn append_parts(&self, body: &[u8], boundary: &str, signature: Signature) -> Vec<u8> {
        let closing = alloc::format!("--{boundary}--");
        // The body was read: it ends with the closing boundary.
        let end = body.strip_suffix(b"\r\n").unwrap_or(body);
        let names = self.names();
        let mut out = end.strip_suffix(closing.as_bytes()).unwrap_or(end).to_vec();
        for (name, value) in [
            (names.key_parameter_name(), self.key()),
            (names.signature_parameter_name(), &String::from(signature)),
        ] {
            multipart::write_part(boundary, name, value, &mut out);
        }
        out.extend_from_slice(closing.as_bytes());
        out.extend_from_slice(b"\r\n");
        out
    }
}

/// The address with further parameters.
pub(super) fn append_query(uri: &Uri, parameters: &str) -> Result<Uri, Error> {
    if parameters.is_empty() {
        return Ok(uri.clone());
    }
    let text = match uri.query() {
        Some(query) if !query.is_empty() => {
            alloc::format!("{}?{query}&{parameters}", uri.path())
        }
        _ => alloc::format!("{}?{parameters}", uri.path()),
    };
    let mut parts = uri.clone().into_parts();
    let invalid = "the parameters do not fit an address";
    parts.path_and_query = Some(text.parse().map_err(|_| Error::request(invalid))?);
    Uri::from_parts(parts).map_err(|_| Error::request(invalid))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n11_parameters_stand_behind_those_of_the_address() {
        for (uri, expected) in [
            ("/a/", "/a/?_key=k"),
            ("/a/?", "/a/?_key=k"),
            ("/a/?b=1", "/a/?b=1&_key=k"),
            ("https://host:1/a/?b=1", "https://host:1/a/?b=1&_key=k"),
        ] {
            let uri: Uri = uri.parse().unwrap();
            assert_eq!(append_query(&uri, "_key=k").unwrap(), expected);
            assert_eq!(append_query(&uri, "").unwrap(), uri);
        }
    }
}
