//! Answers that are not clean JSON.

/// The page of a proxy that throttles.
pub(crate) const THROTTLED_PAGE: &str = "<html>\r\n<head><title>503 Service Temporarily Unavailable</title></head>\r\n<body>\r\n<center><h1>503 Service Temporarily Unavailable</h1></center>\r\n</body>\r\n</html>\r\n";

/// An HTML page in place of JSON.
pub(crate) const HTML_PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Site</title></head><body><p>Maintenance in progress</p></body></html>\n";

/// Adds a byte order mark and an interpreter's warning before the answer.
pub(crate) fn with_php_warning(body: &[u8]) -> Vec<u8> {
    let mut text = "\u{feff}<br />\n<b>Warning</b>:  Undefined array key \"x\" in <b>/srv/api.php</b> on line <b>12</b><br />\n".as_bytes().to_vec();
    text.extend_from_slice(body);
    text
}

/// Adds a comma before every closing brace and bracket that is outside of strings and closes a value that is not
/// empty.
pub(crate) fn with_trailing_commas(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() + body.len() / 8);
    let (mut in_string, mut escaped) = (false, false);
    for &byte in body {
        if in_string {
            in_string = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
        } else {
            in_string = byte == b'"';
            let after_value = out
                .last()
                .is_some_and(|last| !matches!(last, b'{' | b'[' | b','));
            if matches!(byte, b'}' | b']') && after_value {
                out.push(b',');
            }
        }
        out.push(byte);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n38_u10_trailing_commas_stay_out_of_strings_and_empty_containers() {
        let after = with_trailing_commas(br#"{"a":[1,"}\"]"],"b":{},"c":[]}"#);
        assert_eq!(
            String::from_utf8_lossy(&after),
            r#"{"a":[1,"}\"]",],"b":{},"c":[],}"#
        );
    }
}
