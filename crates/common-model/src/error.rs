//! The one error of reading: what was wrong, in which field, at which byte.

use std::{
    borrow::Cow,
    error::Error as StdError,
    fmt::{self, Write as _},
};

/// Keys longer than this are cut in a path: a hostile document must not blow up an error.
const KEY_BYTES: usize = 80;

/// Why a text could not be read as the type that was asked for.
///
/// It names the field ([`path`](Self::path)) and the byte ([`offset`](Self::offset)), and never
/// quotes a value: an answer may hold personal data or secrets.
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

/// What kind of fault it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The text is JSON, and not what the type needs.
    Shape,
    /// The text is no JSON.
    Syntax,
    /// What is read would take more memory than is allowed.
    Budget,
    /// Somebody said to stop.
    Stopped,
}

impl Error {
    /// The text is JSON, and not what the type needs. `offset` is in bytes.
    #[cold]
    #[inline(never)]
    pub fn new(message: impl Into<Cow<'static, str>>, offset: usize) -> Self {
        Self::build(message.into(), offset, Cause::Shape)
    }

    /// The text is no JSON.
    #[cold]
    #[inline(never)]
    pub(crate) fn syntax(message: &'static str, offset: usize) -> Self {
        Self::build(Cow::Borrowed(message), offset, Cause::Syntax)
    }

    /// What is read would take too much memory.
    #[cold]
    #[inline(never)]
    pub(crate) fn budget(offset: usize) -> Self {
        let message = "the value takes more memory than is allowed";
        Self::build(Cow::Borrowed(message), offset, Cause::Budget)
    }

    /// Somebody said to stop.
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

    /// The field: `orders[3].items[0].quantity`; empty when the whole text is at fault.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.inner.path
    }

    /// The byte of the text, counted from 0, after a byte order mark.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.inner.offset
    }

    /// What was wrong, without the place.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.inner.message
    }

    /// Whether the text is no JSON at all (cut short, HTML, noise), rather than JSON of an
    /// unexpected shape.
    #[must_use]
    pub fn is_syntax(&self) -> bool {
        self.inner.cause == Cause::Syntax
    }

    /// Whether the value would take more memory than its [budget](crate::Options::budget) allows. The
    /// text may be good JSON, and of the right type.
    #[must_use]
    pub fn is_budget(&self) -> bool {
        self.inner.cause == Cause::Budget
    }

    /// Whether reading was told to [stop](crate::Options::stop) before the end.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.inner.cause == Cause::Stopped
    }

    /// Whether the text is JSON, and a value of it not what its type needs.
    pub(crate) fn is_shape(&self) -> bool {
        self.inner.cause == Cause::Shape
    }

    /// The same error inside of the member `key`.
    ///
    /// [`Reader::object`](crate::Reader::object) and every model do this on their own.
    #[must_use]
    #[cold]
    #[inline(never)]
    pub fn in_field(mut self, key: &str) -> Self {
        self.prepend(&shown(key));
        self
    }

    /// The same error inside of the item `index`.
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

/// As much of a key as a path shows. An ellipsis says that it was cut: whoever looks for a secret in a path has to know
/// that its end may be missing here.
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
    /// Goes into a member; gives the length to come back to.
    pub(crate) fn field(&mut self, key: &str) -> usize {
        let length = self.0.len();
        if length > 0 {
            self.0.push('.');
        }
        self.0.push_str(&shown(key));
        length
    }

    /// Goes into an item; gives the length to come back to.
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
