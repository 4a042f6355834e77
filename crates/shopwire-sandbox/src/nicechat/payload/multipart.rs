//! `multipart/form-data`: only text fields. File parts are refused.

use std::convert::Infallible;

use bytes::Bytes;
use futures_util::{FutureExt as _, stream};
use multer::{Error, Field, Multipart};

/// Returns the fields in the order they came.
///
/// A delimiter starts a line, and every line that starts with it is one (RFC 2046, section 5.1.1). `multer` alone
/// would also take the first one within a line, and one directly after the headers of a part for its value.
pub(super) fn fields(content_type: &str, body: &Bytes) -> Result<Vec<(String, String)>, String> {
    let boundary =
        multer::parse_boundary(content_type).map_err(|_| "content-type: has no boundary")?;
    std::str::from_utf8(body).map_err(|_| "body: must be UTF-8")?;
    let delimiter = format!("--{boundary}");
    if !body.starts_with(delimiter.as_bytes()) {
        return Err("body: does not start with the boundary".into());
    }
    let body = stream::iter([Ok::<_, Infallible>(body.clone())]);
    let mut parts = Multipart::new(body, boundary);
    let mut fields = Vec::new();
    while let Some(part) = ready(parts.next_field())? {
        fields.push(field(part, &delimiter)?);
    }
    Ok(fields)
}

fn field(part: Field<'_>, delimiter: &str) -> Result<(String, String), String> {
    let name = part.name().ok_or("body: a part has no name")?.to_owned();
    if part.file_name().is_some() {
        return Err(format!("{name}: file parts are not accepted"));
    }
    let value = ready(part.bytes())?;
    if value.starts_with(delimiter.as_bytes()) {
        return Err(format!("{name}: the part has no value before its boundary"));
    }
    let value = String::from_utf8(value.into()).map_err(|_| "body: must be UTF-8")?;
    Ok((name, value))
}

/// Drives a step of the reader. It waits for nothing, because the body is in memory.
fn ready<T>(step: impl Future<Output = multer::Result<T>>) -> Result<T, String> {
    let read = step.now_or_never().ok_or(UNCLOSED)?;
    read.map_err(|error| match error {
        Error::IncompleteFieldData { .. } | Error::IncompleteStream => UNCLOSED.into(),
        error => format!("body: {error}"),
    })
}

const UNCLOSED: &str = "body: a boundary or the head of a part is incomplete or missing";

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: &str = "multipart/form-data; boundary=XX";

    fn read(content_type: &str, body: &str) -> Result<Vec<(String, String)>, String> {
        fields(content_type, &Bytes::copy_from_slice(body.as_bytes()))
    }

    #[test]
    fn n94_text_fields_are_read() {
        let body = "--XX\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n1\r\n--XX\r\ncontent-disposition: form-data; name=\"title\"\r\nContent-Type: text/plain\r\n\r\nТовар\r\n2\r\n--XX--\r\n";
        let expected = [
            ("id".to_owned(), "1".to_owned()),
            ("title".to_owned(), "Товар\r\n2".to_owned()),
        ];
        assert_eq!(read(TYPE, body).expect("two fields"), expected);
    }

    #[test]
    fn n94_c16_file_parts_and_broken_bodies_are_refused() {
        let head = "Content-Disposition: form-data; name=\"f\"";
        for (body, why) in [
            (
                format!("--XX\r\n{head}; filename=\"a\"\r\n\r\n1\r\n--XX--"),
                "f: file parts",
            ),
            (format!("--XX\r\n{head}\r\n\r\n1\r\n"), "a boundary"),
            ("--XX\r\nA: b\r\n\r\n1\r\n--XX--".into(), "no name"),
            ("--XX\r\n1\r\n--XX--".into(), "the head of a part"),
            ("--XX\r\n1\r\n\r\n--XX--".into(), "header"),
            (format!("--XX\r\n{head}\r\n\r\n1\r\n--XXY--"), "a boundary"),
            (format!("a--XX\r\n{head}\r\n\r\n1\r\n--XX--"), "not start"),
            (
                format!("--XX\r\n{head}\r\n\r\n--XX\r\n{head}\r\n\r\n1\r\n--XX--"),
                "f: the part has no value",
            ),
        ] {
            let error = read(TYPE, &body).expect_err(why);
            assert!(error.contains(why), "{error}");
        }
        assert!(read("multipart/form-data", "").is_err());
        let bytes = Bytes::from_static(b"--XX\r\n\xff");
        let error = fields(TYPE, &bytes).expect_err("not UTF-8");
        assert!(error.contains("UTF-8"), "{error}");
    }
}
