//! Values nobody asked for: checked as strictly as all others, and handed out as text.

use super::{Kind, Reader};
use crate::Error;

impl<'a> Reader<'a> {
    /// Skips one value and hands out its text, without the space around it.
    ///
    /// # Errors
    /// It is no JSON, or nests too deep.
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
