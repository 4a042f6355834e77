//! The contents of files in a snapshot: hexadecimal, because JSON has no bytes.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::Serializer;

pub(super) fn serialize<S: Serializer>(
    files: &BTreeMap<i64, Bytes>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(files.iter().map(|(id, content)| (id, hex(content))))
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<i64, Bytes>, D::Error> {
    let files = BTreeMap::<i64, String>::deserialize(deserializer)?;
    let read = |(id, text): (i64, String)| {
        let content = bytes(&text);
        content
            .map(|content| (id, content))
            .ok_or_else(|| D::Error::custom(format!("the content of file {id} is not hexadecimal")))
    };
    files.into_iter().map(read).collect()
}

fn hex(content: &[u8]) -> String {
    content.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(text: &str) -> Option<Bytes> {
    if !text.len().is_multiple_of(2) {
        return None;
    }
    let pairs = text.as_bytes().chunks_exact(2);
    let byte = |pair: &[u8]| {
        let (high, low) = (char::from(pair[0]), char::from(pair[1]));
        let value = high.to_digit(16)? * 16 + low.to_digit(16)?;
        u8::try_from(value).ok()
    };
    pairs.map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s3_bytes_come_back_from_their_text() {
        let content: Vec<u8> = (0..=255).collect();
        assert_eq!(bytes(&hex(&content)), Some(Bytes::from(content)));
        for wrong in ["0", "0g", "+1"] {
            assert_eq!(bytes(wrong), None, "{wrong}");
        }
    }
}
