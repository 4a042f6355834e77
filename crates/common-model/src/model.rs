//! The trait of generated models, and the one loop that reads them all.

use std::fmt;

use crate::{
    Error, Extra, ObjectWriter, Reader, Value, Writer,
    extra::{Kept, WHOLE},
    form,
};

/// An object with known fields; the code generator writes an implementation for each schema.
///
/// The trait is object-safe on purpose: one loop reads all models and another writes them, and a model's own code is
/// a `match` on the key. [`model!`](crate::model) adds the derived traits.
pub trait Model {
    /// Reads the value of `key` into its field.
    ///
    /// Returns true if the key is known and its value was read. Returns false if the key is unknown; then nothing
    /// was consumed.
    ///
    /// # Errors
    /// The value is not JSON, takes too much memory, or has the wrong type where that is not tolerated.
    fn read_field(&mut self, key: &str, reader: &mut Reader<'_>) -> Result<bool, Error>;

    /// Writes the fields that are set.
    fn write_fields(&self, object: &mut ObjectWriter<'_>);

    /// Returns the unknown fields, and the shapes of known ones.
    fn extra(&self) -> &Extra;

    /// Returns the unknown fields, and the shapes of known ones, to change them.
    fn extra_mut(&mut self) -> &mut Extra;

    /// Builds an empty model whose type is known only at run time: for tables of functions that are not generic.
    #[must_use]
    fn boxed() -> Box<dyn Model + Send + Sync>
    where
        Self: Sized + Default + Send + Sync + 'static,
    {
        Box::<Self>::default()
    }

    /// Sets an optional field to an explicit `null`; see [`clear_field`], which takes a `dyn Model`.
    ///
    /// # Errors
    /// The model has no such field, or the field is required.
    fn clear(&mut self, wire_name: &str) -> Result<(), Error>
    where
        Self: Sized,
    {
        clear_field(self, wire_name)
    }
}

/// Sets an optional field to an explicit `null`, by which an edit clears it.
///
/// A field that is not set is `None` and not written. Setting a value afterwards replaces the `null`.
///
/// # Errors
/// The model has no such field, or the field is required.
pub fn clear_field(model: &mut dyn Model, wire_name: &str) -> Result<(), Error> {
    match model.read_field(wire_name, &mut Reader::new("null")) {
        Ok(true) => Ok(()),
        Ok(false) => Err(Error::new("unknown field", 0).in_field(wire_name)),
        Err(error) => Err(error.in_field(wire_name)),
    }
}

/// As [`clear_field`], for the `clear_…` methods that the generator writes: the field is there and optional.
#[doc(hidden)]
pub fn clear_known(model: &mut dyn Model, wire_name: &str) {
    let cleared = clear_field(model, wire_name);
    debug_assert!(cleared.is_ok(), "{wire_name} cannot be cleared");
}

/// Reads an object into a model. Unknown keys go to its [`Extra`]. `[]`, as which PHP writes an empty object, is an
/// object without members.
///
/// # Errors
/// The next value is not an object, or a field cannot be read; the error's path names it.
// U48, RE11
pub fn read_object(model: &mut dyn Model, reader: &mut Reader<'_>) -> Result<(), Error> {
    if reader.empty_array() {
        model.extra_mut().keep(WHOLE, Kept::EmptyList);
        return Ok(());
    }
    let start = reader.offset();
    let mut unknown = 0_u32;
    let mut next = reader.first_key()?;
    while let Some(key) = next {
        match model.read_field(&key, reader) {
            Ok(true) => {}
            Ok(false) => {
                read_unknown(model, &key, reader)?;
                unknown += 1;
            }
            Err(error) => return Err(reader.fail_in_field(error, &key)),
        }
        next = reader.next_key()?;
    }
    if unknown > 1 || reader.has_stashed() {
        return finish(model, reader, start);
    }
    Ok(())
}

/// Ends an object that began at `start` and has shapes to keep beside its fields.
#[inline(never)]
fn finish(model: &mut dyn Model, reader: &mut Reader<'_>, start: usize) -> Result<(), Error> {
    let extra = model.extra_mut();
    if extra.len() > 1 {
        extra.settle(reader)?;
    }
    reader.unstash(start, extra)
}

fn read_unknown(model: &mut dyn Model, key: &str, reader: &mut Reader<'_>) -> Result<(), Error> {
    let read = model.extra_mut().read(key, reader);
    read.map_err(|error| reader.fail_in_field(error, key))
}

/// Writes a model as an object: first its fields, then the unknown ones.
pub fn write_object(model: &dyn Model, out: &mut Writer) {
    let start = out.position();
    out.object(&mut |object| {
        model.write_fields(object);
        object.unknown(model.extra());
    });
    if &out.as_str()[start..] == "{}" && model.extra().kept(WHOLE).is_some() {
        out.replace(start, "[]");
    }
    if model.extra().required().next().is_some() {
        form::restore_required(model.extra(), start, out);
    }
}

/// Writes the `Debug` output of a model: the fields that are set, by wire name.
#[doc(hidden)]
pub fn debug_object(name: &str, model: &dyn Model, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut out = Writer::redacting();
    write_object(model, &mut out);
    let mut fields = f.debug_struct(name);
    let json = out.into_string();
    let mut reader = Reader::new(&json);
    let walked = reader.object(&mut |key, reader| {
        let value = <Value as crate::Decode>::decode(reader)?;
        fields.field(key, &value);
        Ok(())
    });
    // A model without members may be written as `[]`; the error of walking that is of no interest.
    let _ = walked;
    fields.finish()
}
