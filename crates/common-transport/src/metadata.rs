//! What is known of an operation before it runs: names, method, path, parameters, retry and rate class.

use http::Method;

/// The static description of one operation, in OpenAPI's terms.
///
/// The client puts a `&'static Metadata` into the extensions of every request it sends, so that layers
/// (retry, limit, spans) can read it; without one they fall back to the HTTP method.
#[derive(Debug)]
#[non_exhaustive]
pub struct Metadata {
    /// The service, as users write it: `retailcrm`.
    pub service: &'static str,
    /// The operation's name within the service: `orders.edit`.
    pub name: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path from the host's root, with `{param}` templates: `/api/v5/orders/{externalId}/edit`.
    pub path: &'static str,
    /// The parameters, by their wire names, in the order of the description.
    pub params: &'static [Param],
    /// Whether a repeat has no further effect.
    pub idempotency: Idempotency,
    /// Which of the host's rate limits counts it.
    pub rate_class: RateClass,
}

impl Metadata {
    /// Metadata of an operation without parameters, in the default rate class.
    pub const fn new(
        service: &'static str,
        name: &'static str,
        method: Method,
        path: &'static str,
        idempotency: Idempotency,
    ) -> Self {
        Self {
            service,
            name,
            method,
            path,
            params: &[],
            idempotency,
            rate_class: RateClass::DEFAULT,
        }
    }

    /// Sets the parameters.
    pub const fn params(mut self, params: &'static [Param]) -> Self {
        self.params = params;
        self
    }

    /// Sets the rate class.
    pub const fn rate_class(mut self, class: RateClass) -> Self {
        self.rate_class = class;
        self
    }

    /// The parameter of this wire name.
    pub fn param(&self, name: &str) -> Option<&'static Param> {
        self.params.iter().find(|param| param.name == name)
    }
}

/// One parameter of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Param {
    /// The wire name.
    pub name: &'static str,
    /// Where it travels.
    pub place: Place,
    /// Whether the service refuses the call without it.
    pub required: bool,
}

impl Param {
    /// An optional parameter.
    pub const fn optional(name: &'static str, place: Place) -> Self {
        Self {
            name,
            place,
            required: false,
        }
    }

    /// A required parameter.
    pub const fn required(name: &'static str, place: Place) -> Self {
        Self {
            name,
            place,
            required: true,
        }
    }
}

/// Where a parameter travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// A segment of the path.
    Path,
    /// The query string; nested values in brackets.
    Query,
    /// A field of a urlencoded body, as plain text.
    Form,
    /// A field of a urlencoded body whose value is JSON text.
    FormJson,
    /// Fields of a urlencoded body in brackets.
    FormBrackets,
    /// A member of a JSON body.
    Body,
    /// The body itself, raw bytes.
    Binary,
}

/// Whether a repeated call has no further effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Idempotency {
    /// A repeat changes nothing more: every transient failure may be retried.
    Idempotent,
    /// A repeat may double the effect: retried only when the call provably was not processed.
    NonIdempotent,
}

impl Idempotency {
    /// What RFC 9110 (section 9.2.2) says of a method: POST, PATCH and extensions are not idempotent.
    pub fn of_method(method: &Method) -> Self {
        if method.is_idempotent() {
            Self::Idempotent
        } else {
            Self::NonIdempotent
        }
    }
}

/// A named rate limit of a host; operations of one class share one cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RateClass(pub &'static str);

impl RateClass {
    /// The class of everything that has none of its own.
    pub const DEFAULT: Self = Self("default");
}
