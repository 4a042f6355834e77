//! Fields of models: a value, or an empty shape that PHP writes in place of a value.

use super::{Marks, Reader, aside::Mark};
use crate::{Absent, Decode, Error, Extra, Value, aside::Aside, extra::Kept};

impl Reader<'_> {
    /// Reads an optional field of a model. Always returns `Ok(true)`: the key is known.
    ///
    /// The empty shapes of `T` ([`Decode::ABSENT`]: `null`, and in PHP's answers `false`, `""` and `[]`) become
    /// `None`. `extra` keeps the shape, so that writing restores it. It also keeps the form of an unusual value
    /// (`"12"` for an integer, an object for a list).
    ///
    /// A value that is neither a `T` nor an empty shape becomes `None`, too. It is reported, and written as it came.
    ///
    /// The object loop puts the name into the path of an error.
    ///
    /// # Errors
    /// The value is not JSON, or takes too much memory. In strict reading: it is not a `T`.
    // U48, U49, U50, RE11, RE16
    #[inline(never)]
    pub fn field<T: Decode>(
        &mut self,
        name: &'static str,
        slot: &mut Option<T>,
        extra: &mut Extra,
    ) -> Result<bool, Error> {
        if slot.is_some() {
            empty(slot);
            self.replace_kept(name, extra)?;
        }
        if self.may_be_absent(T::ABSENT) && self.absent(T::ABSENT, name, extra)? {
            return Ok(true);
        }
        let mark = self.mark_here();
        self.marks = Marks::NONE;
        if let Err(error) = T::decode_into(slot, self) {
            empty(slot);
            self.keep_odd(mark, error, name, extra)?;
        } else if self.marks != Marks::NONE {
            self.keep_form(mark.at, name, extra)?;
        }
        self.marks = mark.marks;
        Ok(true)
    }

    /// Reads a required field. Always returns `Ok(true)`: the key is known.
    ///
    /// Its form is not kept: `"12"` for an integer is written as `12`. A required field that does not come is no
    /// error here: it has its default, and the caller has to check for it.
    ///
    /// # Errors
    /// The value is not a `T`. `null` is not a `T` either.
    #[inline(never)]
    pub fn required<T: Decode>(&mut self, name: &'static str, slot: &mut T) -> Result<bool, Error> {
        let mark = self.mark_here();
        self.marks = Marks::NONE;
        *slot = T::decode(self)?;
        if self.marks.has(Marks::ASIDE) {
            self.stash_asides(mark.at, name);
        }
        self.marks = mark.marks;
        Ok(true)
    }

    /// Marks the end of a list or map. `is_keyed`: it came as an object, and its type keeps no keys. Keys inside of
    /// its elements are kept by keeping the whole form.
    pub(crate) fn mark_keys(&mut self, is_keyed: bool) {
        if self.marks.has(Marks::KEYS) {
            self.mark(Marks::FORM);
        } else if is_keyed {
            self.mark(Marks::KEYS);
        }
    }

    /// Marks that the type does not write back all that it read.
    #[inline]
    pub(crate) fn mark(&mut self, mark: Marks) {
        self.marks.add(mark);
    }

    /// Whether an empty shape may begin here, judged by the first byte.
    #[inline]
    fn may_be_absent(&self, accepted: Absent) -> bool {
        let first = self.bytes().get(self.at).copied().unwrap_or(b' ');
        accepted.meets(MAY_BEGIN[usize::from(first)])
    }

    /// Consumes an empty shape if one begins here and `accepted` has it.
    #[inline(never)]
    fn absent(
        &mut self,
        accepted: Absent,
        name: &'static str,
        extra: &mut Extra,
    ) -> Result<bool, Error> {
        let kept = match self.byte() {
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

    /// Consumes `""`, or a date of zeros.
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

    /// Keeps those parts of the last value's form that the value does not write on its own.
    #[cold]
    #[inline(never)]
    fn keep_form(
        &mut self,
        start: usize,
        name: &'static str,
        extra: &mut Extra,
    ) -> Result<(), Error> {
        // A boolean keeps its form even in a field of texts: parameters write it as 1 or 0.
        if self.is_parameters() && !self.text[start..self.at].starts_with(['t', 'f']) {
            return Ok(());
        }
        let marks = self.marks;
        let aside = self.take_asides(start);
        self.go_back(start);
        let form =
            if marks.has(Marks::FORM) || (marks.has(Marks::KEYS) && self.byte() != Some(b'{')) {
                let mut form = Value::decode(self)?;
                aside.iter().for_each(|aside| aside.remove_from(&mut form));
                Some(Kept::Form(form))
            } else if marks.has(Marks::KEYS) {
                Some(Kept::Keys(self.good_keys(aside.as_ref())?))
            } else {
                self.raw()?;
                None
            };
        let kept = match (form, aside) {
            (Some(form), None) => form,
            (form, Some(aside)) => Kept::Aside(form.map(Box::new), Box::new(aside)),
            (None, None) => return Ok(()),
        };
        extra.keep_read(name, kept, self)
    }

    /// Returns the keys of a list that came as an object, without those of its odd elements.
    fn good_keys(&mut self, aside: Option<&Aside>) -> Result<Vec<Box<str>>, Error> {
        let mut odd = aside.into_iter().flat_map(Aside::places).peekable();
        let (mut keys, mut place) = (Vec::new(), 0);
        self.object(&mut |key, reader| {
            if odd.next_if_eq(&place).is_none() {
                reader.charge_growth(&keys)?;
                reader.charge_text(key.len())?;
                keys.push(Box::from(key));
            }
            place += 1;
            reader.raw().map(drop)
        })?;
        Ok(keys)
    }

    /// Keeps a value of the wrong type.
    #[cold]
    #[inline(never)]
    fn keep_odd(
        &mut self,
        mark: Mark,
        error: Error,
        name: &'static str,
        extra: &mut Extra,
    ) -> Result<(), Error> {
        let text = self.skip_odd(mark, error)?;
        extra.keep_read(name, Kept::Odd(text.into()), self)
    }

    /// Forgets the first value of a repeated key.
    #[cold]
    #[inline(never)]
    fn replace_kept(&mut self, name: &'static str, extra: &mut Extra) -> Result<(), Error> {
        match extra.has_kept() {
            true => extra.keep_read(name, Kept::Nothing, self),
            false => Ok(()),
        }
    }
}

/// The empty shapes that may begin with a given byte. After a space any shape may follow.
static MAY_BEGIN: [Absent; 256] = {
    let mut shapes = [Absent::NONE; 256];
    shapes[b'n' as usize] = Absent::NULL;
    shapes[b'f' as usize] = Absent::FALSE;
    shapes[b'"' as usize] = Absent::TEXT;
    shapes[b'[' as usize] = Absent::LIST;
    let mut space = 0;
    while space <= b' ' as usize {
        shapes[space] = Absent::EMPTY;
        space += 1;
    }
    shapes
};

/// Drops a value: its key came twice, or it was read only in part.
#[cold]
#[inline(never)]
fn empty<T>(slot: &mut Option<T>) {
    *slot = None;
}
