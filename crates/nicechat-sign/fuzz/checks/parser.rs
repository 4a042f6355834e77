//! Any bytes as urlencoded text: no panic, and a form that was read is the same after writing and
//! reading.

use nicechat_sign::{Dialect, Form, wire};

/// Parses the bytes both ways.
pub(crate) fn run(data: &[u8]) {
    if let Ok(flat) = Form::parse_urlencoded_flat(data) {
        let sent = wire(Dialect::Prose, &flat).expect("text is defined in the prose");
        let again = Form::parse_urlencoded_flat(sent.as_bytes()).expect("what is written is read");
        assert_eq!(sorted(again), sorted(flat));
    }
    if let Ok(nested) = Form::parse_urlencoded(data) {
        assert!(Form::parse_urlencoded_flat(data).is_ok() || has_appended(data));
        if let Ok(sent) = wire(Dialect::Php, &nested) {
            let again = Form::parse_urlencoded(sent.as_bytes()).expect("what is written is read");
            assert_eq!(wire(Dialect::Php, &again), Ok(sent));
        }
    }
}

/// `a[]` may occur twice in PHP; in the other dialects it is a duplicate key.
fn has_appended(data: &[u8]) -> bool {
    let text = String::from_utf8_lossy(data).to_ascii_lowercase();
    text.replace("%5b", "[").replace("%5d", "]").contains("[]")
}

fn sorted(form: Form) -> Vec<(String, nicechat_sign::Value)> {
    let mut fields: Vec<_> = form.into_iter().collect();
    fields.sort_by(|a, b| a.0.cmp(&b.0));
    fields
}
