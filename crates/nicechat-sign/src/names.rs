//! Under which names key and signature travel.

use alloc::borrow::Cow;

/// Header and parameter names (N9, N10). The document contradicts itself: its samples use
/// `X-API-Sign` and `_sign`, which are the defaults; its prose says `_sing` for both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    key_header: Cow<'static, str>,
    signature_header: Cow<'static, str>,
    key_parameter: Cow<'static, str>,
    signature_parameter: Cow<'static, str>,
}

impl Names {
    /// `X-API-Key`, `X-API-Sign`, `_key`, `_sign`.
    pub const fn new() -> Self {
        Self {
            key_header: Cow::Borrowed("x-api-key"),
            signature_header: Cow::Borrowed("x-api-sign"),
            key_parameter: Cow::Borrowed("_key"),
            signature_parameter: Cow::Borrowed("_sign"),
        }
    }

    /// The header of the API-Key.
    #[must_use]
    pub fn key_header(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.key_header = name.into();
        self
    }

    /// The header of the signature.
    #[must_use]
    pub fn signature_header(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.signature_header = name.into();
        self
    }

    /// The query or form parameter of the API-Key.
    #[must_use]
    pub fn key_parameter(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.key_parameter = name.into();
        self
    }

    /// The query or form parameter of the signature, such as `_sing`.
    #[must_use]
    pub fn signature_parameter(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.signature_parameter = name.into();
        self
    }

    /// The header of the API-Key as it is now.
    pub fn key_header_name(&self) -> &str {
        &self.key_header
    }

    /// The header of the signature as it is now.
    pub fn signature_header_name(&self) -> &str {
        &self.signature_header
    }

    /// The parameter of the API-Key as it is now.
    pub fn key_parameter_name(&self) -> &str {
        &self.key_parameter
    }

    /// The parameter of the signature as it is now.
    pub fn signature_parameter_name(&self) -> &str {
        &self.signature_parameter
    }
}

impl Default for Names {
    fn default() -> Self {
        Self::new()
    }
}
