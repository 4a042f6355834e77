//! The JSON reader: strict (RFC 8259), over checked UTF-8, borrowing what has no escapes.

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

/// How deep containers may nest: one short of this, as in `serde_json`.
const DEPTH: u8 = 128;

/// Whose text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WrittenBy {
    /// A service: its forms are kept, to be written again.
    Service,
    /// Whoever uses the client: the values count, not their forms.
    Caller,
}

/// What the next value is.
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
/// Strict: accepts what RFC 8259 allows and nothing else (no comments, no trailing commas, no lone
/// surrogates), to a nesting of 127. It never panics, and an [`Error`] names byte and field.
/// Numbers are handed out as text, so that nothing is rounded on the way.
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
    /// How many bytes of memory may still be taken.
    room: usize,
    written_by: WrittenBy,
    /// Where strings with escapes are put together.
    scratch: String,
    asides: Asides,
}

impl<'a> Reader<'a> {
    /// Starts at the beginning of `text`, which has no byte order mark. A value that is not of its type is an
    /// error, wherever it stands.
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

    /// The same with settings: unless they are [strict](Options::strict), one odd element does not lose the
    /// rest of a list, map or model.
    #[must_use]
    pub fn with_options(text: &'a str, options: &Options<'a>) -> Self {
        Self {
            stop: StopCheck::new(text, options.stop_check()),
            is_strict: options.is_strict(),
            room: options.room(text),
            ..Self::new(text)
        }
    }

    /// Starts at the beginning of parameters: a text from a command line, a queue, another program.
    ///
    /// What counts there is the value and not how it is spelt, so three things are otherwise than in answers of a
    /// service. The form of a field is not kept: `"12"`, `12.0` and `12e0` in a field of integers are
    /// written as `12`. A number in a field of texts is its plain spelling. And a single value in a field of lists
    /// is a list of one. A value that is not of its type is an error, wherever it stands.
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

    /// Whether the text is parameters: see [`parameters`](Self::parameters).
    #[must_use]
    pub fn is_parameters(&self) -> bool {
        self.written_by == WrittenBy::Caller
    }

    /// Starts behind a byte order mark, if there is one.
    #[inline(never)]
    pub(crate) fn whole(text: &'a str, options: &Options<'a>) -> Self {
        Self::with_options(text.strip_prefix('\u{feff}').unwrap_or(text), options)
    }

    /// The byte the reader stands at.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.at
    }

    /// What the next value is; consumes nothing but space.
    ///
    /// # Errors
    /// Nothing is left, or no value begins here.
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
    /// Anything else stands here.
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
    /// Anything else stands here.
    pub fn null(&mut self) -> Result<(), Error> {
        match self.byte() {
            Some(b'n') => self.word("null"),
            _ => Err(self.expected("null")),
        }
    }

    /// Makes sure that nothing but space is left.
    ///
    /// # Errors
    /// Something else follows.
    pub fn end(&mut self) -> Result<(), Error> {
        match self.byte() {
            None => Ok(()),
            Some(_) => Err(self.syntax("expected the end of the text")),
        }
    }

    /// An error at the value that comes next: a decoder says what is wrong with it.
    #[cold]
    #[inline(never)]
    pub fn error(&self, message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
        Error::new(message, self.at)
    }

    /// The error "expected …, found …" at the value that comes next.
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

    /// Where the next value begins.
    #[inline]
    pub(crate) fn start(&mut self) -> usize {
        self.byte();
        self.at
    }

    #[inline]
    fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    /// The next byte that is no space.
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
