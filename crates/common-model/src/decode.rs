//! The trait of everything that is read, and reading a whole text.

use crate::{Decoded, Error, Model, Odd, Options, Reader, decoded, read_object};

/// A type that reads itself from JSON.
///
/// Models get it from [`model!`](crate::model). The types of fields tolerate the shapes of PHP;
/// each says which below at its implementation.
pub trait Decode: Sized {
    /// The shapes that mean "no value" in an optional field of this type.
    ///
    /// Default: `null` and `false`.
    const ABSENT: Absent = Absent::NULL.or(Absent::FALSE);

    /// Reads one value.
    ///
    /// # Errors
    /// The value is not of this type, or no JSON.
    fn decode(reader: &mut Reader<'_>) -> Result<Self, Error>;

    /// Reads one value into an empty slot.
    ///
    /// Models override this and the two below: they are large, and are read where they stay.
    ///
    /// # Errors
    /// As [`decode`](Self::decode); the slot is of no use then.
    #[doc(hidden)]
    fn decode_into(slot: &mut Option<Self>, reader: &mut Reader<'_>) -> Result<(), Error> {
        // The slot is empty: there is nothing to drop, and no code is needed for it.
        std::mem::forget(slot.replace(Self::decode(reader)?));
        Ok(())
    }

    /// Reads one value into a box.
    ///
    /// # Errors
    /// As [`decode`](Self::decode).
    #[doc(hidden)]
    fn decode_boxed(reader: &mut Reader<'_>) -> Result<Box<Self>, Error> {
        reader.charge(size_of::<Self>())?;
        decode(reader).map(Box::new)
    }

    /// Reads one value to the end of a list.
    ///
    /// # Errors
    /// As [`decode`](Self::decode); the list is then as it was.
    #[doc(hidden)]
    fn decode_onto(list: &mut Vec<Self>, reader: &mut Reader<'_>) -> Result<(), Error> {
        list.push(decode(reader)?);
        Ok(())
    }
}

/// A set of shapes that stand for "no value" (acceptance rows U48, U49, RE11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Absent(u8);

impl Absent {
    /// No shape: every value counts.
    pub const NONE: Self = Self(0);
    /// `null`
    pub const NULL: Self = Self(1);
    /// `false`
    pub const FALSE: Self = Self(2);
    /// `""`
    pub const TEXT: Self = Self(4);
    /// `[]`
    pub const LIST: Self = Self(8);
    /// A date of zeros: `"0000-00-00"`, `"0000-00-00 00:00:00"`.
    pub const ZERO_DATE: Self = Self(16);
    /// `null`, `false`, `""` and `[]`: for all types to which none of them is a value.
    pub const EMPTY: Self = Self::NULL.or(Self::FALSE).or(Self::TEXT).or(Self::LIST);

    /// Both sets.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether some shape of `other` is in this set.
    #[inline]
    pub(crate) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether all shapes of `other` are in this set.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// Reads a text that is one JSON value. A byte order mark in front of it is skipped.
///
/// An element of a list or map that is not of its type is left out, and an optional field `None`: models
/// keep both and write them as they came. [`from_json_with`] tells of them, [`from_json_strict`] refuses
/// them.
///
/// # Errors
/// The text is no JSON, or its value no `T`, or it takes too much memory.
///
/// ```
/// let ids: Vec<i64> = common_model::from_json(r#"[1, "2", 3]"#)?;
/// assert_eq!(ids, [1, 2, 3]);
/// # Ok::<(), common_model::Error>(())
/// ```
pub fn from_json<T: Decode>(text: &str) -> Result<T, Error> {
    let mut reader = Reader::whole(text, &Options::new());
    whole(&mut reader)
}

/// Reads a text that is one JSON value, of which every part has to be of its type: for what a user or a
/// configuration gives. A byte order mark in front of it is skipped.
///
/// ```
/// let error = common_model::from_json_strict::<Vec<i64>>("[1, true]").unwrap_err();
/// assert_eq!(error.path(), "[1]");
/// ```
///
/// # Errors
/// As [`from_json`], and for each part that is not of its type.
pub fn from_json_strict<T: Decode>(text: &str) -> Result<T, Error> {
    let mut reader = Reader::whole(text, &Options::new().strict(true));
    whole(&mut reader)
}

/// Reads a text that is one JSON value, with settings, and tells which parts of it were kept aside. A byte
/// order mark in front of it is skipped.
///
/// # Errors
/// As [`from_json`], and what the settings refuse.
pub fn from_json_with<T: Decode>(text: &str, options: &Options) -> Result<Decoded<T>, Error> {
    let mut reader = Reader::whole(text, options);
    reader.report();
    let value = whole(&mut reader)?;
    let aside = reader.take_whole();
    let odd = odd_parts(&mut reader)?;
    Ok(Decoded { value, odd, aside })
}

/// Reads bytes that are one JSON value, with settings: [`from_json_with`] after [`from_json_bytes`].
///
/// # Errors
/// The bytes are no UTF-8; else as [`from_json_with`].
pub fn from_json_bytes_with<T: Decode>(
    bytes: &[u8],
    options: &Options,
) -> Result<Decoded<T>, Error> {
    from_json_with(utf8(bytes)?, options)
}

fn whole<T: Decode>(reader: &mut Reader<'_>) -> Result<T, Error> {
    let mut slot = None;
    T::decode_into(&mut slot, reader)?;
    reader.end()?;
    slot.ok_or_else(|| reader.error("expected a value"))
}

/// Reads a text that is one JSON object into a model whose type may not be known, with settings, and tells which
/// parts of it were kept aside. A byte order mark in front of it is skipped.
///
/// # Errors
/// The text is no JSON object, or what the settings refuse; the model is then filled in part.
pub fn from_json_into(
    text: &str,
    model: &mut dyn Model,
    options: &Options,
) -> Result<Vec<Odd>, Error> {
    let mut reader = Reader::whole(text, options);
    reader.report();
    read_object(model, &mut reader)?;
    reader.end()?;
    odd_parts(&mut reader)
}

/// The same from bytes, whose UTF-8 is checked.
///
/// # Errors
/// As [`from_json_into`], or the bytes are no UTF-8.
pub fn from_json_bytes_into(
    bytes: &[u8],
    model: &mut dyn Model,
    options: &Options,
) -> Result<Vec<Odd>, Error> {
    from_json_into(utf8(bytes)?, model, options)
}

/// What was kept aside, with the paths.
fn odd_parts(reader: &mut Reader<'_>) -> Result<Vec<Odd>, Error> {
    match reader.take_reports() {
        reports if reports.is_empty() => Ok(Vec::new()),
        reports => decoded::locate(reader, reports),
    }
}

/// Reads one value by way of [`Decode::decode_into`].
///
/// # Errors
/// As [`Decode::decode`].
#[inline]
pub fn decode<T: Decode>(reader: &mut Reader<'_>) -> Result<T, Error> {
    let mut slot = None;
    T::decode_into(&mut slot, reader)?;
    slot.ok_or_else(|| reader.error("expected a value"))
}

/// Reads bytes that are one JSON value: UTF-8 is checked once for all, a byte order mark is skipped
/// (acceptance row U51).
///
/// # Errors
/// The bytes are no UTF-8 or no JSON, or the value is no `T`.
///
/// ```
/// let ids: Vec<i64> = common_model::from_json_bytes(b"\xEF\xBB\xBF[1]")?;
/// assert_eq!(ids, [1]);
/// # Ok::<(), common_model::Error>(())
/// ```
pub fn from_json_bytes<T: Decode>(bytes: &[u8]) -> Result<T, Error> {
    from_json(utf8(bytes)?)
}

/// The text of bytes that are UTF-8: for those who look at an answer before they decode it by [`from_json`], so that
/// it is checked once.
///
/// # Errors
/// Names the first byte that is none.
pub fn utf8(bytes: &[u8]) -> Result<&str, Error> {
    simdutf8::basic::from_utf8(bytes).map_err(|_| {
        let valid = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
        Error::syntax("invalid UTF-8", valid)
    })
}
