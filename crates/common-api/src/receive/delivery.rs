//! Deliveries whose body was read completely.

use std::fmt;

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Method,
    header::{CONTENT_TYPE, IntoHeaderName},
};

use super::ReceiptId;

/// A posted request with its unchanged body.
#[derive(Clone)]
#[non_exhaustive]
pub struct Delivery {
    /// The id of this delivery.
    pub id: ReceiptId,
    /// The method.
    pub method: Method,
    /// The query of the URL, without the `?`. The secret of the path is masked.
    pub query: Option<String>,
    /// The headers. Credentials, and values that hold the secret of the path, are left out.
    pub headers: HeaderMap,
    /// The unchanged body.
    pub body: Bytes,
}

impl Delivery {
    /// Builds a POST delivery with a new id and no headers.
    pub fn new(body: impl Into<Bytes>) -> Self {
        Self {
            id: ReceiptId::random(),
            method: Method::POST,
            query: None,
            headers: HeaderMap::new(),
            body: body.into(),
        }
    }

    /// Sets the id, for a delivery that already has one.
    #[must_use]
    pub fn with_id(mut self, id: ReceiptId) -> Self {
        self.id = id;
        self
    }

    /// Sets the method. Default: POST.
    #[must_use]
    pub fn with_method(mut self, method: Method) -> Self {
        self.method = method;
        self
    }

    /// Sets the query.
    #[must_use]
    pub fn with_query(mut self, query: impl Into<String>) -> Self {
        self.query = Some(query.into());
        self
    }

    /// Sets a header. A value that is not allowed in a header is ignored.
    #[must_use]
    pub fn with_header(mut self, name: impl IntoHeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    /// Sets the content type.
    #[must_use]
    pub fn with_content_type(self, content_type: &str) -> Self {
        self.with_header(CONTENT_TYPE, content_type)
    }

    /// Returns the content type, if it is text.
    pub fn content_type(&self) -> Option<&str> {
        self.headers.get(CONTENT_TYPE)?.to_str().ok()
    }
}

/// Hides body, query and headers: they hold names, addresses and messages.
impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("id", &self.id)
            .field("method", &self.method)
            .field("content_type", &self.content_type())
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
