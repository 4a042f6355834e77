//! Encoding of bodies and place of the signature.

use bytes::Bytes;
use common_model::{Map, Value};
use common_transport::{Authorize, Error};
use http::{
    HeaderValue, Request,
    header::{CONTENT_TYPE, HeaderName},
};
use nicechat_sign::{Form, Multipart, Placement, Signer, wire};

use crate::wire::JSON;

/// Encoding of the body and place of the signature, in the combinations that the service documents.
///
/// A JSON body is signed byte by byte, so it cannot carry its own signature. JSON with parameters
/// therefore does not exist:
///
/// ```compile_fail,E0599
/// let encoding = nicechat_api::Encoding::JsonWithParameters;
/// ```
///
/// ```
/// let encoding = nicechat_api::Encoding::FormWithParameters;
/// ```
// N6, N7, N11, N12, N93, N94
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Encoding {
    /// A JSON body; key and signature in headers.
    #[default]
    JsonWithHeaders,
    /// A urlencoded body; key and signature in headers.
    FormWithHeaders,
    /// A urlencoded body with key and signature among its fields; in a GET they go into the query.
    FormWithParameters,
    /// A multipart body; key and signature in headers. The service does not document the signature
    /// of multipart; this crate signs the urlencoded form of the fields.
    MultipartWithHeaders,
    /// A multipart body with key and signature among its fields; in a GET they go into the query.
    MultipartWithParameters,
}

impl Encoding {
    fn placement(self) -> Placement {
        match self {
            Self::FormWithParameters | Self::MultipartWithParameters => Placement::Parameters,
            _ => Placement::Headers,
        }
    }
}

/// Signs requests: [`encode`](Self::encode) once, [`authorize`](Authorize::authorize) for each
/// attempt. The signature covers the path as it is sent.
///
/// The client does both. Callers with their own HTTP stack do it themselves:
///
/// ```
/// use common_transport::{Authorize, BaseUrl, Operation};
/// use nicechat_api::{Authentication, Credentials, Encoding, Signer, products};
///
/// let signer = Signer::new(Credentials::new("key-1", "secret-1"));
/// let authentication = Authentication::new(signer, Encoding::FormWithHeaders);
///
/// let mut request = products::Create::new("ID-5").title("Товар").in_stock(true).request().unwrap();
/// authentication.encode(&mut request).unwrap();
/// assert_eq!(request.body(), "id=ID-5&in_stock=1&title=%D0%A2%D0%BE%D0%B2%D0%B0%D1%80");
///
/// let base_url: BaseUrl = "https://account.nice.chat".parse().unwrap();
/// base_url.apply(&mut request).unwrap();
/// authentication.authorize(&mut request).unwrap();
/// assert_eq!(request.headers()["x-api-key"], "key-1");
/// assert_eq!(request.headers()["x-api-sign"].len(), 64);
/// ```
#[derive(Debug, Clone)]
pub struct Authentication {
    signer: Signer,
    encoding: Encoding,
    /// The names of the parameters that hold key and signature.
    #[cfg(feature = "client")]
    parameters: std::sync::Arc<[String]>,
}

impl Authentication {
    /// Creates an authentication from a signer and an encoding.
    pub fn new(signer: Signer, encoding: Encoding) -> Self {
        Self {
            #[cfg(feature = "client")]
            parameters: [
                signer.names().key_parameter_name().to_owned(),
                signer.names().signature_parameter_name().to_owned(),
            ]
            .into(),
            signer,
            encoding,
        }
    }

    /// Converts the JSON body of an operation to the configured encoding. Numbers keep their
    /// digits.
    ///
    /// # Errors
    /// - The body of a form encoding has a null, an empty list or an empty object, which a form
    ///   cannot express. To clear a field use [`Encoding::JsonWithHeaders`].
    /// - The signer's dialect does not define a value.
    pub fn encode(&self, request: &mut Request<Bytes>) -> Result<(), Error> {
        if request.headers().get(CONTENT_TYPE) != Some(&JSON) {
            return Ok(());
        }
        match self.encoding {
            Encoding::JsonWithHeaders => Ok(()),
            Encoding::FormWithHeaders | Encoding::FormWithParameters => self.encode_form(request),
            Encoding::MultipartWithHeaders | Encoding::MultipartWithParameters => {
                self.encode_multipart(request)
            }
        }
    }

    fn encode_form(&self, request: &mut Request<Bytes>) -> Result<(), Error> {
        let form = form(request.body())?;
        let text = wire(self.signer.dialect(), &form).map_err(unsigned)?;
        *request.body_mut() = text.into();
        let content_type = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(CONTENT_TYPE, content_type);
        Ok(())
    }

    fn encode_multipart(&self, request: &mut Request<Bytes>) -> Result<(), Error> {
        let form = form(request.body())?;
        let typed = Request::post("/").body(Multipart(form)).map_err(|error| {
            Error::invalid_input("body", "it does not make a request").with_source(error)
        })?;
        let encoded = self.signer.sign_with_headers(&typed).map_err(unsigned)?;
        let (head, body) = encoded.into_parts();
        if let Some(content_type) = head.headers.get(CONTENT_TYPE) {
            request
                .headers_mut()
                .insert(CONTENT_TYPE, content_type.clone());
        }
        *request.body_mut() = body;
        Ok(())
    }
}

impl Authorize for Authentication {
    fn authorize(&self, request: &mut Request<Bytes>) -> Result<(), Error> {
        // The signature covers the whole body, and the bytes of a stream are not known yet.
        #[cfg(feature = "client")]
        if common_transport::Body::of(request).is_some() {
            return Err(Error::invalid_input(
                "body",
                "a streamed body cannot be signed",
            ));
        }
        self.signer
            .sign_in_place(self.encoding.placement(), request)
            .map_err(unsigned)?;
        // A signature can be replayed until the keys change, so it is marked as sensitive.
        let names = self.signer.names();
        for name in [names.key_header_name(), names.signature_header_name()] {
            let name = HeaderName::from_bytes(name.as_bytes()).ok();
            if let Some(value) = name.and_then(|name| request.headers_mut().get_mut(name)) {
                value.set_sensitive(true);
            }
        }
        #[cfg(feature = "client")]
        if matches!(self.encoding.placement(), Placement::Parameters) {
            let hidden = common_transport::client::HideParameters(self.parameters.clone());
            request.extensions_mut().insert(hidden);
        }
        Ok(())
    }
}

fn unsigned(error: nicechat_sign::Error) -> Error {
    Error::invalid_input("signature", "the request cannot be signed").with_source(error)
}

/// The members of a JSON object as fields.
fn form(json: &[u8]) -> Result<Form, Error> {
    let value: Value = common_model::from_json_bytes(json)
        .map_err(|error| Error::invalid_input("body", error.to_string()))?;
    value
        .as_object()
        .map_or_else(|| Ok(Form::default()), fields)
}

fn fields(members: &Map<Value>) -> Result<Form, Error> {
    members
        .iter()
        .map(|(name, value)| Ok((name.to_owned(), field(name, value)?)))
        .collect()
}

fn field(name: &str, value: &Value) -> Result<nicechat_sign::Value, Error> {
    let missing = |what: &str| {
        let message = format!("a form has no {what}; send JSON with the signature in headers");
        Err(Error::invalid_input(name, message))
    };
    Ok(match value {
        Value::Null => return missing("null"),
        Value::Bool(value) => (*value).into(),
        // Its digits, as text: a float would lose some (N58).
        Value::Number(number) => number.to_string().into(),
        Value::String(text) => text.as_str().into(),
        Value::Array(items) if items.is_empty() => return missing("empty list"),
        Value::Array(items) => {
            let items: Result<Vec<_>, Error> = items.iter().map(|item| field(name, item)).collect();
            items?.into()
        }
        Value::Object(members) if members.is_empty() => return missing("empty object"),
        Value::Object(members) => fields(members)?.into(),
    })
}

#[cfg(test)]
mod tests;
