//! The flat fields of a posted form, for receivers of callbacks and webhooks.
//!
//! The senders do not say how they post, so both encodings of HTML forms are read. Nested names
//! (`a[b]`) stay as they are; a file's content counts as text.

use percent_encoding::percent_decode;

/// Reads `application/x-www-form-urlencoded` or `multipart/form-data`, whatever `content_type` says
/// the body is; the fields come in the order they were sent (acceptance rows N81, N85).
///
/// `None` when the content type is neither, or a multipart body does not follow its boundary. Bytes
/// that are not UTF-8 are replaced, not refused.
///
/// ```
/// use common_transport::form::fields;
///
/// let read = fields("application/x-www-form-urlencoded", b"state=success&text=a+%D0%B1");
/// assert_eq!(read.unwrap(), [("state".into(), "success".into()), ("text".into(), "a б".into())]);
/// assert_eq!(fields("application/json", b"{}"), None);
/// ```
pub fn fields(content_type: &str, body: &[u8]) -> Option<Vec<(String, String)>> {
    let (media, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
    let media = media.trim();
    if media.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Some(urlencoded(body));
    }
    if media.eq_ignore_ascii_case("multipart/form-data") {
        return multipart(&parameter(parameters, "boundary")?, body);
    }
    None
}

fn urlencoded(body: &[u8]) -> Vec<(String, String)> {
    body.split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let mut half = || decoded(halves.next().unwrap_or_default());
            (half(), half())
        })
        .collect()
}

fn decoded(text: &[u8]) -> String {
    let spaced: Vec<u8> = text
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte })
        .collect();
    percent_decode(&spaced).decode_utf8_lossy().into_owned()
}

/// RFC 7578: parts between lines of two hyphens and the boundary, each with headers and a value.
fn multipart(boundary: &str, body: &[u8]) -> Option<Vec<(String, String)>> {
    let delimiter = format!("--{boundary}").into_bytes();
    let mut rest = &body[find(body, &delimiter)? + delimiter.len()..];
    let mut fields = Vec::new();
    while !rest.starts_with(b"--") {
        let part = &rest[find(rest, b"\r\n")? + 2..];
        let delimiter = [b"\r\n", delimiter.as_slice()].concat();
        let end = find(part, &delimiter)?;
        let head_end = find(&part[..end], b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&part[..head_end]);
        let value = String::from_utf8_lossy(&part[head_end + 4..end]);
        fields.push((part_name(&head)?, value.into_owned()));
        rest = &part[end + delimiter.len()..];
    }
    Some(fields)
}

fn part_name(head: &str) -> Option<String> {
    head.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        if !name.trim().eq_ignore_ascii_case("content-disposition") {
            return None;
        }
        parameter(value.split_once(';')?.1, "name")
    })
}

/// A parameter of a header value, quoted or not.
fn parameter(parameters: &str, wanted: &str) -> Option<String> {
    let mut rest = parameters;
    loop {
        rest = rest.trim_start_matches([';', ' ', '\t']);
        let (name, value) = rest.split_once('=')?;
        let (value, after) = match value.strip_prefix('"') {
            Some(quoted) => quoted_text(quoted)?,
            None => {
                let end = value.find(';').unwrap_or(value.len());
                (value[..end].trim().to_owned(), &value[end..])
            }
        };
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
        rest = after;
    }
}

/// The text up to the closing quote, and what follows it.
fn quoted_text(text: &str) -> Option<(String, &str)> {
    let mut out = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((out, &text[at + 1..])),
            '\\' => out.push(letters.next()?.1),
            _ => out.push(letter),
        }
    }
    None
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(fields: &[(&str, &str)]) -> Vec<(String, String)> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        fields.iter().map(owned).collect()
    }

    #[test]
    fn n85_urlencoded_in_every_spelling() {
        let content_type = "Application/X-WWW-Form-Urlencoded; charset=UTF-8";
        let body = b"&updated=2017-05-24T14%3A59&empty=&flag&a[b]=%zz+%FF";
        assert_eq!(
            fields(content_type, body).unwrap(),
            pairs(&[
                ("updated", "2017-05-24T14:59"),
                ("empty", ""),
                ("flag", ""),
                ("a[b]", "%zz \u{fffd}"),
            ])
        );
    }

    #[test]
    fn n85_multipart_with_quotes_files_and_line_breaks_inside() {
        let body = "preamble\r\n--x y\r\nContent-Disposition: form-data; name=\"state\"\r\n\r\nsuccess\r\n\
                    --x y\r\ncontent-type: text/plain\r\ncontent-disposition: form-data; filename=\"a;name=b\"; name=\"q\\\"r\"\r\n\r\nline 1\r\n--x\r\n\r\n--x y--\r\n";
        assert_eq!(
            fields("multipart/form-data; boundary=\"x y\"", body.as_bytes()).unwrap(),
            pairs(&[("state", "success"), ("q\"r", "line 1\r\n--x\r\n")])
        );
    }

    #[test]
    fn what_is_no_form_is_none() {
        for (content_type, body) in [
            ("", "a=b"),
            ("text/plain", "a=b"),
            ("multipart/form-data", "--x--"),
            ("multipart/form-data; boundary=x", ""),
            (
                "multipart/form-data; boundary=x",
                "--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1",
            ),
            ("multipart/form-data; boundary=x", "--x\r\nno head\r\n--x--"),
        ] {
            assert_eq!(
                fields(content_type, body.as_bytes()),
                None,
                "{content_type} {body}"
            );
        }
        assert_eq!(
            fields("multipart/form-data; boundary=x", b"--x--"),
            Some(Vec::new())
        );
    }
}
