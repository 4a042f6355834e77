//! The answer to a call: its success, its redirect, its body.

use std::io::Read;

use bytes::Bytes;
use flate2::bufread::GzDecoder;
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
    let (mut body, mut rest) = (Vec::new(), packed);
    loop {
        let left = MAX_BODY + 1 - body.len();
        let mut member = GzDecoder::new(rest).take(left as u64);
        let read = member.read_to_end(&mut body);
        read.map_err(|error| format!("gzip: {error}"))?;
        if body.len() > MAX_BODY {
            return Err(format!("more than {MAX_BODY} bytes"));
        }
        rest = member.into_inner().into_inner();
        let padding = rest.iter().take_while(|byte| **byte == 0).count();
        rest = &rest[padding..];
        if rest.is_empty() {
            return Ok(Bytes::from(body));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    fn packed(text: &str) -> Vec<u8> {
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(text.as_bytes()).unwrap();
        packed.finish().unwrap()
    }

    // F10
    #[test]
    fn f10_members_and_padding_are_unpacked_and_nothing_else() {
        let zeros = vec![0; 512];
        let whole = [packed("one"), zeros.clone(), packed("two"), zeros.clone()].concat();
        assert_eq!(unpacked(&whole).unwrap(), "onetwo");
        for broken in [
            zeros,
            [packed("one"), b"?".to_vec()].concat(),
            packed("one")[..20].to_vec(),
        ] {
            assert!(unpacked(&broken).is_err(), "{broken:?}");
        }
    }
}
