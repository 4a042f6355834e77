//! The copy of a request from which further attempts are built.

use bytes::Bytes;
use http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, Request, Uri, Version};

use super::RetryPolicy;
use crate::{Context, Metadata, body::is_spent, context::bare_metadata_of};

/// A copy of a request, in case it has to be sent again.
pub(super) struct Template {
    method: Method,
    uri: Uri,
    version: Version,
    /// A list is cheaper to build than a map, and seldom has to become one.
    headers: Option<Vec<(HeaderName, HeaderValue)>>,
    /// `None` when it is empty, as most bodies are, so that there is nothing to copy or drop.
    body: Option<Bytes>,
    extensions: Copied,
}

/// The extensions of the request. Copying costs an allocation for each. Most requests have only the two of this crate,
/// which are known here anyway: they are not copied, but added to each further attempt.
enum Copied {
    Ours {
        bare_metadata: Option<&'static Metadata>,
    },
    All(Extensions),
}

impl Template {
    /// Copies a request with this `context`. A policy of one attempt needs no copy.
    #[inline]
    pub(super) fn of(
        request: &Request<Bytes>,
        context: Option<&Context>,
        policy: &RetryPolicy,
    ) -> Option<Self> {
        if policy.attempts() == 1 {
            return None;
        }
        let headers = request.headers();
        Some(Self {
            method: request.method().clone(),
            uri: request.uri().clone(),
            version: request.version(),
            headers: (!headers.is_empty()).then(|| list(headers)),
            body: (!request.body().is_empty()).then(|| request.body().clone()),
            extensions: Copied::of(request, context),
        })
    }

    /// Builds the request for the next attempt.
    pub(super) fn request(&self, context: Option<&Context>) -> Request<Bytes> {
        let mut request = Request::new(self.body.clone().unwrap_or_default());
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.uri.clone();
        *request.version_mut() = self.version;
        for (name, value) in self.headers.iter().flatten() {
            request.headers_mut().append(name, value.clone());
        }
        *request.extensions_mut() = self.extensions.with(context);
        request
    }

    /// Whether the body was a stream that is used up.
    pub(super) fn is_spent(&self) -> bool {
        match &self.extensions {
            Copied::Ours { .. } => false,
            Copied::All(extensions) => is_spent(extensions),
        }
    }
}

fn list(headers: &HeaderMap) -> Vec<(HeaderName, HeaderValue)> {
    let mut list = Vec::with_capacity(headers.len());
    list.extend(
        headers
            .iter()
            .map(|(name, value)| (name.clone(), value.clone())),
    );
    list
}

impl Copied {
    #[inline]
    fn of(request: &Request<Bytes>, context: Option<&Context>) -> Self {
        // A context has it without a search.
        let bare_metadata = match context {
            Some(context) => context.bare_metadata(),
            None => bare_metadata_of(request),
        };
        let ours = usize::from(context.is_some()) + usize::from(bare_metadata.is_some());
        if request.extensions().len() == ours {
            Self::Ours { bare_metadata }
        } else {
            Self::All(request.extensions().clone())
        }
    }

    fn with(&self, context: Option<&Context>) -> Extensions {
        let bare_metadata = match self {
            Self::All(extensions) => return extensions.clone(),
            Self::Ours { bare_metadata } => *bare_metadata,
        };
        let mut extensions = Extensions::new();
        if let Some(metadata) = bare_metadata {
            extensions.insert(metadata);
        }
        if let Some(context) = context {
            extensions.insert(context.clone());
        }
        extensions
    }
}
