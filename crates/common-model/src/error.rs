//! The error of reading: message, field and byte.

use std::{
    borrow::Cow,
    error::Error as StdError,
    fmt::{self, Write as _},
};

/// Longest part of a key that a path shows, in bytes: a hostile document must not inflate an error.
const KEY_BYTES: usize = 80;

/// An error of reading JSON as the requested type.
///
/// It names the field ([`path`](Self::path)) and the byte ([`offset`](Self::offset)). It never quotes a
/// value: an answer may hold personal data or secrets.
///
/// ```
/// let error = common_model::from_json_strict::<Vec<i64>>("[1, 2, true]").unwrap_err();
/// assert_eq!(error.path(), "[2]");
/// assert_eq!(error.offset(), 7);
/// assert_eq!(error.to_string(), "expected an integer, found a boolean at [2] (byte 7)");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Error {
    inner: Box<Inner>,
}

#[derive(Clone, PartialEq, Eq)]
struct Inner {
    message: Cow<'static, str>,
    path: String,
    offset: usize,
    cause: Cause,
}

/// The kind of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The text is JSON, but not of the shape that the type needs.
    Shape,
    /// The text is not JSON.
    Syntax,
    /// The value would take more memory than its budget allows.
    Budget,
    /// The stop check ended the reading.
    Stopped,
}

impl Error {
    /// Builds an error for JSON of the wrong shape. `offset` is in bytes.
    #[cold]
    #[inline(never)]
    pub fn new(message: impl Into<Cow<'static, str>>, offset: usize) -> Self {
        Self::build(message.into(), offset, Cause::Shape)
    }

    /// Builds an error for a text that is not JSON.
    #[cold]
    #[inline(never)]
    pub(crate) fn syntax(message: &'static str, offset: usize) -> Self {
        Self::build(Cow::Borrowed(message), offset, Cause::Syntax)
    }

    /// Builds an error for a value that takes too much memory.
    #[cold]
    #[inline(never)]
    pub(crate) fn budget(offset: usize) -> Self {
        let message = "the value takes more memory than is allowed";
        Self::build(Cow::Borrowed(message), offset, Cause::Budget)
    }

    /// Builds an error for reading that the stop check ended.
    #[cold]
    #[inline(never)]
    pub(crate) fn stopped(offset: usize) -> Self {
        Self::build(Cow::Borrowed("reading was stopped"), offset, Cause::Stopped)
    }

    fn build(message: Cow<'static, str>, offset: usize, cause: Cause) -> Self {
        Self {
            inner: Box::new(Inner {
                message,
                path: String::new(),
                offset,
                cause,
            }),
        }
    }

    /// Path of the field: `orders[3].items[0].quantity`. Empty when the error concerns the whole text.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.inner.path
    }

    /// Byte offset in the text, counted from 0 after a byte order mark.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.inner.offset
    }

    /// Message without path and byte.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.inner.message
    }

    /// Whether the text is not JSON at all (cut short, HTML, noise). JSON of an unexpected shape is not a
    /// syntax error.
    #[must_use]
    pub fn is_syntax(&self) -> bool {
        self.inner.cause == Cause::Syntax
    }

    /// Whether the value would take more memory than its [budget](crate::Options::budget) allows. The text
    /// may be valid JSON of the right type.
    #[must_use]
    pub fn is_budget(&self) -> bool {
        self.inner.cause == Cause::Budget
    }

    /// Whether the [stop check](crate::Options::stop) ended the reading.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.inner.cause == Cause::Stopped
    }

    /// Whether the text is JSON that holds a value of the wrong type.
    pub(crate) fn is_shape(&self) -> bool {
        self.inner.cause == Cause::Shape
    }

    /// Returns the error with the member `key` in front of its path.
    ///
    /// [`Reader::object`](crate::Reader::object) and all models do this themselves.
    #[must_use]
    #[cold]
    #[inline(never)]
    pub fn in_field(mut self, key: &str) -> Self {
        self.prepend(&shown(key));
        self
    }

    /// Returns the error with the item `index` in front of its path.
    #[must_use]
    #[cold]
    #[inline(never)]
    pub fn in_item(mut self, index: usize) -> Self {
        self.prepend(&format!("[{index}]"));
        self
    }

    fn prepend(&mut self, segment: &str) {
        let path = &mut self.inner.path;
        if !path.is_empty() && !path.starts_with('[') {
            path.insert(0, '.');
        }
        path.insert_str(0, segment);
    }
}

/// The part of a key that a path shows. A shortened key ends with an ellipsis: code that masks secrets in a path has to
/// know that the end of a secret may be missing.
fn shown(key: &str) -> Cow<'_, str> {
    if key.len() <= KEY_BYTES {
        return key.into();
    }
    let mut end = KEY_BYTES;
    while !key.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}…", &key[..end]).into()
}

/// A path that grows from the outside in.
#[derive(Debug, Default)]
pub(crate) struct Path(String);

impl Path {
    /// Appends a member; returns the previous length, for going back.
    pub(crate) fn field(&mut self, key: &str) -> usize {
        let length = self.0.len();
        if length > 0 {
            self.0.push('.');
        }
        self.0.push_str(&shown(key));
        length
    }

    /// Appends an item; returns the previous length, for going back.
    pub(crate) fn item(&mut self, place: usize) -> usize {
        let length = self.0.len();
        // Writing to a string cannot fail.
        let _ = write!(self.0, "[{place}]");
        length
    }

    pub(crate) fn back_to(&mut self, length: usize) {
        self.0.truncate(length);
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.inner.message)?;
        if !self.inner.path.is_empty() {
            write!(f, " at {}", self.inner.path)?;
        }
        write!(f, " (byte {})", self.inner.offset)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("message", &self.inner.message)
            .field("path", &self.inner.path)
            .field("offset", &self.inner.offset)
            .finish_non_exhaustive()
    }
}

impl StdError for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_grows_from_the_inside_out() {
        let error = Error::new("expected a number", 9)
            .in_field("quantity")
            .in_item(0)
            .in_field("items")
            .in_item(3)
            .in_field("orders");
        assert_eq!(error.path(), "orders[3].items[0].quantity");
        assert_eq!(
            error.to_string(),
            "expected a number at orders[3].items[0].quantity (byte 9)"
        );
    }

    #[test]
    fn a_long_key_is_cut_at_a_character_and_says_so() {
        let path = |key: &str| {
            let mut path = Path::default();
            path.field(key);
            let error = Error::new("x", 0).in_field(key);
            assert_eq!(error.path(), path.as_str());
            error.path().to_owned()
        };
        assert_eq!(path(&"ы".repeat(100)), "ы".repeat(40) + "…");
        assert_eq!(path(&"aы".repeat(100)), "aы".repeat(26) + "a…");
        assert_eq!(path(&"a".repeat(80)), "a".repeat(80));
    }
}
