//! The writer, which appends compact JSON to a string.

mod container;
mod number;
mod text;

use std::fmt::{self, Write as _};

pub use container::{ArrayWriter, ObjectWriter};

/// A writer that appends compact JSON to a string. It cannot fail. Code that uses it by hand must write exactly one
/// value.
///
/// ```
/// use common_model::Writer;
///
/// let mut out = Writer::new();
/// out.object(&mut |object| {
///     object.key("name").string("Ель");
///     object.key("tags").array(&mut |array| array.item().string("new"));
/// });
/// assert_eq!(out.into_string(), r#"{"name":"Ель","tags":["new"]}"#);
/// ```
#[derive(Debug, Default)]
pub struct Writer {
    out: String,
    purpose: Purpose,
    /// Whether a field that was written, or left out, is a secret by its type.
    holds_secret: bool,
    /// Places of the values of unknown fields, for [`unknown_fields`](crate::unknown_fields).
    survey: Option<Vec<usize>>,
}

/// The destination of a text.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// Storage: it is read again, so nothing is left out.
    #[default]
    Storage,
    /// A request to the service.
    Request,
    /// `Debug`: people read it and logs keep it.
    Debug,
}

impl Writer {
    /// Builds a writer with an empty string.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Builds a writer for requests. Types that a service takes in another form than it gives ask
    /// [`is_request`](Self::is_request).
    #[must_use]
    pub fn request() -> Self {
        Self {
            purpose: Purpose::Request,
            ..Self::default()
        }
    }

    /// Builds a writer for `Debug`, whose output people read and logs keep.
    pub(crate) fn redacting() -> Self {
        Self {
            purpose: Purpose::Debug,
            ..Self::default()
        }
    }

    /// Whether the text is a request to a service.
    #[must_use]
    pub fn is_request(&self) -> bool {
        self.purpose == Purpose::Request
    }

    /// Builds a writer that writes fields without a value as `null`, and records the places of unknown fields.
    pub(crate) fn surveying() -> Self {
        Self {
            survey: Some(Vec::new()),
            ..Self::default()
        }
    }

    /// Returns the text of a surveying writer, and the places after the colons of its unknown fields, in order.
    pub(crate) fn into_survey(self) -> (String, Vec<usize>) {
        (self.out, self.survey.unwrap_or_default())
    }

    /// Whether secrets must be masked. A model's `Debug` is made of what its fields encode, so types that hold a
    /// password or token must ask this.
    #[must_use]
    pub fn redacts(&self) -> bool {
        self.purpose == Purpose::Debug
    }

    /// Returns the text.
    #[must_use]
    pub fn into_string(self) -> String {
        self.out
    }

    /// Returns the text so far.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.out
    }

    /// Writes `null`.
    pub fn null(&mut self) {
        self.out.push_str("null");
    }

    /// Writes `true` or `false`.
    pub fn bool(&mut self, value: bool) {
        self.out.push_str(if value { "true" } else { "false" });
    }

    /// Writes an integer.
    pub fn integer(&mut self, value: i128) {
        self.digits(value);
    }

    /// Writes a string in quotes. Quotes, backslashes and control characters are escaped; other characters stay as
    /// they are.
    pub fn string(&mut self, text: &str) {
        text::quote(text, &mut self.out);
    }

    /// Appends a text that is one JSON value already.
    pub fn raw(&mut self, json: &str) {
        self.out.push_str(json);
    }

    /// Appends the `Display` output of a value, which must be JSON, such as a number.
    pub(crate) fn display(&mut self, value: &dyn fmt::Display) {
        // Writing to a string cannot fail.
        let _ = write!(self.out, "{value}");
    }

    /// Writes the `Display` output of a value as a string. It must need no escapes.
    pub(crate) fn quoted(&mut self, value: &dyn fmt::Display) {
        let _ = write!(self.out, "\"{value}\"");
    }

    /// Writes an object; `members` writes its members.
    pub fn object(&mut self, members: &mut dyn FnMut(&mut ObjectWriter<'_>)) {
        let mut object = self.open_object();
        members(&mut object);
        object.close();
    }

    /// Writes an array; `items` writes its items.
    pub fn array(&mut self, items: &mut dyn FnMut(&mut ArrayWriter<'_>)) {
        let mut array = self.open_array();
        items(&mut array);
        array.close();
    }

    pub(crate) fn open_object(&mut self) -> ObjectWriter<'_> {
        self.out.push('{');
        ObjectWriter {
            start: self.out.len(),
            out: self,
        }
    }

    pub(crate) fn open_array(&mut self) -> ArrayWriter<'_> {
        self.out.push('[');
        ArrayWriter {
            start: self.out.len(),
            out: self,
        }
    }

    pub(crate) fn position(&self) -> usize {
        self.out.len()
    }

    /// Replaces the text after `start`.
    pub(crate) fn replace(&mut self, start: usize, json: &str) {
        self.out.truncate(start);
        self.out.push_str(json);
    }
}
