//! Answers that are no clean JSON.

/// The page a proxy sends when it has had enough.
pub(crate) const THROTTLED_PAGE: &str = "<html>\r\n<head><title>503 Service Temporarily Unavailable</title></head>\r\n<body>\r\n<center><h1>503 Service Temporarily Unavailable</h1></center>\r\n</body>\r\n</html>\r\n";

/// A page where JSON was due.
pub(crate) const HTML_PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Site</title></head><body><p>Maintenance in progress</p></body></html>\n";

/// A byte order mark and a warning of the interpreter, then the answer.
pub(crate) fn with_php_warning(body: &[u8]) -> Vec<u8> {
    let mut text = "\u{feff}<br />\n<b>Warning</b>:  Undefined array key \"x\" in <b>/srv/api.php</b> on line <b>12</b><br />\n".as_bytes().to_vec();
    text.extend_from_slice(body);
    text
}

/// A comma before every closing brace and bracket that stands outside of strings and has something
/// before it.
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
