//! The answer to a call: its success, its redirect, its body.

use std::io::Read;

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use http::{Response, Uri, header};

/// Bytes of the largest feed that is read, unpacked.
pub(super) const MAX_BODY: usize = 64 << 20;

/// Checks the status. A status other than 2xx is an error.
pub(super) fn successful(response: &Response<Bytes>) -> Result<(), String> {
    match response.status() {
        status if status.is_success() => Ok(()),
        status => Err(format!("answered with {status}")),
    }
}

/// Returns the target of a redirect, or `None` for any other answer.
pub(super) fn redirect(url: &str, response: &Response<Bytes>) -> Result<Option<String>, String> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let location = response.headers().get(header::LOCATION);
    let location = location.and_then(|value| value.to_str().ok());
    let location = location.ok_or("a redirect without an address")?;
    let base: Uri = url.parse().map_err(|_| "is not a URL".to_owned())?;
    let authority = base.authority().map_or("", |authority| authority.as_str());
    Ok(Some(match location {
        whole if whole.contains("://") => whole.to_owned(),
        other if other.starts_with("//") => format!("http:{other}"),
        path if path.starts_with('/') => format!("http://{authority}{path}"),
        beside => {
            let folder = base
                .path()
                .rsplit_once('/')
                .map_or("", |(folder, _)| folder);
            format!("http://{authority}{folder}/{beside}")
        }
    }))
}

/// A body that was fetched.
#[derive(Debug)]
pub(crate) struct Fetched {
    pub(crate) body: Bytes,
    content_type: String,
}

impl Fetched {
    pub(super) fn of(response: Response<Bytes>) -> Result<Self, String> {
        successful(&response)?;
        let header = |name| {
            let value = response.headers().get(name);
            let value = value.and_then(|value| value.to_str().ok());
            value.unwrap_or_default().trim().to_ascii_lowercase()
        };
        let (coding, content_type) = (
            header(header::CONTENT_ENCODING),
            header(header::CONTENT_TYPE),
        );
        // A file that is stored as gzip comes without the header.
        let is_packed = response.body().starts_with(&[0x1f, 0x8b]);
        let body = match coding.as_str() {
            "gzip" | "x-gzip" => unpacked(response.body())?,
            "" | "identity" if is_packed => unpacked(response.body())?,
            "" | "identity" => response.into_body(),
            other => return Err(format!("content coding {other} is not supported")),
        };
        Ok(Self { body, content_type })
    }

    /// Returns the `charset` of the content type.
    pub(crate) fn charset(&self) -> Option<String> {
        let mut parameters = self.content_type.split(';').skip(1);
        let value = parameters.find_map(|one| one.trim().strip_prefix("charset="))?;
        Some(value.trim_matches('"').to_owned())
    }
}

/// Unpacks all members of a gzip body, up to the size limit of a feed.
fn unpacked(packed: &[u8]) -> Result<Bytes, String> {
    let mut body = Vec::new();
    let mut reader = MultiGzDecoder::new(packed).take(MAX_BODY as u64 + 1);
    let read = reader.read_to_end(&mut body);
    read.map_err(|error| format!("gzip: {error}"))?;
    if body.len() > MAX_BODY {
        return Err(format!("more than {MAX_BODY} bytes"));
    }
    Ok(Bytes::from(body))
}
