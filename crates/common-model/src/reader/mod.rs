//! The JSON reader: strict (RFC 8259), over checked UTF-8. It borrows strings without escapes.

mod aside;
mod budget;
mod container;
mod field;
mod marks;
mod number;
mod skip;
mod stop;
mod string;
#[cfg(test)]
mod tests;

use crate::{Error, Options, steps};

use aside::Asides;
use stop::StopCheck;

pub(crate) use container::Collect;
pub(crate) use marks::Marks;
pub(crate) use string::{plain, special};

/// Limit of nesting: containers may nest one level less, as in `serde_json`.
const DEPTH: u8 = 128;

/// The author of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WrittenBy {
    /// A service: its forms are kept, to be written again.
    Service,
    /// The user of the client: values count, forms do not.
    Caller,
}

/// The kind of a JSON value.
#[expect(clippy::exhaustive_enums, reason = "JSON has these six kinds")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number.
    Number,
    /// A string.
    String,
    /// `[…]`
    Array,
    /// `{…}`
    Object,
}

impl Kind {
    fn found(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "a boolean",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "a list",
            Self::Object => "an object",
        }
    }
}

/// Reads JSON values one after the other from a text.
///
/// The reader accepts what RFC 8259 allows, up to a nesting of 127, and nothing else: no comments, no trailing
/// commas, no lone surrogates. It never panics, and an [`Error`] names byte and field. Numbers are returned as text,
/// so that they are not rounded.
///
/// ```
/// use common_model::{Kind, Reader};
///
/// let mut reader = Reader::new(r#"{"name": "Ель", "price": 10.00}"#);
/// let (mut name, mut price) = (None, None);
/// reader.object(&mut |key, reader| {
///     match key {
///         "name" => name = Some(reader.string()?.into_owned()),
///         "price" => price = Some(reader.number()?),
///         _ => drop(reader.raw()?),
///     }
///     Ok(())
/// })?;
/// reader.end()?;
/// assert_eq!(name.as_deref(), Some("Ель"));
/// assert_eq!(price, Some("10.00"));
/// # Ok::<(), common_model::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
    stop: StopCheck<'a>,
    depth: u8,
    marks: Marks,
    is_strict: bool,
    /// Bytes of memory that may still be taken.
    room: usize,
    written_by: WrittenBy,
    /// Buffer for strings with escapes.
    scratch: String,
    asides: Asides,
}

impl<'a> Reader<'a> {
    /// Starts at the beginning of `text`, which must not have a byte order mark. A value of the wrong type is an
    /// error everywhere.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            stop: StopCheck::new(text, None),
            depth: 0,
            marks: Marks::NONE,
            is_strict: true,
            room: Options::new().room(text),
            written_by: WrittenBy::Service,
            scratch: String::new(),
            asides: Asides::default(),
        }
    }

    /// As [`new`](Self::new), with settings. Unless they are [strict](Options::strict), one odd element does not
    /// lose the rest of a list, map or model.
    #[must_use]
    pub fn with_options(text: &'a str, options: &Options<'a>) -> Self {
        Self {
            stop: StopCheck::new(text, options.stop_check()),
            is_strict: options.is_strict(),
            room: options.room(text),
            ..Self::new(text)
        }
    }

    /// Starts at the beginning of parameters: a text from a command line, a queue or another program.
    ///
    /// Values count in parameters, spellings do not. So reading differs from that of an answer in three ways. The
    /// form of a field is not kept: `"12"`, `12.0` and `12e0` in a field of integers are written as `12`. A number
    /// in a field of texts gets its plain spelling. A single value in a field of lists becomes a list of one. A
    /// value of the wrong type is an error everywhere.
    ///
    /// ```
    /// use common_model::{Decode, Reader};
    ///
    /// let ids = Vec::<i64>::decode(&mut Reader::parameters("5.0"))?;
    /// assert_eq!(ids, [5]);
    /// # Ok::<(), common_model::Error>(())
    /// ```
    #[must_use]
    pub fn parameters(text: &'a str) -> Self {
        Self {
            written_by: WrittenBy::Caller,
            ..Self::new(text.strip_prefix('\u{feff}').unwrap_or(text))
        }
    }

    /// Whether the text is parameters, see [`parameters`](Self::parameters).
    #[must_use]
    pub fn is_parameters(&self) -> bool {
        self.written_by == WrittenBy::Caller
    }

    /// Starts after a byte order mark, if there is one.
    #[inline(never)]
    pub(crate) fn whole(text: &'a str, options: &Options<'a>) -> Self {
        Self::with_options(text.strip_prefix('\u{feff}').unwrap_or(text), options)
    }

    /// Returns the reader's position, in bytes.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.at
    }

    /// Returns the kind of the next value; consumes only space.
    ///
    /// # Errors
    /// The text has ended, or no value begins here.
    #[inline(never)]
    pub fn peek(&mut self) -> Result<Kind, Error> {
        Ok(match self.byte() {
            Some(b'"') => Kind::String,
            Some(b'-' | b'0'..=b'9') => Kind::Number,
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::Array,
            Some(b'n') => Kind::Null,
            Some(b't' | b'f') => Kind::Bool,
            Some(_) => return Err(self.syntax("expected a JSON value")),
            None => return Err(self.syntax("unexpected end of text")),
        })
    }

    /// Reads `true` or `false`.
    ///
    /// # Errors
    /// The next value is not a boolean.
    pub fn bool(&mut self) -> Result<bool, Error> {
        match self.byte() {
            Some(b't') => self.word("true").map(|()| true),
            Some(b'f') => self.word("false").map(|()| false),
            _ => Err(self.expected("a boolean")),
        }
    }

    /// Reads `null`.
    ///
    /// # Errors
    /// The next value is not `null`.
    pub fn null(&mut self) -> Result<(), Error> {
        match self.byte() {
            Some(b'n') => self.word("null"),
            _ => Err(self.expected("null")),
        }
    }

    /// Checks that only space is left.
    ///
    /// # Errors
    /// More text follows.
    pub fn end(&mut self) -> Result<(), Error> {
        match self.byte() {
            None => Ok(()),
            Some(_) => Err(self.syntax("expected the end of the text")),
        }
    }

    /// Builds an error at the next value, with a decoder's own message.
    #[cold]
    #[inline(never)]
    pub fn error(&self, message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
        Error::new(message, self.at)
    }

    /// Builds the error "expected …, found …" at the next value.
    #[cold]
    #[inline(never)]
    pub fn expected(&mut self, what: &str) -> Error {
        match self.peek() {
            Ok(kind) => self.error(format!("expected {what}, found {}", kind.found())),
            Err(error) => error,
        }
    }

    #[cold]
    #[inline(never)]
    fn syntax(&self, message: &'static str) -> Error {
        Error::syntax(message, self.at)
    }

    /// Returns the place of the next value, in bytes.
    #[inline]
    pub(crate) fn start(&mut self) -> usize {
        self.byte();
        self.at
    }

    #[inline]
    fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    /// Returns the next byte that is not space.
    #[inline]
    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes().get(self.at)?;
        if byte > b' ' {
            Some(byte)
        } else {
            self.byte_after_space()
        }
    }

    #[cold]
    #[inline(never)]
    fn byte_after_space(&mut self) -> Option<u8> {
        let (bytes, start) = (self.bytes(), self.at);
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = bytes.get(self.at) {
            self.at += 1;
        }
        steps::add(self.at - start);
        bytes.get(self.at).copied()
    }

    fn word(&mut self, word: &'static str) -> Result<(), Error> {
        if !self.bytes()[self.at..].starts_with(word.as_bytes()) {
            return Err(self.syntax("expected a JSON value"));
        }
        self.at += word.len();
        Ok(())
    }
}
