//! Fields of models: a value, or one of the empty shapes PHP writes instead of one.

use super::Reader;
use crate::{Absent, Decode, Error, Extra, Value, extra::Kept};

/// What a decoder met that its type does not write back on its own.
///
/// In order: what is known of a part holds for the whole, and the stronger one counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Odd {
    #[default]
    Nothing,
    /// A list came as an object: its keys are to be kept.
    Keys,
    /// A scalar came in another form (a number as string, a date without seconds): it is to be kept.
    Form,
}

impl Reader<'_> {
    /// Reads an optional field of a model. Always `Ok(true)`: the key is known.
    ///
    /// The empty shapes of `T` ([`Decode::ABSENT`]: `null`, and in PHP's answers `false`, `""` and
    /// `[]`) become `None`; `extra` keeps which it was, so that writing gives it back. A value in
    /// an unusual form (`"12"` for an integer, an object for a list) is kept in mind in the same way.
    /// (acceptance rows U48, U49, U50, RE11, RE16)
    ///
    /// The object loop puts the name into the path of an error.
    ///
    /// # Errors
    /// The value is neither a `T` nor one of its empty shapes.
    #[inline(never)]
    pub fn field<T: Decode>(
        &mut self,
        name: &'static str,
        slot: &mut Option<T>,
        extra: &mut Extra,
    ) -> Result<bool, Error> {
        if slot.is_some() {
            empty(slot);
        }
        if self.absent(T::ABSENT, name, extra)? {
            return Ok(true);
        }
        let (start, outer) = (self.at, self.odd);
        self.odd = Odd::Nothing;
        T::decode_into(slot, self)?;
        if self.odd != Odd::Nothing {
            self.keep_form(start, name, extra)?;
        }
        self.odd = outer;
        Ok(true)
    }

    /// Reads a field that is always there. Always `Ok(true)`: the key is known.
    ///
    /// Its form is not kept: `"12"` for an integer is written as `12`. Whether the field came at all
    /// is for the caller to know; without it the model has its default.
    ///
    /// # Errors
    /// The value is no `T`; `null` counts as none.
    #[inline(never)]
    pub fn required<T: Decode>(
        &mut self,
        _name: &'static str,
        slot: &mut T,
    ) -> Result<bool, Error> {
        let outer = self.odd;
        *slot = T::decode(self)?;
        self.odd = outer;
        Ok(true)
    }

    /// A decoder tells that its type does not write back what it read.
    pub(crate) fn mark(&mut self, odd: Odd) {
        self.odd = self.odd.max(odd);
    }

    /// Consumes an empty shape if one stands here and `accepted` has it.
    #[inline(never)]
    fn absent(
        &mut self,
        accepted: Absent,
        name: &'static str,
        extra: &mut Extra,
    ) -> Result<bool, Error> {
        let kept = match self.byte() {
            // Most values are no empty shape, as their first byte tells.
            Some(b'"') if accepted.has(Absent::TEXT) => match self.empty_text(accepted)? {
                Some(kept) => kept,
                None => return Ok(false),
            },
            Some(b'n') if accepted.has(Absent::NULL) => {
                self.null()?;
                Kept::Null
            }
            Some(b'f') if accepted.has(Absent::FALSE) => {
                self.bool()?;
                Kept::False
            }
            Some(b'[') if accepted.has(Absent::LIST) && self.empty_array() => Kept::EmptyList,
            _ => return Ok(false),
        };
        extra.keep_read(name, kept, self)?;
        Ok(true)
    }

    /// `""`, or a date of zeros.
    fn empty_text(&mut self, accepted: Absent) -> Result<Option<Kept>, Error> {
        let rest = &self.bytes()[self.at + 1..];
        if rest.first() == Some(&b'"') {
            self.at += 2;
            return Ok(Some(Kept::EmptyText));
        }
        if accepted.has(Absent::ZERO_DATE) && rest.starts_with(b"0000-00-00") {
            return Ok(Some(Kept::Other(Value::decode(self)?)));
        }
        Ok(None)
    }

    /// Remembers the form of the value that was just read.
    #[cold]
    #[inline(never)]
    fn keep_form(
        &mut self,
        start: usize,
        name: &'static str,
        extra: &mut Extra,
    ) -> Result<(), Error> {
        let text = &self.text[start..self.at];
        // A boolean stays one also in a field of texts: parameters write it as 1 or 0.
        if self.is_parameters() && !text.starts_with(['t', 'f']) {
            return Ok(());
        }
        let odd = self.odd;
        self.at = start;
        let kept = match (odd, self.byte()) {
            (Odd::Keys, Some(b'{')) => {
                let mut keys = Vec::new();
                self.object(&mut |key, reader| {
                    reader.charge_growth(&keys)?;
                    reader.charge_text(key.len())?;
                    keys.push(Box::from(key));
                    reader.raw().map(drop)
                })?;
                Kept::Keys(keys)
            }
            _ => Kept::Form(Value::decode(self)?),
        };
        extra.keep_read(name, kept, self)
    }
}

/// A key comes twice: the first value is dropped.
#[cold]
#[inline(never)]
fn empty<T>(slot: &mut Option<T>) {
    *slot = None;
}
