//! The body of a request or an answer, as far as the journal keeps it.

use std::fmt;

use serde_json::{Value, json};

/// Bytes that the journal keeps of one body.
pub(crate) const KEPT: usize = 64 << 10;

/// A body. The journal keeps the first 64 KiB, and drops the bodies of the oldest exchanges first.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Body {
    size: u64,
    kept: Box<[u8]>,
}

impl Body {
    /// Keeps the beginning of a body that was announced with `size` bytes.
    pub(crate) fn new(size: u64, bytes: &[u8]) -> Self {
        Self {
            size,
            kept: bytes[..bytes.len().min(KEPT)].into(),
        }
    }

    pub(crate) fn whole(bytes: &[u8]) -> Self {
        Self::new(bytes.len() as u64, bytes)
    }

    /// A body of which nothing is kept.
    pub(crate) fn dropped(size: u64) -> Self {
        Self::new(size, &[])
    }

    /// Returns the number of bytes that were sent or announced.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Returns the kept bytes.
    pub fn kept(&self) -> &[u8] {
        &self.kept
    }

    /// Whether all bytes are kept.
    pub fn is_whole(&self) -> bool {
        self.kept.len() as u64 == self.size
    }

    /// Returns the kept bytes as text. A character that was cut in two at the end is left out. `None` if the bytes are
    /// not UTF-8.
    pub fn text(&self) -> Option<&str> {
        match std::str::from_utf8(&self.kept) {
            Ok(text) => Some(text),
            Err(error) if error.error_len().is_none() && !self.is_whole() => {
                std::str::from_utf8(&self.kept[..error.valid_up_to()]).ok()
            }
            Err(_) => None,
        }
    }

    /// Returns the body as the admin API shows it: `{"size", "kept", "text"}`, or `base64` in place of `text`.
    pub fn to_json(&self) -> Value {
        let (size, kept) = (self.size, self.kept.len());
        match self.text() {
            Some(text) => json!({"size": size, "kept": kept, "text": text}),
            None => json!({"size": size, "kept": kept, "base64": base64(&self.kept)}),
        }
    }
}

/// Shows the sizes; the content may have secrets.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({} of {} bytes)", self.kept.len(), self.size)
    }
}

/// Encodes bytes as Base64 with padding.
fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s2_a_body_is_text_or_base64_and_says_what_is_kept() {
        assert_eq!(
            Body::whole("é".as_bytes()).to_json(),
            json!({"size": 2, "kept": 2, "text": "é"})
        );
        assert_eq!(
            Body::whole(b"\xff\x00").to_json(),
            json!({"size": 2, "kept": 2, "base64": "/wA="})
        );
        assert_eq!(
            Body::dropped(9).to_json(),
            json!({"size": 9, "kept": 0, "text": ""})
        );
        // The cut goes through a letter of two bytes.
        let long = format!("x{}", "é".repeat(KEPT));
        let body = Body::whole(long.as_bytes());
        assert_eq!((body.size(), body.kept().len()), (long.len() as u64, KEPT));
        assert_eq!(body.text().map(str::len), Some(KEPT - 1));
        assert!(!body.is_whole() && !format!("{body:?}").contains('x'));
    }
}
