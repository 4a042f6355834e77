//! The names of the headers and parameters that carry key and signature.

use alloc::borrow::Cow;

/// Names of the headers and parameters that carry key and signature. The service's document
/// contradicts itself: its samples use `X-API-Sign` and `_sign`, which are the defaults; its prose
/// says `_sing` for both.
// N9, N10
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    key_header: Cow<'static, str>,
    signature_header: Cow<'static, str>,
    key_parameter: Cow<'static, str>,
    signature_parameter: Cow<'static, str>,
}

impl Names {
    /// The default names: `X-API-Key`, `X-API-Sign`, `_key`, `_sign`.
    pub const fn new() -> Self {
        Self {
            key_header: Cow::Borrowed("x-api-key"),
            signature_header: Cow::Borrowed("x-api-sign"),
            key_parameter: Cow::Borrowed("_key"),
            signature_parameter: Cow::Borrowed("_sign"),
        }
    }

    /// Sets the name of the header with the API-Key.
    #[must_use]
    pub fn key_header(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.key_header = name.into();
        self
    }

    /// Sets the name of the header with the signature.
    #[must_use]
    pub fn signature_header(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.signature_header = name.into();
        self
    }

    /// Sets the name of the query or form parameter with the API-Key.
    #[must_use]
    pub fn key_parameter(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.key_parameter = name.into();
        self
    }

    /// Sets the name of the query or form parameter with the signature, such as `_sing`.
    #[must_use]
    pub fn signature_parameter(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.signature_parameter = name.into();
        self
    }

    /// The name of the header with the API-Key.
    pub fn key_header_name(&self) -> &str {
        &self.key_header
    }

    /// The name of the header with the signature.
    pub fn signature_header_name(&self) -> &str {
        &self.signature_header
    }

    /// The name of the parameter with the API-Key.
    pub fn key_parameter_name(&self) -> &str {
        &self.key_parameter
    }

    /// The name of the parameter with the signature.
    pub fn signature_parameter_name(&self) -> &str {
        &self.signature_parameter
    }
}

impl Default for Names {
    fn default() -> Self {
        Self::new()
    }
}
