//! Appends compact JSON to a string.

use std::fmt::{self, Write as _};

use crate::{Encode, Extra, Value, form};

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
            out: String::new(),
            purpose: Purpose::Request,
        }
    }

    /// A writer for `Debug`: what is written is read by people and kept in logs.
    pub(crate) fn redacting() -> Self {
        Self {
            out: String::new(),
            purpose: Purpose::Debug,
        }
    }

    /// Whether this is sent to a service.
    #[must_use]
    pub fn is_request(&self) -> bool {
        self.purpose == Purpose::Request
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
        self.display(&value);
    }

    /// Writes a string in quotes, with what needs it escaped; other characters stay as they are.
    pub fn string(&mut self, text: &str) {
        self.out.push('"');
        escape(text, &mut self.out);
        self.out.push('"');
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

/// Writes the members of an object.
#[derive(Debug)]
pub struct ObjectWriter<'w> {
    out: &'w mut Writer,
    start: usize,
}

impl ObjectWriter<'_> {
    /// Writes the key; the caller writes one value into the writer it gets.
    #[inline(never)]
    pub fn key(&mut self, name: &str) -> &mut Writer {
        if self.out.out.len() > self.start {
            self.out.out.push(',');
        }
        self.out.string(name);
        self.out.out.push(':');
        self.out
    }

    /// Writes a key that is JSON already.
    pub(crate) fn raw_key(&mut self, key: &str) -> &mut Writer {
        if self.out.out.len() > self.start {
            self.out.out.push(',');
        }
        self.out.out.push_str(key);
        self.out.out.push(':');
        self.out
    }

    /// Writes an optional field of a model: its value, or the empty shape it came as, or nothing.
    pub fn field<T: Encode>(&mut self, name: &'static str, value: &Option<T>, extra: &Extra) {
        // A reference is erased, not the value: the table of a `&T` has no code that drops a `T`.
        let value = value.as_ref();
        self.member(
            name,
            value.as_ref().map(|value| value as &dyn Encode),
            extra,
        );
    }

    /// Writes a field that is always there.
    pub fn required<T: Encode>(&mut self, name: &'static str, value: &T) {
        value.encode(self.key(name));
    }

    #[inline(never)]
    fn member(&mut self, name: &'static str, value: Option<&dyn Encode>, extra: &Extra) {
        let kept = extra.kept(name);
        match (value, kept) {
            (Some(value), None) => value.encode(self.key(name)),
            (Some(value), Some(kept)) => {
                let out = self.key(name);
                let start = out.position();
                value.encode(out);
                form::restore(kept, start, out);
            }
            (None, Some(kept)) => {
                if let Some(text) = kept.absent(self.out.redacts()) {
                    self.key(name).raw(&text);
                }
            }
            (None, None) => {}
        }
    }

    pub(crate) fn close(self) {
        self.out.out.push('}');
    }

    /// Writes the fields that no model knew.
    pub(crate) fn unknown(&mut self, extra: &Extra) {
        for (name, value) in extra.iter() {
            Value::encode(value, self.key(name));
        }
    }
}

/// Writes the items of an array.
#[derive(Debug)]
pub struct ArrayWriter<'w> {
    out: &'w mut Writer,
    start: usize,
}

impl ArrayWriter<'_> {
    pub(crate) fn close(self) {
        self.out.out.push(']');
    }

    /// Begins an item; the caller writes one value into the writer it gets.
    pub fn item(&mut self) -> &mut Writer {
        if self.out.out.len() > self.start {
            self.out.out.push(',');
        }
        self.out
    }
}

/// Appends `text` with quotes, backslashes and control characters escaped.
fn escape(text: &str, out: &mut String) {
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let short = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0x8 => "\\b",
            0xC => "\\f",
            0..0x20 => "",
            _ => continue,
        };
        out.push_str(&text[from..at]);
        if short.is_empty() {
            let _ = write!(out, "\\u{byte:04x}");
        } else {
            out.push_str(short);
        }
        from = at + 1;
    }
    out.push_str(&text[from..]);
}
