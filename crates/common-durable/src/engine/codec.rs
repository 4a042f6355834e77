//! How values are stored, the same in every engine.

use bytes::{Buf, BufMut, Bytes, BytesMut};
use sha2::{Digest, Sha256};

use crate::{Error, ErrorKind, Later, Repeat};

/// Writes headers as pairs of lengths and bytes.
pub(crate) fn headers(pairs: &[(String, Bytes)]) -> Bytes {
    let size = pairs
        .iter()
        .map(|(name, value)| 8 + name.len() + value.len());
    let mut out = BytesMut::with_capacity(size.sum());
    for (name, value) in pairs {
        for part in [name.as_bytes(), value] {
            // Limits keep headers far below 4 GiB.
            out.put_u32(part.len() as u32);
            out.put_slice(part);
        }
    }
    out.freeze()
}

/// Reads what [`headers`] wrote.
pub(crate) fn read_headers(mut stored: Bytes) -> Result<Vec<(String, Bytes)>, Error> {
    let mut pairs = Vec::new();
    while !stored.is_empty() {
        let name = part(&mut stored)?;
        let name = String::from_utf8(name.to_vec()).map_err(|_| damaged("headers"))?;
        pairs.push((name, part(&mut stored)?));
    }
    Ok(pairs)
}

fn part(stored: &mut Bytes) -> Result<Bytes, Error> {
    if stored.len() < 4 {
        return Err(damaged("headers"));
    }
    let length = stored.get_u32() as usize;
    if stored.len() < length {
        return Err(damaged("headers"));
    }
    Ok(stored.split_to(length))
}

/// Hash by which an equal body of the same key is recognised.
pub(crate) fn content_digest(key: Option<&[u8; 16]>, body: &[u8]) -> [u8; 16] {
    let mut hash = Sha256::new();
    if let Some(key) = key {
        hash.update([1]);
        hash.update(key);
    } else {
        hash.update([0]);
    }
    hash.update(body);
    let mut short = [0; 16];
    short.copy_from_slice(&hash.finalize()[..16]);
    short
}

/// The number by which a rule of repeats is stored.
pub(crate) const fn repeat_number(repeat: Repeat) -> i16 {
    match repeat {
        Repeat::UniqueKey => 0,
        Repeat::Edit => 1,
        Repeat::Never => 2,
        Repeat::AfterLook => 3,
    }
}

/// Returns the rule of a number.
pub(crate) fn repeat(number: i64) -> Result<Repeat, Error> {
    Ok(match number {
        0 => Repeat::UniqueKey,
        1 => Repeat::Edit,
        2 => Repeat::Never,
        3 => Repeat::AfterLook,
        _ => return Err(damaged("rule of repeats")),
    })
}

/// The number by which it is stored whether later work waits.
pub(crate) const fn later_number(later: Later) -> i16 {
    match later {
        Later::Pass => 0,
        Later::Wait => 1,
    }
}

/// Returns whether later work waits, of a number.
pub(crate) fn later(number: i64) -> Result<Later, Error> {
    Ok(match number {
        0 => Later::Pass,
        1 => Later::Wait,
        _ => return Err(damaged("rule of later work")),
    })
}

/// The error of a stored value that this crate does not write.
pub(crate) fn damaged(what: &str) -> Error {
    Error::new(
        ErrorKind::Damaged,
        format!("{what}: a stored value cannot be read"),
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn d2_headers_are_read_back(pairs in proptest::collection::vec(
            (".{0,20}", proptest::collection::vec(any::<u8>(), 0..40)), 0..8)
        ) {
            let pairs: Vec<(String, Bytes)> =
                pairs.into_iter().map(|(name, value)| (name, value.into())).collect();
            prop_assert_eq!(read_headers(headers(&pairs)).unwrap(), pairs);
        }

        #[test]
        fn d19_foreign_bytes_are_an_error_or_headers(
            bytes in proptest::collection::vec(any::<u8>(), 0..40)
        ) {
            let bytes = Bytes::from(bytes);
            if let Ok(pairs) = read_headers(bytes.clone()) {
                prop_assert_eq!(headers(&pairs), bytes);
            }
        }
    }

    #[test]
    fn numbers_are_read_back() {
        for number in 0..4 {
            assert_eq!(i64::from(repeat_number(repeat(number).unwrap())), number);
        }
        for number in 0..2 {
            assert_eq!(i64::from(later_number(later(number).unwrap())), number);
        }
        assert!(repeat(4).is_err() && later(2).is_err());
    }

    #[test]
    fn d3_equal_bodies_of_other_keys_differ() {
        let digest = |key: Option<u8>| content_digest(key.map(|byte| [byte; 16]).as_ref(), b"x");
        assert_eq!(digest(None), digest(None));
        assert_ne!(digest(None), digest(Some(0)));
        assert_ne!(digest(Some(0)), digest(Some(1)));
    }
}
