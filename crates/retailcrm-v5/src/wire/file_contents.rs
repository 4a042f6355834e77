//! Binary answers.

use bytes::Bytes;
use http::{HeaderMap, Response, header};
use percent_encoding::percent_decode_str;

/// A binary answer: a file or a printed form.
// RE15
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileContents {
    /// The content.
    pub bytes: Bytes,
    /// The name from `Content-Disposition`, without any directories.
    pub filename: Option<String>,
    /// The media type from `Content-Type`.
    pub content_type: Option<String>,
}

impl FileContents {
    /// Builds a file without a name and a media type, as a test double answers with it.
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        Self {
            bytes: bytes.into(),
            filename: None,
            content_type: None,
        }
    }

    pub(super) fn from_response(response: Response<Bytes>) -> Self {
        let headers = response.headers();
        Self {
            filename: filename(headers),
            content_type: text(headers, &header::CONTENT_TYPE),
            bytes: response.into_body(),
        }
    }
}

fn text(headers: &HeaderMap, name: &header::HeaderName) -> Option<String> {
    let value = headers.get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// The name from `filename*` (RFC 8187, UTF-8), else from `filename`, which may be quoted.
fn filename(headers: &HeaderMap) -> Option<String> {
    let disposition = text(headers, &header::CONTENT_DISPOSITION)?;
    let parameter = |wanted: &str| {
        disposition.split(';').skip(1).find_map(|part| {
            let (name, value) = part.split_once('=')?;
            let is_it = name.trim().eq_ignore_ascii_case(wanted);
            is_it.then(|| value.trim().trim_matches('"').to_owned())
        })
    };
    let extended = parameter("filename*").and_then(|value| {
        let encoded = value.rsplit('\'').next()?.to_owned();
        let decoded = percent_decode_str(&encoded).decode_utf8().ok()?;
        Some(decoded.into_owned())
    });
    let name = extended.or_else(|| parameter("filename"))?;
    // A file name, never a path: a caller that saves the file must stay in its own directory.
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    (!matches!(name, "" | "." | "..")).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(disposition: &str) -> Option<String> {
        let response = Response::builder()
            .header("content-disposition", disposition)
            .body(Bytes::new())
            .unwrap();
        FileContents::from_response(response).filename
    }

    #[test]
    fn re15_the_name_quoted_or_not() {
        assert_eq!(name("attachment; filename=a.pdf").as_deref(), Some("a.pdf"));
        assert_eq!(
            name("attachment; filename=\"a b.pdf\"").as_deref(),
            Some("a b.pdf")
        );
        let both = "attachment; filename=\"x.pdf\"; filename*=UTF-8''%D0%B1.pdf";
        assert_eq!(name(both).as_deref(), Some("б.pdf"));
        assert_eq!(name("inline"), None);
    }

    #[test]
    fn re15_a_name_is_no_path() {
        assert_eq!(
            name("attachment; filename=\"../../etc/passwd\"").as_deref(),
            Some("passwd")
        );
        assert_eq!(name("attachment; filename=\"..\""), None);
    }
}
