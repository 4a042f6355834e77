//! The digest of a JSON value: of its content, so that another writer of the same JSON has the same one.
//!
//! White space, escapes in texts and the spelling of numbers do not count; the order of members does.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use sha2::{Digest, Sha256};

/// The digest of a value that was read and not kept.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ContentDigest(pub(super) String);

impl<'de> Deserialize<'de> for ContentDigest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut hasher = Sha256::new();
        Hashed(&mut hasher).read(deserializer)?;
        let digest = hasher.finalize();
        Ok(Self(
            digest.iter().map(|byte| format!("{byte:02x}")).collect(),
        ))
    }
}

/// Feeds a value to a hash: each part with its kind, texts with their length.
struct Hashed<'h>(&'h mut Sha256);

impl Hashed<'_> {
    fn read<'de, D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }

    fn number(self, number: f64) {
        self.0.update(b"n");
        self.0.update(number.to_bits().to_be_bytes());
    }
}

/// As a part of a list or of a map.
impl<'de> serde::de::DeserializeSeed<'de> for Hashed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.read(deserializer)
    }
}

impl<'de> Visitor<'de> for Hashed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.0.update(b"z");
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.0.update(if value { b"t" } else { b"f" });
        Ok(())
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "a digest of rounded numbers finds damage too"
    )]
    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.number(value as f64);
        Ok(())
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "a digest of rounded numbers finds damage too"
    )]
    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.number(value as f64);
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.number(value);
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.0.update(b"s");
        self.0.update((text.len() as u64).to_be_bytes());
        self.0.update(text);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.0.update(b"[");
        while items.next_element_seed(Hashed(&mut *self.0))?.is_some() {}
        self.0.update(b"]");
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        self.0.update(b"{");
        while members.next_key_seed(Hashed(&mut *self.0))?.is_some() {
            members.next_value_seed(Hashed(&mut *self.0))?;
        }
        self.0.update(b"}");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(text: &str) -> ContentDigest {
        serde_json::from_str(text).expect("JSON")
    }

    #[test]
    fn s3_the_digest_is_of_the_content() {
        let one = digest(r#"{"a":[1,2.50,null,true],"b":"Київ / \"x\""}"#);
        assert_eq!(one.0.len(), 64);
        let escaped = "{ \"a\" : [1.0, 25e-1, null, true],\n\"b\": \"\\u041a\\u0438\\u0457\\u0432 \\/ \\\"x\\\"\" }";
        assert_eq!(digest(escaped), one);
        for other in [
            r#"{"a":[1,2.51,null,true],"b":"Київ / \"x\""}"#,
            r#"{"a":[1,2.50,null,false],"b":"Київ / \"x\""}"#,
            r#"{"a":[1,2.50,true],"b":"Київ / \"x\""}"#,
            r#"{"a":[1,[2.50,null,true]],"b":"Київ / \"x\""}"#,
            r#"{"a":["1",2.50,null,true],"b":"Київ / \"x\""}"#,
            r#"{"b":"Київ / \"x\"","a":[1,2.50,null,true]}"#,
        ] {
            assert_ne!(digest(other), one, "{other}");
        }
    }
}
