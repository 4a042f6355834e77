//! `multipart/form-data` of plain fields (N94). Files are refused: the document does not say how
//! they would be signed.

use alloc::string::String;
use alloc::vec::Vec;

use crate::{Error, Form, Signature};

/// A form to be sent as `multipart/form-data`. What is signed is the form, not these bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Multipart(pub Form);

/// The parts of a body, names and values in the order they came.
pub(crate) fn fields(body: &[u8], boundary: &str) -> Result<Vec<(String, String)>, Error> {
    let body = core::str::from_utf8(body).map_err(|_| broken("the body is not UTF-8"))?;
    let delimiter = alloc::format!("\r\n--{boundary}");
    let first = body
        .strip_prefix(&delimiter[2..])
        .ok_or_else(|| broken("the body does not start with the boundary"))?;
    let mut out = Vec::new();
    let mut rest = first;
    loop {
        if matches!(rest, "--" | "--\r\n") {
            return Ok(out);
        }
        let part = rest
            .strip_prefix("\r\n")
            .ok_or_else(|| broken("a boundary is not on a line"))?;
        let (part, tail) = part
            .split_once(&delimiter)
            .ok_or_else(|| broken("the last boundary is missing"))?;
        out.push(field(part)?);
        if out.len() > 1000 {
            return Err(Error::new(crate::error::Kind::TooManyFields));
        }
        rest = tail;
    }
}

/// Writes parts and gives the boundary, which depends on the signature alone and occurs in no part.
pub(super) fn write(fields: &[(String, String)], salt: &Signature) -> (String, Vec<u8>) {
    let mut boundary = alloc::format!("shopwire-{}", &String::from(*salt)[..24]);
    while fields
        .iter()
        .any(|(name, value)| name.contains(&boundary) || value.contains(&boundary))
    {
        boundary.push('-');
    }
    let mut body = Vec::new();
    for (name, value) in fields {
        write_part(&boundary, name, value, &mut body);
    }
    body.extend_from_slice(alloc::format!("--{boundary}--\r\n").as_bytes());
    (boundary, body)
}

/// Appends one part with the boundary before it.
pub(super) fn write_part(boundary: &str, name: &str, value: &str, body: &mut Vec<u8>) {
    let name = name
        .replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A");
    let disposition = "Content-Disposition: form-data; name=";
    let part = alloc::format!("--{boundary}\r\n{disposition}\"{name}\"\r\n\r\n{value}\r\n");
    body.extend_from_slice(part.as_bytes());
}

fn field(part: &str) -> Result<(String, String), Error> {
    let (head, value) = part
        .split_once("\r\n\r\n")
        .ok_or_else(|| broken("a part has no empty line"))?;
    let mut name = None;
    for line in head.split("\r\n") {
        let (header, content) = line
            .split_once(':')
            .ok_or_else(|| broken("a header is broken"))?;
        if header.eq_ignore_ascii_case("content-disposition") {
            if name.replace(disposition(content)?).is_some() {
                return Err(broken("a part has two dispositions"));
            }
        } else if header.eq_ignore_ascii_case("content-transfer-encoding") {
            return Err(broken("a part has a transfer encoding"));
        }
    }
    Ok((
        name.ok_or_else(|| broken("a part has no name"))?,
        value.into(),
    ))
}

/// `form-data; name="…"` and nothing else: a file name makes it a file.
fn disposition(content: &str) -> Result<String, Error> {
    let name = content
        .trim()
        .strip_prefix("form-data;")
        .and_then(|rest| rest.trim().strip_prefix("name=\""))
        .and_then(|rest| rest.strip_suffix('"'))
        .ok_or_else(|| broken("a part is not a plain field"))?;
    if name.contains(['"', '\\']) {
        return Err(broken(
            "a part is a file or has a name that readers take differently",
        ));
    }
    Ok(name
        .replace("%22", "\"")
        .replace("%0D", "\r")
        .replace("%0A", "\n"))
}

fn broken(what: &'static str) -> Error {
    Error::malformed("multipart", what)
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    const FILE: &str =
        "--b\r\nContent-Disposition: form-data; name=\"a\"; filename=\"x\"\r\n\r\n1\r\n--b--\r\n";

    #[test]
    fn n94_fields_survive_the_way() {
        let fields_in: Vec<(String, String)> =
            [("title", "Товар \r\n--x"), ("a\"b", ""), ("", "1")]
                .map(|(name, value)| (name.into(), value.into()))
                .into();
        let (boundary, body) = write(&fields_in, &Signature::from_bytes([7; 32]));
        assert_eq!(fields(&body, &boundary).unwrap(), fields_in);
    }

    #[test]
    fn n94_the_boundary_is_in_no_part() {
        let salt = Signature::from_bytes([7; 32]);
        let (usual, _) = write(&[], &salt);
        let fields_in = [("x".into(), alloc::format!("\r\n--{usual}--\r\n"))];
        let (boundary, body) = write(&fields_in, &salt);
        assert_ne!(boundary, usual);
        assert_eq!(fields(&body, &boundary).unwrap(), fields_in);
    }

    #[test]
    fn n94_there_are_at_most_a_thousand_fields() {
        let read = |count| {
            let fields_in = vec![("a".into(), "1".into()); count];
            let (boundary, body) = write(&fields_in, &Signature::from_bytes([7; 32]));
            fields(&body, &boundary).map(|fields| fields.len())
        };
        assert_eq!(read(1000), Ok(1000));
        assert!(read(1001).unwrap_err().is_malformed());
    }

    #[test]
    fn n94_files_are_refused() {
        assert!(fields(FILE.as_bytes(), "b").unwrap_err().is_malformed());
        assert!(fields(FILE.replace("; filename=\"x\"", "").as_bytes(), "b").is_ok());
    }

    #[test]
    fn n94_broken_bodies_are_refused() {
        let good = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--b--\r\n";
        assert_eq!(
            fields(good.as_bytes(), "b").unwrap(),
            [("a".into(), "1".into())]
        );
        for (from, to) in [
            ("--b--", "--c--"),
            ("\r\n\r\n", "\r\n"),
            ("--b\r\n", "--b \r\n"),
            ("form-data", "attachment"),
            ("name=", "nom="),
            ("\"a\"", "\"a\\\"\""),
            ("Content-D", "\r\nContent-D"),
            (
                "Content-Disposition:",
                "Content-Transfer-Encoding: base64\r\nContent-Disposition:",
            ),
        ] {
            let bad = good.replacen(from, to, 1);
            assert_ne!(bad, good);
            assert!(fields(bad.as_bytes(), "b").is_err(), "{bad:?}");
        }
    }
}
