//! `multipart/form-data`: only text fields. File parts are refused.

/// Returns the fields in the order they came.
pub(super) fn fields(content_type: &str, body: &[u8]) -> Result<Vec<(String, String)>, String> {
    let boundary = parameter(content_type, "boundary").ok_or("content-type: has no boundary")?;
    let body = std::str::from_utf8(body).map_err(|_| "body: must be UTF-8")?;
    let delimiter = format!("--{boundary}");
    let mut parts = body.split(delimiter.as_str());
    // The text before the first boundary is a preamble.
    parts.next();
    let mut fields = Vec::new();
    for part in parts {
        if part.starts_with("--") {
            return Ok(fields);
        }
        fields.push(field(part)?);
    }
    Err("body: the closing boundary is missing".into())
}

fn field(part: &str) -> Result<(String, String), String> {
    let part = part
        .strip_prefix("\r\n")
        .ok_or("body: a boundary has no line end")?;
    let part = part
        .strip_suffix("\r\n")
        .ok_or("body: a part does not end before its boundary")?;
    let (head, value) = part
        .split_once("\r\n\r\n")
        .ok_or("body: a part has no head")?;
    let disposition = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("content-disposition"))
        .map(|(_, value)| value)
        .ok_or("body: a part has no content-disposition")?;
    let name = parameter(disposition, "name").ok_or("body: a part has no name")?;
    if parameter(disposition, "filename").is_some() {
        return Err(format!("{name}: file parts are not accepted"));
    }
    Ok((name, value.to_owned()))
}

/// Returns a parameter of a header value, without quotes. `name` does not match `filename`.
fn parameter(header: &str, name: &str) -> Option<String> {
    header.split(';').skip(1).find_map(|piece| {
        let (key, value) = piece.split_once('=')?;
        let value = value.trim();
        let unquoted = value
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            .unwrap_or(value);
        key.trim()
            .eq_ignore_ascii_case(name)
            .then(|| unquoted.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: &str = "multipart/form-data; boundary=XX";

    #[test]
    fn n94_text_fields_are_read() {
        let body = "--XX\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n1\r\n--XX\r\ncontent-disposition: form-data; name=\"title\"\r\nContent-Type: text/plain\r\n\r\nТовар\r\n2\r\n--XX--\r\n";
        let expected = [
            ("id".to_owned(), "1".to_owned()),
            ("title".to_owned(), "Товар\r\n2".to_owned()),
        ];
        assert_eq!(fields(TYPE, body.as_bytes()).expect("two fields"), expected);
    }

    #[test]
    fn n94_file_parts_and_broken_bodies_are_refused() {
        for (body, why) in [
            (
                "--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\n1\r\n--XX--",
                "f: file parts",
            ),
            (
                "--XX\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\n1\r\n",
                "closing boundary",
            ),
            ("--XX\r\nA: b\r\n\r\n1\r\n--XX--", "content-disposition"),
            ("--XX\r\n1\r\n--XX--", "no head"),
        ] {
            let error = fields(TYPE, body.as_bytes()).expect_err(why);
            assert!(error.contains(why), "{error}");
        }
        assert!(fields("multipart/form-data", b"").is_err());
    }
}
