//! Writers of objects and arrays, which add keys and separators.

use super::{Writer, text};
use crate::{Encode, Extra, Value, extra::Kept, form, secret::HIDDEN};

/// A writer of the members of an object.
#[derive(Debug)]
pub struct ObjectWriter<'w> {
    pub(super) out: &'w mut Writer,
    pub(super) start: usize,
}

impl ObjectWriter<'_> {
    /// Writes a key. The caller must write exactly one value into the returned writer.
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

    /// Writes the key of a field. The name is a constant of the program, so it is not searched for escapes.
    #[inline(never)]
    fn field_key(&mut self, name: &'static str) -> &mut Writer {
        self.put_field_key(name)
    }

    #[inline(always)]
    fn put_field_key(&mut self, name: &'static str) -> &mut Writer {
        debug_assert!(
            text::is_plain(name.as_bytes()),
            "the name of a field: {name:?}"
        );
        let out = &mut self.out.out;
        out.reserve(name.len() + 4);
        // To append a text of a known length costs no call.
        if out.len() > self.start {
            out.push_str(",\"");
        } else {
            out.push('"');
        }
        out.push_str(name);
        out.push_str("\":");
        self.out
    }

    /// Writes an optional field of a model: its value, or its empty shape, or nothing.
    ///
    /// The name is written as it is: it must not hold a quote, a backslash or a control character. (For other names
    /// use [`key`](Self::key).)
    pub fn field<T: Encode>(&mut self, name: &'static str, value: &Option<T>, extra: &Extra) {
        self.out.holds_secret |= T::is_secret();
        // The reference is erased to `dyn`, not the value: the vtable of a `&T` has no code that drops a `T`.
        let value = value.as_ref();
        self.member(
            name,
            value.as_ref().map(|value| value as &dyn Encode),
            extra,
        );
    }

    /// Writes a required field. Its name is written as in [`field`](Self::field).
    pub fn required<T: Encode>(&mut self, name: &'static str, value: &T) {
        self.out.holds_secret |= T::is_secret();
        value.encode(self.field_key(name));
    }

    /// The usual cases: a value that writes itself as it came, and no value.
    #[inline(never)]
    fn member(&mut self, name: &'static str, value: Option<&dyn Encode>, extra: &Extra) {
        let kept = match extra.has_kept() {
            true => extra.kept(name),
            false => None,
        };
        match (value, kept) {
            (Some(value), None) => value.encode(self.put_field_key(name)),
            (None, None) if self.out.survey.is_none() => {}
            (value, kept) => self.unusual_member(name, value, kept),
        }
    }

    #[inline(never)]
    fn unusual_member(
        &mut self,
        name: &'static str,
        value: Option<&dyn Encode>,
        kept: Option<&Kept>,
    ) {
        match (value, kept) {
            (Some(value), None) => value.encode(self.field_key(name)),
            // Other forms would move the places that a survey records.
            (Some(value), Some(_)) if self.out.survey.is_some() => {
                value.encode(self.field_key(name));
            }
            (Some(value), Some(kept)) => {
                let out = self.field_key(name);
                let start = out.position();
                value.encode(out);
                form::restore(kept, start, out);
            }
            (None, Some(kept)) => {
                if let Some(text) = kept.absent(self.out.redacts()) {
                    self.field_key(name).raw(&text);
                }
            }
            (None, None) if self.out.survey.is_some() => self.field_key(name).null(),
            (None, None) => {}
        }
    }

    pub(crate) fn close(self) {
        self.out.out.push('}');
    }

    /// Writes the unknown fields.
    pub(crate) fn unknown(&mut self, extra: &Extra) {
        for (name, value) in extra.iter() {
            let out = self.key(name);
            let start = out.position();
            if let Some(places) = &mut out.survey {
                places.push(start);
            }
            match out.redacts() && out.holds_secret {
                true => out.string(HIDDEN),
                false => Value::encode(value, out),
            }
        }
    }
}

/// A writer of the items of an array.
#[derive(Debug)]
pub struct ArrayWriter<'w> {
    pub(super) out: &'w mut Writer,
    pub(super) start: usize,
}

impl ArrayWriter<'_> {
    pub(crate) fn close(self) {
        self.out.out.push(']');
    }

    /// Begins an item. The caller must write exactly one value into the returned writer.
    pub fn item(&mut self) -> &mut Writer {
        if self.out.out.len() > self.start {
            self.out.out.push(',');
        }
        self.out
    }
}
