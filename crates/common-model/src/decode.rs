//! The `Decode` trait, and functions that read a whole text.

use crate::{Decoded, Error, Model, Odd, Options, Reader, decoded, read_object};

/// A type that reads itself from JSON.
///
/// Models get it from [`model!`](crate::model). The types of fields tolerate the shapes that PHP writes; each
/// implementation names its own.
pub trait Decode: Sized {
    /// The shapes that mean "no value" in an optional field of this type.
    ///
    /// Default: `null` and `false`.
    const ABSENT: Absent = Absent::NULL.or(Absent::FALSE);

    /// Reads one value.
    ///
    /// # Errors
    /// The value has another type, or is not JSON.
    fn decode(reader: &mut Reader<'_>) -> Result<Self, Error>;

    /// Reads one value into an empty slot.
    ///
    /// Models override this method and the two below: they are large, and are read in place.
    ///
    /// # Errors
    /// As [`decode`](Self::decode). The slot's content is unspecified after an error.
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

    /// Reads one value onto the end of a list.
    ///
    /// # Errors
    /// As [`decode`](Self::decode); the list is then unchanged.
    #[doc(hidden)]
    fn decode_onto(list: &mut Vec<Self>, reader: &mut Reader<'_>) -> Result<(), Error> {
        list.push(decode(reader)?);
        Ok(())
    }
}

/// A set of JSON shapes that stand for "no value".
// U48, U49, RE11
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Absent(u8);

impl Absent {
    /// The empty set: every value counts.
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
    /// `null`, `false`, `""` and `[]`: for types that have none of these among their values.
    pub const EMPTY: Self = Self::NULL.or(Self::FALSE).or(Self::TEXT).or(Self::LIST);

    /// Returns the union of both sets.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether any shape of `other` is in this set.
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

/// Reads a text that is one JSON value. A leading byte order mark is skipped.
///
/// An element of a list or map that has the wrong type is left out, and such an optional field is `None`.
/// Models keep both and write them as they came. [`from_json_with`] reports them, [`from_json_strict`]
/// refuses them.
///
/// # Errors
/// The text is not JSON, its value is not a `T`, or it takes too much memory.
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

/// Reads a text that is one JSON value, and refuses a part of the wrong type: for input of users and
/// configuration. A leading byte order mark is skipped.
///
/// ```
/// let error = common_model::from_json_strict::<Vec<i64>>("[1, true]").unwrap_err();
/// assert_eq!(error.path(), "[1]");
/// ```
///
/// # Errors
/// As [`from_json`], and for each part that has the wrong type.
pub fn from_json_strict<T: Decode>(text: &str) -> Result<T, Error> {
    let mut reader = Reader::whole(text, &Options::new().strict(true));
    whole(&mut reader)
}

/// Reads a text that is one JSON value, with settings, and reports the parts that were set aside. A leading
/// byte order mark is skipped.
///
/// # Errors
/// As [`from_json`], and for parts that the settings refuse.
pub fn from_json_with<T: Decode>(text: &str, options: &Options) -> Result<Decoded<T>, Error> {
    let mut reader = Reader::whole(text, options);
    reader.report();
    let value = whole(&mut reader)?;
    let aside = reader.take_whole();
    let odd = odd_parts(&mut reader)?;
    Ok(Decoded { value, odd, aside })
}

/// Reads bytes that are one JSON value, with settings. Like [`from_json_with`], but checks UTF-8 first.
///
/// # Errors
/// The bytes are not UTF-8; otherwise as [`from_json_with`].
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

/// Reads a text that is one JSON object into a model whose type need not be known, with settings, and reports
/// the parts that were set aside. A leading byte order mark is skipped.
///
/// # Errors
/// The text is not a JSON object, or the settings refuse a part of it. The model is then partly filled.
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

/// Reads bytes that are one JSON object into a model, as [`from_json_into`], and checks UTF-8 first.
///
/// # Errors
/// As [`from_json_into`], or the bytes are not UTF-8.
pub fn from_json_bytes_into(
    bytes: &[u8],
    model: &mut dyn Model,
    options: &Options,
) -> Result<Vec<Odd>, Error> {
    from_json_into(utf8(bytes)?, model, options)
}

/// Returns the parts that were set aside, with their paths.
fn odd_parts(reader: &mut Reader<'_>) -> Result<Vec<Odd>, Error> {
    match reader.take_reports() {
        reports if reports.is_empty() => Ok(Vec::new()),
        reports => decoded::locate(reader, reports),
    }
}

/// Reads one value through [`Decode::decode_into`].
///
/// # Errors
/// As [`Decode::decode`].
#[inline]
pub fn decode<T: Decode>(reader: &mut Reader<'_>) -> Result<T, Error> {
    let mut slot = None;
    T::decode_into(&mut slot, reader)?;
    slot.ok_or_else(|| reader.error("expected a value"))
}

/// Reads bytes that are one JSON value. UTF-8 is checked once, and a leading byte order mark is skipped.
///
/// # Errors
/// The bytes are not UTF-8 or not JSON, or the value is not a `T`.
///
/// ```
/// let ids: Vec<i64> = common_model::from_json_bytes(b"\xEF\xBB\xBF[1]")?;
/// assert_eq!(ids, [1]);
/// # Ok::<(), common_model::Error>(())
/// ```
// U51
pub fn from_json_bytes<T: Decode>(bytes: &[u8]) -> Result<T, Error> {
    from_json(utf8(bytes)?)
}

/// Returns the bytes as text, if they are UTF-8: for callers that inspect an answer before they decode it by
/// [`from_json`], so that UTF-8 is checked only once.
///
/// # Errors
/// The bytes are not UTF-8; the error names the first invalid byte.
pub fn utf8(bytes: &[u8]) -> Result<&str, Error> {
    simdutf8::basic::from_utf8(bytes).map_err(|_| {
        let valid = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
        Error::syntax("invalid UTF-8", valid)
    })
}
