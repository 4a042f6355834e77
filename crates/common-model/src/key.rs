//! Keys of map entries. Short keys need no allocation.

use std::{
    borrow::Borrow,
    fmt,
    hash::{Hash, Hasher},
};

use crate::{Error, Reader};

/// Longest key in bytes that is stored inline. With it a key is as wide as a `String`.
const INLINE: usize = 22;

/// A key, stored inline when it is short. Nearly all keys are short.
#[derive(Clone)]
pub(crate) struct Key(Form);

#[derive(Clone)]
enum Form {
    Inline(u8, [u8; INLINE]),
    Heap(Box<str>),
}

impl Key {
    /// Makes a key while reading; a long key is charged to the budget.
    pub(crate) fn read(key: &str, reader: &mut Reader<'_>) -> Result<Self, Error> {
        if key.len() > INLINE {
            reader.charge_text(key.len())?;
        }
        Ok(Self::from(key))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Form::Inline(length, bytes) => &bytes[..usize::from(*length)],
            Form::Heap(text) => text.as_bytes(),
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        match &self.0 {
            // It was made from a `str`, so the check never fails.
            Form::Inline(..) => std::str::from_utf8(self.as_bytes()).unwrap_or_default(),
            Form::Heap(text) => text,
        }
    }

    pub(crate) fn is(&self, key: &str) -> bool {
        self.as_bytes() == key.as_bytes()
    }
}

impl From<&str> for Key {
    fn from(text: &str) -> Self {
        let mut bytes = [0; INLINE];
        match (bytes.get_mut(..text.len()), u8::try_from(text.len())) {
            (Some(place), Ok(length)) => {
                place.copy_from_slice(text.as_bytes());
                Self(Form::Inline(length, bytes))
            }
            _ => Self(Form::Heap(text.into())),
        }
    }
}

impl AsRef<str> for Key {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

impl Borrow<[u8]> for Key {
    fn borrow(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_all_lengths_come_back() {
        assert_eq!(size_of::<Key>(), size_of::<String>());
        for length in 0..30 {
            let text = "я".repeat(length / 2) + &"a".repeat(length % 2);
            let key = Key::from(&*text);
            assert_eq!(key.as_str(), text);
            assert!(key.is(&text) && !key.is("other"));
        }
    }
}
