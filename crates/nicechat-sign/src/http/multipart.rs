//! `multipart/form-data` of plain fields. Files are refused, because the document does not define
//! their signature.

use alloc::string::String;
use alloc::vec::Vec;

use super::media::{MediaType, is_token, is_utf8};
use crate::error::Ambiguity;
use crate::{Error, Form, Signature};

/// A form to be sent as `multipart/form-data`. The signature covers the form, not the bytes of the
/// body.
#[derive(Clone, Debug, PartialEq)]
pub struct Multipart(pub Form);

/// The parts of a body: names and values in their order.
///
/// A body that another reader could split or decode differently is refused.
pub(crate) fn fields(body: &[u8], boundary: &str) -> Result<Vec<(String, String)>, Error> {
    let body = core::str::from_utf8(body).map_err(|_| broken("the body is not UTF-8"))?;
    let delimiter = alloc::format!("--{boundary}");
    let mut delimiters = Delimiters::new(body, &delimiter);
    if delimiters.next()? != Some(0) {
        return Err(broken("the body does not start with the boundary"));
    }
    let mut out = Vec::new();
    let mut rest = delimiter.len();
    while !matches!(&body[rest..], "--" | "--\r\n") {
        let end = delimiters.next()?;
        let end = end.ok_or_else(|| broken("the last boundary is missing"))?;
        // The line end before a boundary belongs to it.
        let part = body
            .get(rest..end - 2)
            .and_then(|part| part.strip_prefix("\r\n"))
            .ok_or_else(|| broken("a boundary is not on a line"))?;
        out.push(field(part)?);
        if out.len() > 1000 {
            return Err(Error::new(crate::error::Kind::TooManyFields));
        }
        rest = end + delimiter.len();
    }
    match declares_charset(&out) {
        true => Err(Error::ambiguous(Ambiguity::Charset)),
        false => Ok(out),
    }
}

/// Whether the field `_charset_` of RFC 7578 and HTML declares another charset than UTF-8 for the
/// form.
pub(crate) fn declares_charset(fields: &[(String, String)]) -> bool {
    let mut fields = fields.iter();
    fields.any(|(name, value)| name == "_charset_" && !is_utf8(value))
}

/// Finds where lines start with the delimiter.
///
/// A delimiter holds no line end, so the bytes compared at two line starts do not overlap: each byte
/// of the body is read twice at most, whatever the boundary is.
struct Delimiters<'a> {
    body: &'a str,
    delimiter: &'a str,
    /// Start of the next line; `None` after the last line.
    line: Option<usize>,
}

impl<'a> Delimiters<'a> {
    fn new(body: &'a str, delimiter: &'a str) -> Self {
        Self {
            body,
            delimiter,
            line: Some(0),
        }
    }

    /// The position of the next delimiter.
    ///
    /// A delimiter after a lone CR or LF is an error: some readers take it for a delimiter, others
    /// for text.
    fn next(&mut self) -> Result<Option<usize>, Error> {
        let body = self.body.as_bytes();
        while let Some(start) = self.line {
            let line = &body[start..];
            let end = line.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
            #[cfg(test)]
            visits::add(end.map_or(line.len(), |end| end + 1));
            self.line = end.map(|end| start + end + 1);
            if begins_with(line, self.delimiter.as_bytes()) {
                return match start == 0 || body[..start].ends_with(b"\r\n") {
                    true => Ok(Some(start)),
                    false => Err(broken("a line end before a boundary is not CRLF")),
                };
            }
        }
        Ok(None)
    }
}

fn begins_with(line: &[u8], delimiter: &[u8]) -> bool {
    let pairs = line.iter().zip(delimiter);
    let equal = pairs.take_while(|(byte, wanted)| byte == wanted).count();
    #[cfg(test)]
    visits::add(equal + 1);
    equal == delimiter.len()
}

/// Counts the bytes that are read.
#[cfg(test)]
mod visits {
    use core::cell::Cell;

    std::thread_local!(static COUNT: Cell<usize> = const { Cell::new(0) });

    pub(super) fn add(bytes: usize) {
        COUNT.set(COUNT.get() + bytes);
    }

    pub(super) fn take() -> usize {
        COUNT.take()
    }
}

/// Writes the parts and returns the boundary, which depends only on the signature and occurs in no
/// part.
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
    let (mut name, mut content_type) = (None, None);
    for line in head.split("\r\n") {
        let (header, content) = header(line)?;
        if header.eq_ignore_ascii_case("content-disposition") {
            if name.replace(disposition(content)?).is_some() {
                return Err(broken("a part has two dispositions"));
            }
        } else if header.eq_ignore_ascii_case("content-type") {
            if content_type.replace(content).is_some() {
                return Err(Error::ambiguous(Ambiguity::Parameters));
            }
            plain_type(content).map_err(Error::ambiguous)?;
        } else if header.eq_ignore_ascii_case("content-transfer-encoding") {
            return Err(Error::ambiguous(Ambiguity::TransferEncoding));
        }
    }
    Ok((
        name.ok_or_else(|| broken("a part has no name"))?,
        value.into(),
    ))
}

/// Name and content of a header. A folded header, or one whose name some readers would trim, is
/// refused.
fn header(line: &str) -> Result<(&str, &str), Error> {
    let is_text = |letter: char| letter == '\t' || !letter.is_control();
    line.split_once(':')
        .filter(|(name, _)| is_token(name) && line.chars().all(is_text))
        .ok_or_else(|| broken("a header is broken"))
}

/// Checks that the content type of a part declares text in UTF-8.
fn plain_type(content: &str) -> Result<(), Ambiguity> {
    let media = MediaType::parse(content.trim())?;
    let kind = media.essence.split('/').next().unwrap_or_default();
    if kind.eq_ignore_ascii_case("multipart") || kind.eq_ignore_ascii_case("message") {
        return Err(Ambiguity::Nested);
    }
    media.check_charset()
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

    // H12
    #[test]
    fn h12_parts_with_more_than_one_reading_are_refused_and_say_so() {
        let part = |headers: &str| {
            let body = alloc::format!(
                "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n{headers}\r\n\r\n1\r\n--b--"
            );
            fields(body.as_bytes(), "b").map_err(|error| error.ambiguity())
        };
        for (header, ambiguity) in [
            (
                "Content-Type: text/plain; charset=windows-1251",
                Ambiguity::Charset,
            ),
            (
                "content-type:text/plain;charset=\"utf-16le\"",
                Ambiguity::Charset,
            ),
            (
                "Content-Type: application/json; charset=iso-2022-jp",
                Ambiguity::Charset,
            ),
            (
                "Content-Type: multipart/mixed; boundary=c",
                Ambiguity::Nested,
            ),
            (
                "CONTENT-TYPE: Multipart/Form-Data; boundary=b",
                Ambiguity::Nested,
            ),
            ("Content-Type: multipart/mixed", Ambiguity::Nested),
            ("Content-Type: message/rfc822", Ambiguity::Nested),
            (
                "Content-Transfer-Encoding: base64",
                Ambiguity::TransferEncoding,
            ),
            (
                "content-transfer-encoding: Quoted-Printable",
                Ambiguity::TransferEncoding,
            ),
            (
                "Content-Type: text/plain; charset=utf-8; charset=utf-16",
                Ambiguity::Parameters,
            ),
            (
                "Content-Type: text/plain\r\nContent-Type: text/plain; charset=utf-16",
                Ambiguity::Parameters,
            ),
            (
                "Content-Type: text/plain; charset*=utf-16",
                Ambiguity::Parameters,
            ),
        ] {
            assert_eq!(part(header), Err(Some(ambiguity)), "{header}");
        }
        for header in [
            "Content-Type: text/plain;\r\n charset=utf-16",
            "Content-Type: text/plain;\r\n\tx=\":\";charset=utf-16",
            "Content-Type : text/plain; charset=utf-16",
            " Content-Type: text/plain; charset=utf-16",
            "X: 1\nContent-Type: text/plain; charset=utf-16",
            "X: 1\rContent-Type: text/plain; charset=utf-16",
            "X\0: 1",
        ] {
            assert_eq!(part(header), Err(None), "{header:?}");
        }
        for header in ["Content-Type: text/plain; charset=UTF-8", "X-Any: a:b"] {
            assert_eq!(
                part(header).unwrap(),
                [("a".into(), "1".into())],
                "{header}"
            );
        }
    }

    // H12
    #[test]
    fn h12_a_field_that_declares_a_charset_is_refused() {
        let read = |charset: &str| {
            let fields_in = vec![
                ("_charset_".into(), charset.into()),
                ("a".into(), "1".into()),
            ];
            let (boundary, body) = write(&fields_in, &Signature::from_bytes([7; 32]));
            fields(&body, &boundary).map_err(|error| error.ambiguity())
        };
        assert_eq!(read("windows-1251"), Err(Some(Ambiguity::Charset)));
        assert!(read("UTF-8").is_ok());
    }

    // H12: a reader that takes any line end would see two fields.
    #[test]
    fn h12_a_boundary_behind_a_lone_line_end_is_refused() {
        let read = |value: &str| {
            let disposition = "Content-Disposition: form-data; name=\"a\"";
            let body = alloc::format!("--b\r\n{disposition}\r\n\r\n{value}\r\n--b--");
            fields(body.as_bytes(), "b").map(|mut fields| fields.remove(0).1)
        };
        for value in ["1\n--b\n", "1\r--b", "\n--b--", "1\n\r--b"] {
            assert!(read(value).is_err(), "{value:?}");
        }
        for value in ["1\n-b", "1 --b", "--b\n", "\n\r\r\n"] {
            let expected = if value == "--b\n" { None } else { Some(value) };
            assert_eq!(read(value).ok().as_deref(), expected, "{value:?}");
        }
    }

    // H12: bytes looked at, over doubling sizes and boundaries that nearly match everywhere.
    #[test]
    fn h12_reading_costs_the_length_of_the_body_whatever_the_boundary() {
        let disposition = "Content-Disposition: form-data; name=\"a\"\r\n\r\n";
        let boundaries = ["-".repeat(70), "ab".repeat(35), "-".repeat(8), "x".into()];
        for boundary in &boundaries {
            let near = &boundary[..boundary.len() - 1];
            for filling in [
                alloc::format!("\r\n--{near}"),
                alloc::format!("\r\n--{near}!"),
                "\r\n-".into(),
                "\r\n".into(),
                "-".into(),
                near.into(),
                boundary.clone(),
            ] {
                for size in [1 << 10, 1 << 11, 1 << 12, 1 << 16, 1 << 17] {
                    let filling = filling.repeat(size / filling.len().max(1));
                    let body = alloc::format!(
                        "--{boundary}\r\n{disposition}.{filling}.\r\n--{boundary}--"
                    );
                    visits::take();
                    let read = fields(body.as_bytes(), boundary).unwrap();
                    let visited = visits::take();
                    assert_eq!(read.len(), 1);
                    let most = 3 * body.len() + 8;
                    assert!(
                        visited <= most,
                        "{visited} of {} for {boundary}",
                        body.len()
                    );
                }
            }
        }
    }

    /// A reader that takes any line end, and lets a boundary be padded.
    fn lenient(body: &str, boundary: &str) -> Vec<(String, String)> {
        let mut out: Vec<(String, String)> = Vec::new();
        let (mut part, mut rest) = (String::new(), body);
        while !rest.is_empty() {
            let end = rest.find(['\r', '\n']).unwrap_or(rest.len());
            let (line, tail) = rest.split_at(end);
            let is_crlf = tail.starts_with("\r\n");
            let (line_end, tail) = tail.split_at(tail.len().min(1 + usize::from(is_crlf)));
            rest = tail;
            let mark = line.trim_end().strip_prefix("--");
            if let Some("" | "--") = mark.and_then(|mark| mark.strip_prefix(boundary)) {
                let text = core::mem::take(&mut part);
                let text = text.replace("\r\n", "\n").replace('\r', "\n");
                if let Some((head, value)) = text.split_once("\n\n") {
                    let value = value.strip_suffix('\n').unwrap_or(value);
                    let name = head.split('"').nth(1).unwrap_or_default();
                    out.push((name.into(), value.into()));
                }
            } else {
                part.push_str(line);
                part.push_str(line_end);
            }
        }
        out
    }

    proptest::proptest! {
        // H12: what is taken here, a reader that takes more reads alike.
        #[test]
        fn h12_what_is_read_has_one_reading(
            pieces in proptest::collection::vec(
                proptest::sample::select(vec![
                    "\r\n", "\n", "\r", "\r\n\r\n", "--b", "--b--", "--b\r\n", "\r\n--b", "--", "b", " ", "x",
                    "Content-Disposition: form-data; name=\"a\"\r\n\r\n",
                    "\r\n--b\r\nContent-Disposition: form-data; name=\"c\"\r\n\r\n",
                ]),
                0..8,
            )
        ) {
            let open = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n";
            for begin in [open, ""] {
                let body = alloc::format!("{begin}{}\r\n--b--", pieces.concat());
                if let Ok(read) = fields(body.as_bytes(), "b") {
                    let read: Vec<_> = read
                        .into_iter()
                        .map(|(name, value)| (name, value.replace("\r\n", "\n").replace('\r', "\n")))
                        .collect();
                    proptest::prop_assert_eq!(read, lenient(&body, "b"), "{:?}", body);
                }
            }
        }
    }
}
