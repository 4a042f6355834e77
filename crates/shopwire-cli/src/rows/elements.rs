//! The elements of a list in JSON.

use common_model::{Error, Kind, Reader};

/// The elements of a list, or the values of an object, since PHP writes a list with keys as one. None of another
/// value.
pub(crate) fn elements<'j>(reader: &mut Reader<'j>) -> Result<Vec<&'j str>, Error> {
    let mut elements = Vec::new();
    match reader.peek()? {
        Kind::Array => reader.array(&mut |reader| {
            elements.push(reader.raw()?);
            Ok(())
        })?,
        Kind::Object => reader.object(&mut |_, reader| {
            elements.push(reader.raw()?);
            Ok(())
        })?,
        _ => drop(reader.raw()?),
    }
    Ok(elements)
}
