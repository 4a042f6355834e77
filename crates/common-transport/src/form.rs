//! The fields of posted forms, for receivers of callbacks and webhooks.
//!
//! The senders do not document their encoding, so both encodings of HTML forms are read. Nested names (`a[b]`) stay
//! unchanged. The content of a file counts as text.

/// Reads `application/x-www-form-urlencoded` or `multipart/form-data`, as named by `content_type`. Returns the
/// fields in the order in which they were sent.
///
/// Returns `None` if the content type is neither, or if a multipart body does not match its boundary. Invalid UTF-8
/// is replaced, not refused. A declared charset or transfer encoding is ignored. The time is proportional to the
/// length of the body, for any boundary.
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
        return Some(form_urlencoded::parse(body).into_owned().collect());
    }
    if media.eq_ignore_ascii_case("multipart/form-data") {
        return multipart(&parameter(parameters, "boundary")?, body);
    }
    None
}

/// Reads multipart as in RFC 7578: parts between lines of two hyphens and the boundary, each with headers and a
/// value.
fn multipart(boundary: &str, body: &[u8]) -> Option<Vec<(String, String)>> {
    if boundary.is_empty() || boundary.contains(char::is_control) {
        return None;
    }
    let delimiter = format!("--{boundary}").into_bytes();
    let mut fields = Vec::new();
    let mut part = None;
    for start in lines(body) {
        let line = &body[start..];
        let Some(kind) = Delimiter::read(line, &delimiter) else {
            continue;
        };
        if let Some(from) = part {
            // The line end before a delimiter belongs to the delimiter.
            fields.push(field(body.get(from..start - 2)?)?);
        }
        match kind {
            Delimiter::Part { length } => part = Some(start + length),
            Delimiter::Close => return Some(fields),
        }
    }
    None
}

/// Iterates over the starts of lines: the beginning of the body, and the place after each CRLF.
fn lines(body: &[u8]) -> impl Iterator<Item = usize> + '_ {
    #[cfg(test)]
    visits::add(body.len());
    let ends = body.windows(2).enumerate();
    let starts = ends.filter_map(|(at, pair)| (pair == b"\r\n").then_some(at + 2));
    std::iter::once(0).chain(starts)
}

enum Delimiter {
    /// A part follows after this many bytes.
    Part {
        length: usize,
    },
    Close,
}

impl Delimiter {
    /// Reads the beginning of a line. A boundary holds no line end, so the bytes compared for one line are not
    /// compared again for another.
    fn read(line: &[u8], delimiter: &[u8]) -> Option<Self> {
        let equal = line.iter().zip(delimiter);
        let equal = equal.take_while(|(byte, wanted)| byte == wanted).count();
        #[cfg(test)]
        visits::add(equal + 1);
        if equal < delimiter.len() {
            return None;
        }
        let rest = &line[delimiter.len()..];
        if rest.starts_with(b"--") {
            return Some(Self::Close);
        }
        // Some gateways pad the line.
        let is_padding = |byte: &&u8| matches!(byte, b' ' | b'\t');
        let padding = rest.iter().take_while(is_padding).count();
        let length = delimiter.len() + padding + 2;
        rest[padding..]
            .starts_with(b"\r\n")
            .then_some(Self::Part { length })
    }
}

/// Reads one part: headers, an empty line, the value.
fn field(part: &[u8]) -> Option<(String, String)> {
    let head_end = part.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&part[..head_end]);
    let value = String::from_utf8_lossy(&part[head_end + 4..]);
    Some((part_name(&head)?, value.into_owned()))
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

/// Returns a parameter of a header value, quoted or not.
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
        // A word without a value may stand before it.
        let name = name.rsplit(';').next().unwrap_or_default();
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
        rest = after;
    }
}

/// Returns the text up to the closing quote, and the rest after it.
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

/// Counts the bytes that are read.
#[cfg(test)]
mod visits {
    use std::cell::Cell;

    thread_local!(static COUNT: Cell<usize> = const { Cell::new(0) });

    pub(super) fn add(bytes: usize) {
        COUNT.set(COUNT.get() + bytes);
    }

    pub(super) fn take() -> usize {
        COUNT.take()
    }
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
            ("multipart/form-data; boundary=", "----"),
            ("multipart/form-data; boundary=\"\r\n\"", "--\r\n--"),
            ("multipart/form-data; boundary=x", "--x\r\n--x--"),
            ("multipart/form-data; boundary=x", "--xy--"),
            ("multipart/form-data; boundary=x", " --x--"),
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

    // H12, N85
    #[test]
    fn h12_only_a_line_of_its_own_is_a_boundary() {
        let value = "a\r\n--xy\r\n--x y\r\n --x\r\n\n--x\r\nb";
        let body =
            format!("--x \t\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n{value}\r\n--x--");
        assert_eq!(
            fields("multipart/form-data; charset; boundary=x", body.as_bytes()).unwrap(),
            pairs(&[("a", value)])
        );
    }

    // H12: bytes looked at, over doubling sizes and boundaries that nearly match everywhere.
    #[test]
    fn h12_reading_costs_the_length_of_the_body_whatever_the_boundary() {
        let disposition = "Content-Disposition: form-data; name=\"a\"\r\n\r\n";
        for size in [1 << 10, 1 << 11, 1 << 12, 1 << 16, 1 << 17] {
            let boundaries = [
                "-".repeat(8),
                "-".repeat(70),
                "ab".repeat(35),
                "-".repeat(size / 2),
                "ab".repeat(size / 4),
            ];
            for boundary in &boundaries {
                let near = &boundary[..boundary.len() - 1];
                for filling in [
                    format!("\r\n--{near}"),
                    format!("\r\n--{boundary}!"),
                    "\r\n--".into(),
                    "\r\n".into(),
                    "-".into(),
                    near.into(),
                ] {
                    let filling = filling.repeat((size / filling.len()).max(1));
                    let body =
                        format!("--{boundary}\r\n{disposition}.{filling}.\r\n--{boundary}--");
                    visits::take();
                    let read = multipart(boundary, body.as_bytes()).unwrap();
                    let visited = visits::take();
                    assert_eq!(read.len(), 1);
                    assert!(visited <= 3 * body.len(), "{visited} of {}", body.len());
                }
            }
        }
    }
}
