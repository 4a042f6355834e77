//! Following `next` from page to page, without IO.

use std::hash::{BuildHasher, RandomState};

use bytes::Bytes;
use common_api::walk::SeenRows;
use common_transport::{BaseUrl, Error, ErrorKind};
use http::{Request, Uri};

/// The hosts that the service's documentation names; they serve the same paths.
const HOSTS: [&str; 2] = ["account.nice.chat", "accounts.nice.chat"];

/// Makes the request of the next page out of `next`: a path, a query, or
/// a whole URL of this service. The request goes to the client's own host whatever `next` says, is
/// signed anew like any other, and a `next` that was followed before is an error, so that no walk
/// runs in circles. The last 458,752 addresses are remembered, as hashes.
///
/// ```
/// use common_transport::Operation;
/// use nicechat_api::{PageCursor, products};
///
/// let base_url = "https://account.nice.chat".parse().unwrap();
/// let first = products::List::new().request().unwrap();
/// let mut cursor = PageCursor::new(&base_url, &first);
/// let second = cursor.follow("https://accounts.nice.chat/marketplaces/v1/products/?page=2").unwrap();
/// assert_eq!(second.uri(), "/marketplaces/v1/products/?page=2");
/// assert!(cursor.follow("https://elsewhere.example/?page=3").is_err());
/// ```
#[derive(Debug, Clone)]
pub struct PageCursor {
    base_url: BaseUrl,
    prefix: String,
    current: Uri,
    hasher: RandomState,
    walked: SeenRows,
}

impl PageCursor {
    /// Begins at the request of the first page.
    pub fn new(base_url: &BaseUrl, first: &Request<Bytes>) -> Self {
        let whole: Uri = base_url.to_string().parse().unwrap_or_default();
        let hasher = RandomState::new();
        let mut walked = SeenRows::default();
        walked.insert(hasher.hash_one(first.uri().to_string()));
        Self {
            base_url: base_url.clone(),
            prefix: whole.path().trim_end_matches('/').to_owned(),
            current: first.uri().clone(),
            hasher,
            walked,
        }
    }

    /// The request of the page that `next` names, in origin form.
    ///
    /// # Errors
    /// `next` leads to another host or scheme, to a page that was walked already, or is no address.
    pub fn follow(&mut self, next: &str) -> Result<Request<Bytes>, Error> {
        let (target, uri) = self.address(next)?;
        if !self.walked.insert(self.hasher.hash_one(&target)) {
            return Err(refused("it leads to a page that was walked already"));
        }
        self.current = uri.clone();
        let mut request = Request::new(Bytes::new());
        *request.uri_mut() = uri;
        Ok(request)
    }

    /// Path and query, as text and as an address.
    pub(crate) fn address(&self, next: &str) -> Result<(String, Uri), Error> {
        let target = self.resolve(next)?;
        let uri = target.parse().map_err(|_| refused("it is no address"))?;
        Ok((target, uri))
    }

    /// Path and query.
    fn resolve(&self, next: &str) -> Result<String, Error> {
        if next.starts_with('?') {
            return Ok(format!("{}{next}", self.current.path()));
        }
        if next.starts_with('/') && !next.starts_with("//") {
            return Ok(next.to_owned());
        }
        let uri: Uri = next.parse().map_err(|_| refused("it is no address"))?;
        if !self.is_ours(&uri) {
            return Err(refused("it leads to another host or scheme"));
        }
        let whole = uri.path_and_query().map_or("/", |path| path.as_str());
        Ok(whole.strip_prefix(&self.prefix).unwrap_or(whole).to_owned())
    }

    fn is_ours(&self, uri: &Uri) -> bool {
        if self.base_url.is_origin_of(uri) {
            return true;
        }
        let documented = |authority: &str| {
            HOSTS
                .iter()
                .any(|host| host.eq_ignore_ascii_case(authority))
        };
        uri.scheme_str() == Some("https")
            && documented(self.base_url.authority())
            && uri
                .authority()
                .is_some_and(|authority| documented(authority.as_str()))
    }
}

fn refused(why: &str) -> Error {
    Error::new(
        ErrorKind::Decode,
        format!("the address of the next page is not followed: {why}"),
    )
    .with_field("next")
}

#[cfg(test)]
mod tests {
    use common_transport::Operation;

    use super::*;
    use crate::products;

    fn cursor(base_url: &str) -> PageCursor {
        let first = products::List::new().request().unwrap();
        PageCursor::new(&base_url.parse().unwrap(), &first)
    }

    #[test]
    fn n1_n41_every_form_of_next_leads_to_the_clients_own_host() {
        let path = "/marketplaces/v1/products/";
        for (base, next, expected) in [
            ("https://account.nice.chat", "?page=2", "?page=2"),
            (
                "https://account.nice.chat",
                "/marketplaces/v1/products/?page=2",
                "?page=2",
            ),
            (
                "https://account.nice.chat",
                "https://account.nice.chat/marketplaces/v1/products/?a=1",
                "?a=1",
            ),
            (
                "https://account.nice.chat",
                "https://accounts.nice.chat/marketplaces/v1/products/?a=1",
                "?a=1",
            ),
            (
                "https://accounts.nice.chat",
                "https://Account.Nice.Chat/marketplaces/v1/products/?a=1",
                "?a=1",
            ),
            (
                "http://localhost:1/proxy",
                "http://localhost:1/proxy/marketplaces/v1/products/?a=1",
                "?a=1",
            ),
        ] {
            let request = cursor(base).follow(next).unwrap();
            assert_eq!(
                request.uri().to_string(),
                format!("{path}{expected}"),
                "{next}"
            );
            assert_eq!(request.method(), "GET");
        }
    }

    #[test]
    fn n41_credentials_never_go_elsewhere() {
        for next in [
            "https://evil.example/marketplaces/v1/products/?page=2",
            "http://account.nice.chat/marketplaces/v1/products/?page=2",
            "https://account.nice.chat:8443/?page=2",
            "https://account.nice.chat@evil.example/?page=2",
            "https://account.nice.chat.evil.example/",
            "//evil.example/?page=2",
            "page=2",
            "https://",
            "ftp://account.nice.chat/",
            "\\\\evil.example",
        ] {
            let error = cursor("https://account.nice.chat")
                .follow(next)
                .unwrap_err();
            assert_eq!(error.field(), Some("next"), "{next}");
            assert!(!error.to_string().contains("evil"));
        }
        let other = "https://account.nice.chat/?page=2";
        assert!(
            cursor("http://localhost:1").follow(other).is_err(),
            "only between the two hosts"
        );
    }

    #[test]
    fn n42_a_next_that_repeats_is_an_error() {
        let mut cursor = cursor("https://account.nice.chat");
        cursor.follow("?page=2").unwrap();
        cursor.follow("?page=3").unwrap();
        for next in [
            "?page=2",
            "/marketplaces/v1/products/?page=3",
            "/marketplaces/v1/products/",
        ] {
            assert!(
                cursor
                    .follow(next)
                    .unwrap_err()
                    .to_string()
                    .contains("walked already")
            );
        }
    }
}
