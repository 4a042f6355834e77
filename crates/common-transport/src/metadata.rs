//! The static description of an operation: names, method, path, parameters, retry and rate class.

use http::Method;

use crate::Error;

/// The static description of one operation, in OpenAPI's terms.
///
/// Layers (retry, limit, spans) read it from the `Context` that the client attaches to every request, or from a
/// `&'static Metadata` in the request's extensions. Without either they use the HTTP method.
#[derive(Debug)]
#[non_exhaustive]
pub struct Metadata {
    /// Name of the service as users write it: `retailcrm`.
    pub service: &'static str,
    /// Name of the operation within the service: `orders.edit`.
    pub name: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path from the host's root, with `{param}` templates: `/api/v5/orders/{externalId}/edit`.
    pub path: &'static str,
    /// The parameters in the order of the description, with their wire names.
    pub params: &'static [Param],
    /// Whether a repeat has no further effect.
    pub idempotency: Idempotency,
    /// The rate limit of the host under which the operation counts.
    pub rate_class: RateClass,
    /// Whether the operation is declared to change nothing, whatever its method; [`is_read`](Self::is_read)
    /// considers the method, too.
    pub reads: bool,
    /// The scope that the key needs. `None` if every key may call the operation, or if no source names a scope.
    pub scope: Option<Scope>,
}

impl Metadata {
    /// Builds the metadata of an operation without parameters, in the default rate class.
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
            reads: false,
            scope: None,
        }
    }

    /// Sets the parameters.
    pub const fn params(mut self, params: &'static [Param]) -> Self {
        self.params = params;
        self
    }

    /// Declares that the operation changes nothing at the service, whatever its method: a read of an RPC API, which
    /// is a POST.
    pub const fn reads(mut self) -> Self {
        self.reads = true;
        self.idempotency = Idempotency::Idempotent;
        self
    }

    /// Whether a call changes nothing at the service, so that a failed one cannot have taken effect. True for a safe
    /// method (RFC 9110, section 9.2.1) that is idempotent, and for an operation that is [declared](Self::reads) so.
    pub fn is_read(&self) -> bool {
        self.reads || (self.method.is_safe() && self.idempotency == Idempotency::Idempotent)
    }

    /// Sets the rate class.
    pub const fn rate_class(mut self, class: RateClass) -> Self {
        self.rate_class = class;
        self
    }

    /// Sets the scope.
    pub const fn scope(mut self, scope: Scope) -> Self {
        self.scope = Some(scope);
        self
    }

    /// Checks the names of parameters that come as a map or as JSON: unknown names are refused, and required ones
    /// must be there.
    ///
    /// # Errors
    /// [`Error::is_invalid_input`] names the first parameter that is unknown or missing.
    pub fn check_params<'g>(&self, given: impl IntoIterator<Item = &'g str>) -> Result<(), Error> {
        let given: Vec<&str> = given.into_iter().collect();
        if let Some(name) = given.iter().find(|name| self.param(name).is_none()) {
            return Err(self.unknown_param(name));
        }
        let is_missing = |param: &&Param| param.required && !given.contains(&param.name);
        match self.params.iter().find(is_missing) {
            Some(param) => Err(Error::invalid_input(
                param.name,
                "the parameter is required",
            )),
            None => Ok(()),
        }
    }

    /// Builds the error of an unknown parameter, which lists the known ones.
    pub fn unknown_param(&self, name: &str) -> Error {
        let known: Vec<&str> = self.params.iter().map(|param| param.name).collect();
        let message = match known.as_slice() {
            [] => "the operation takes no parameters".to_owned(),
            known => format!("there is no such parameter; there are {}", known.join(", ")),
        };
        Error::invalid_input(name, message)
    }

    /// Returns the parameter with this wire name.
    pub fn param(&self, name: &str) -> Option<&'static Param> {
        self.params.iter().find(|param| param.name == name)
    }
}

/// A permission of an API key, and the source of the claim that an operation needs it.
///
/// ```
/// use common_transport::{Scope, ScopeBasis};
///
/// const SCOPE: Scope = Scope::new("order_read", ScopeBasis::Stated);
/// assert_eq!(SCOPE.name, "order_read");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Scope {
    /// The service's name of the scope.
    pub name: &'static str,
    /// Source of the claim that the operation needs the scope.
    pub basis: ScopeBasis,
}

impl Scope {
    /// Builds a scope.
    pub const fn new(name: &'static str, basis: ScopeBasis) -> Self {
        Self { name, basis }
    }
}

/// The source of the claim that an operation needs a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScopeBasis {
    /// The service's documentation.
    Stated,
    /// The code of an official module of the service, which requests the scope before it calls the operation.
    OfficialCode,
    /// A rule based on the names of other scopes; it may be wrong.
    Inferred,
}

/// One parameter of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Param {
    /// The wire name.
    pub name: &'static str,
    /// The part of the request that carries the parameter.
    pub place: Place,
    /// Whether the service refuses the call without it.
    pub required: bool,
}

impl Param {
    /// Describes an optional parameter.
    pub const fn optional(name: &'static str, place: Place) -> Self {
        Self {
            name,
            place,
            required: false,
        }
    }

    /// Describes a required parameter.
    pub const fn required(name: &'static str, place: Place) -> Self {
        Self {
            name,
            place,
            required: true,
        }
    }
}

/// The part of a request that carries a parameter.
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

/// Whether repeating a call has no further effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Idempotency {
    /// A repeat has no further effect: every transient failure may be retried.
    Idempotent,
    /// A repeat may double the effect: the call is retried only if it provably was not processed.
    NonIdempotent,
}

impl Idempotency {
    /// Returns the idempotency of a method by RFC 9110 (section 9.2.2): POST, PATCH and extensions are not
    /// idempotent.
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
    /// The class of operations without a class of their own.
    pub const DEFAULT: Self = Self("default");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn x6_parameters_are_checked_by_name() {
        const PARAMS: &[Param] = &[
            Param::required("id", Place::Path),
            Param::optional("by", Place::Query),
        ];
        let metadata = Metadata::new("demo", "get", Method::GET, "/{id}", Idempotency::Idempotent)
            .params(PARAMS);
        let field = |given: &[&str]| {
            let error = metadata.check_params(given.iter().copied()).unwrap_err();
            error.field().map(str::to_owned)
        };
        assert_eq!(field(&["by"]).as_deref(), Some("id"));
        assert_eq!(field(&["id", "be"]).as_deref(), Some("be"));
        assert!(metadata.check_params(["by", "id"]).is_ok());
    }
}
