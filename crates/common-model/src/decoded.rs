//! A decoded value together with the parts of its text that had the wrong type.

use std::fmt;

use crate::{Encode, Error, Reader, Writer, aside::Aside, error::Path};

/// A decoded value, and the parts of the text that were set aside.
///
/// ```
/// use common_model::{Options, from_json_with, to_json};
///
/// let text = r#"[1,"two",3]"#;
/// let read = from_json_with::<Vec<i64>>(text, &Options::new())?;
/// assert_eq!(read.value, [1, 3]);
/// assert_eq!(read.odd[0].to_string(), "expected an integer at [1] (byte 3)");
/// // Written as a whole, it loses nothing.
/// assert_eq!(to_json(&read), text);
/// # Ok::<(), common_model::Error>(())
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Decoded<T> {
    /// The decoded value.
    pub value: T,
    /// The parts that were set aside, in the order of the text; usually empty.
    pub odd: Vec<Odd>,
    /// The odd elements of a value that is a list or map itself; models keep those of their fields.
    pub(crate) aside: Option<Box<Aside>>,
}

impl<T> Decoded<T> {
    /// Joins a value with the parts that were set aside while it was read.
    #[must_use]
    pub const fn new(value: T, odd: Vec<Odd>) -> Self {
        Self {
            value,
            odd,
            aside: None,
        }
    }
}

/// A part of a text that is JSON of the wrong type: an element of a list or map, or an optional field.
///
/// It quotes no value, since an answer may hold personal data or secrets. Its path holds keys of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Odd {
    /// Path of the part: `orders[3].items[0].quantity`.
    pub path: String,
    /// Offset of its first byte, counted from 0 after a byte order mark.
    pub byte: usize,
    /// Description of the error, with the field inside of the part that caused it.
    pub message: String,
}

impl Odd {
    /// Builds a report by hand, for code that finds a part of the wrong type itself.
    #[must_use]
    pub fn new(path: impl Into<String>, byte: usize, message: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            byte,
            message: message.into(),
        }
    }
}

/// Writes message, path and byte. Control characters in the path are escaped.
impl fmt::Display for Odd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at ", self.message)?;
        for character in self.path.chars() {
            match character.is_control() {
                true => write!(f, "{}", character.escape_default())?,
                false => write!(f, "{character}")?,
            }
        }
        write!(f, " (byte {})", self.byte)
    }
}

/// Writes odd elements of a list or map at their places, if it still has as many others.
impl<T: Encode> Encode for Decoded<T> {
    fn encode(&self, out: &mut Writer) {
        let start = out.position();
        self.value.encode(out);
        if let Some(aside) = &self.aside {
            aside.put_back(start, out);
        }
    }
}

/// Finds the paths of the reported parts, which are in the order of the text. The reader goes through the
/// text once more.
pub(crate) fn locate(
    reader: &mut Reader<'_>,
    reports: Vec<(usize, Error)>,
) -> Result<Vec<Odd>, Error> {
    let mut search = Search {
        reports: reports.into_iter().peekable(),
        path: Path::default(),
        found: Vec::new(),
    };
    search.visit(reader)?;
    Ok(search.found)
}

struct Search {
    reports: std::iter::Peekable<std::vec::IntoIter<(usize, Error)>>,
    path: Path,
    found: Vec<Odd>,
}

impl Search {
    fn visit(&mut self, reader: &mut Reader<'_>) -> Result<(), Error> {
        let here = reader.start();
        match self.reports.peek() {
            Some((start, _)) if *start == here => self.report(reader),
            Some(_) => self.descend(reader),
            None => reader.raw().map(drop),
        }
    }

    fn descend(&mut self, reader: &mut Reader<'_>) -> Result<(), Error> {
        match reader.peek()? {
            crate::Kind::Object => reader.object(&mut |key, reader| {
                let length = self.path.field(key);
                self.visit(reader)?;
                self.path.back_to(length);
                Ok(())
            }),
            crate::Kind::Array => {
                let mut place = 0;
                reader.array(&mut |reader| {
                    let length = self.path.item(place);
                    self.visit(reader)?;
                    self.path.back_to(length);
                    place += 1;
                    Ok(())
                })
            }
            _ => reader.raw().map(drop),
        }
    }

    fn report(&mut self, reader: &mut Reader<'_>) -> Result<(), Error> {
        let Some((byte, error)) = self.reports.next() else {
            return Ok(());
        };
        let path = self.path.as_str().to_owned();
        reader.charge_growth(&self.found)?;
        reader.charge_text(path.len())?;
        let message = match error.path() {
            "" => error.message().to_owned(),
            inside => format!("{} at {inside}", error.message()),
        };
        reader.charge_text(message.len())?;
        self.found.push(Odd {
            path,
            byte,
            message,
        });
        reader.raw().map(drop)
    }
}
