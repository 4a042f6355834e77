//! What further attempts are made from.

use bytes::Bytes;
use http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, Request, Uri, Version};

use super::RetryPolicy;
use crate::{Context, Metadata, body::is_spent, context::bare_metadata_of};

/// A copy of a request that is sent, for the case that it has to be sent again.
pub(super) struct Template {
    method: Method,
    uri: Uri,
    version: Version,
    /// A list is cheaper to make than a map, and seldom has to become one.
    headers: Option<Vec<(HeaderName, HeaderValue)>>,
    /// None when it is empty, as most are: then there is nothing to copy and to drop.
    body: Option<Bytes>,
    extensions: Copied,
}

/// Copying extensions costs an allocation for each. Most requests have none but our own two, which are known
/// here anyway: those are not copied, but given to each further attempt anew.
enum Copied {
    Ours {
        bare_metadata: Option<&'static Metadata>,
    },
    All(Extensions),
}

impl Template {
    /// Copies a request that carries this `context`; a policy of one attempt needs no copy.
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

    /// The request for the next attempt.
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

    /// Whether the body was a stream that is gone.
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
        // A context knows without a search.
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
