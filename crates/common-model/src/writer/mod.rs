//! Appends compact JSON to a string.

mod container;
mod number;
mod text;

use std::fmt::{self, Write as _};

pub use container::{ArrayWriter, ObjectWriter};

/// Appends compact JSON to a string. It cannot fail; whoever writes by hand writes one value.
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
    /// A field that was written, or left out, is a secret by its type.
    holds_secret: bool,
    /// For [`unknown_fields`](crate::unknown_fields): where the values of unknown fields begin.
    survey: Option<Vec<usize>>,
}

/// What a text is written for.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// To be read again: nothing is left out.
    #[default]
    Storage,
    /// To be sent to the service.
    Request,
    /// To be read by people, and kept in logs.
    Debug,
}

impl Writer {
    /// Begins with an empty string.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A writer for what is sent to a service. Types that services take in another form than they give ask
    /// [`is_request`](Self::is_request).
    #[must_use]
    pub fn request() -> Self {
        Self {
            purpose: Purpose::Request,
            ..Self::default()
        }
    }

    /// A writer for `Debug`: what is written is read by people and kept in logs.
    pub(crate) fn redacting() -> Self {
        Self {
            purpose: Purpose::Debug,
            ..Self::default()
        }
    }

    /// Whether this is sent to a service.
    #[must_use]
    pub fn is_request(&self) -> bool {
        self.purpose == Purpose::Request
    }

    /// A writer that writes fields without a value as `null`, and keeps in mind where unknown ones stand.
    pub(crate) fn surveying() -> Self {
        Self {
            survey: Some(Vec::new()),
            ..Self::default()
        }
    }

    /// The text of a surveying writer, and the places behind the colons of its unknown fields, in order.
    pub(crate) fn into_survey(self) -> (String, Vec<usize>) {
        (self.out, self.survey.unwrap_or_default())
    }

    /// Whether secrets have to write something else than themselves: a model's `Debug` is made of what
    /// its fields encode. Types that hold a password or token ask this.
    #[must_use]
    pub fn redacts(&self) -> bool {
        self.purpose == Purpose::Debug
    }

    /// What was written.
    #[must_use]
    pub fn into_string(self) -> String {
        self.out
    }

    /// What was written so far.
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

    /// Writes a string in quotes, with what needs it escaped; other characters stay as they are.
    pub fn string(&mut self, text: &str) {
        text::quote(text, &mut self.out);
    }

    /// Appends a text that is one JSON value already.
    pub fn raw(&mut self, json: &str) {
        self.out.push_str(json);
    }

    /// Appends what a value displays, which must be JSON, for example a number.
    pub(crate) fn display(&mut self, value: &dyn fmt::Display) {
        // Writing to a string cannot fail.
        let _ = write!(self.out, "{value}");
    }

    /// Writes what a value displays as a string. It must display nothing that needs an escape.
    pub(crate) fn quoted(&mut self, value: &dyn fmt::Display) {
        let _ = write!(self.out, "\"{value}\"");
    }

    /// Writes an object; `members` writes what is in it.
    pub fn object(&mut self, members: &mut dyn FnMut(&mut ObjectWriter<'_>)) {
        let mut object = self.open_object();
        members(&mut object);
        object.close();
    }

    /// Writes an array; `items` writes what is in it.
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

    /// Replaces what was written after `start`.
    pub(crate) fn replace(&mut self, start: usize, json: &str) {
        self.out.truncate(start);
        self.out.push_str(json);
    }
}
