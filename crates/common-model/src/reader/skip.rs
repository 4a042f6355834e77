//! Values that are skipped: they are checked as strictly as all others, and returned as text.

use super::{Kind, Reader};
use crate::Error;

impl<'a> Reader<'a> {
    /// Skips one value and returns its text, without the space around it.
    ///
    /// # Errors
    /// The value is not JSON, or nests too deeply.
    pub fn raw(&mut self) -> Result<&'a str, Error> {
        self.peek()?;
        let start = self.at;
        self.skip()?;
        Ok(&self.text[start..self.at])
    }

    fn skip(&mut self) -> Result<(), Error> {
        match self.peek()? {
            Kind::Null => self.null(),
            Kind::Bool => self.bool().map(drop),
            Kind::Number => self.number().map(drop),
            Kind::String => self.string().map(drop),
            Kind::Array => self.array(&mut |reader| reader.skip()),
            Kind::Object => self.object(&mut |_, reader| reader.skip()),
        }
    }
}
