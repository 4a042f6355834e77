//! Typed payloads, and the places their signature can go to.

use alloc::string::String;
use alloc::vec::Vec;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, Request};

use super::content::FORM;
use super::multipart::{self, Multipart};
use super::parameters::{Placement, append_query};
use crate::{Error, Form, Signer, urlencoded, wire};

/// A body of JSON text. It is sent unchanged, and signed in headers only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Json(pub Bytes);

/// A payload that can be signed in headers: [`Json`], [`Form`], [`Multipart`], or `()` for an empty
/// one.
pub trait Payload: sealed::Kinded {}

/// A payload that can carry key and signature among its fields. [`Json`] cannot:
///
/// ```compile_fail,E0277
/// use nicechat_sign::{Credentials, Json, Signer};
///
/// let signer = Signer::new(Credentials::new("key", "secret"));
/// let request = http::Request::post("/marketplaces/v1/products/")
///     .body(Json("{}".into()))
///     .unwrap();
/// signer.sign_with_parameters(&request);
/// ```
///
/// It is signed in headers:
///
/// ```
/// use nicechat_sign::{Credentials, Json, Signer};
///
/// let signer = Signer::new(Credentials::new("key", "secret"));
/// let request = http::Request::post("/marketplaces/v1/products/")
///     .body(Json("{}".into()))
///     .unwrap();
/// let request = signer.sign_with_headers(&request)?;
/// assert_eq!(request.headers()["content-type"], "application/json");
/// # Ok::<(), nicechat_sign::Error>(())
/// ```
pub trait ParameterPayload: Payload {}

impl Payload for Json {}
impl Payload for Form {}
impl Payload for Multipart {}
impl Payload for () {}
impl ParameterPayload for Form {}
impl ParameterPayload for Multipart {}
impl ParameterPayload for () {}

impl Signer {
    /// Encodes a payload and signs it in headers. A form on a GET becomes its query.
    ///
    /// # Errors
    /// The form has no canonical form in the signer's dialect, or the service does not know the
    /// method.
    pub fn sign_with_headers<P: Payload>(
        &self,
        request: &Request<P>,
    ) -> Result<Request<Bytes>, Error> {
        let mut request = self.encode(request)?;
        self.sign_request(&mut request)?;
        Ok(request)
    }

    /// Encodes a payload and puts key and signature among its parameters: into the query of a GET,
    /// into the form of any other method. The signature does not cover them.
    ///
    /// # Errors
    /// As [`sign_with_headers`](Self::sign_with_headers); also when a field has the name of the key
    /// or the signature.
    pub fn sign_with_parameters<P: ParameterPayload>(
        &self,
        request: &Request<P>,
    ) -> Result<Request<Bytes>, Error> {
        let mut request = self.encode(request)?;
        self.sign_in_place(Placement::Parameters, &mut request)?;
        Ok(request)
    }

    /// The request with its encoded payload, still without key and signature.
    fn encode<P: Payload>(&self, request: &Request<P>) -> Result<Request<Bytes>, Error> {
        let mut encoded = Request::new(Bytes::new());
        *encoded.method_mut() = request.method().clone();
        *encoded.uri_mut() = request.uri().clone();
        *encoded.headers_mut() = request.headers().clone();
        *encoded.version_mut() = request.version();
        *encoded.extensions_mut() = request.extensions().clone();
        let content_type = match request.body().kind() {
            sealed::Kind::Empty => return Ok(encoded),
            sealed::Kind::Json(body) => {
                *encoded.body_mut() = body.clone();
                "application/json".into()
            }
            sealed::Kind::Form(form) | sealed::Kind::Multipart(form)
                if request.method() == Method::GET =>
            {
                let query = wire(self.dialect(), form)?;
                *encoded.uri_mut() = append_query(request.uri(), &query)?;
                return Ok(encoded);
            }
            sealed::Kind::Form(form) => {
                *encoded.body_mut() = wire(self.dialect(), form)?.into();
                FORM.into()
            }
            sealed::Kind::Multipart(form) => {
                let (content_type, body) = self.multipart(form)?;
                *encoded.body_mut() = body.into();
                content_type
            }
        };
        let content_type = HeaderValue::try_from(content_type)
            .map_err(|_| Error::request("the content type is not valid"))?;
        encoded.headers_mut().insert(CONTENT_TYPE, content_type);
        Ok(encoded)
    }

    fn multipart(&self, form: &Form) -> Result<(String, Vec<u8>), Error> {
        let text = wire(self.dialect(), form)?;
        let salt = self.sign_body("", text.as_bytes(), "");
        let (boundary, body) = multipart::write(&urlencoded::pairs(text.as_bytes())?, &salt);
        Ok((
            alloc::format!("multipart/form-data; boundary={boundary}"),
            body,
        ))
    }
}

#[expect(unnameable_types, reason = "what seals a trait has no public path")]
mod sealed {
    //! Seals [`Payload`](super::Payload): only payloads of this crate can be signed.

    use bytes::Bytes;

    use super::{Json, Multipart};
    use crate::Form;

    #[derive(Debug)]
    pub enum Kind<'a> {
        Empty,
        Json(&'a Bytes),
        Form(&'a Form),
        Multipart(&'a Form),
    }

    pub trait Kinded {
        fn kind(&self) -> Kind<'_>;
    }

    impl Kinded for () {
        fn kind(&self) -> Kind<'_> {
            Kind::Empty
        }
    }

    impl Kinded for Json {
        fn kind(&self) -> Kind<'_> {
            Kind::Json(&self.0)
        }
    }

    impl Kinded for Form {
        fn kind(&self) -> Kind<'_> {
            Kind::Form(self)
        }
    }

    impl Kinded for Multipart {
        fn kind(&self) -> Kind<'_> {
            Kind::Multipart(&self.0)
        }
    }
}
