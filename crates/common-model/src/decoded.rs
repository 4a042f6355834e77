//! A value together with what of its text was not of its type.

use std::fmt;

use crate::{Encode, Error, Reader, Writer, aside::Aside, error::Path};

/// What was read from a text, and the parts that were kept aside.
///
/// ```
/// use common_model::{Options, from_json_with, to_json};
///
/// let text = r#"[1,"two",3]"#;
/// let read = from_json_with::<Vec<i64>>(text, &Options::new())?;
/// assert_eq!(read.value, [1, 3]);
/// assert_eq!(read.odd[0].to_string(), "expected an integer at [1] (byte 3)");
/// // Written as a whole, nothing is lost.
/// assert_eq!(to_json(&read), text);
/// # Ok::<(), common_model::Error>(())
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Decoded<T> {
    /// The value.
    pub value: T,
    /// What was kept aside, in the order of the text; empty as a rule.
    pub odd: Vec<Odd>,
    /// The odd elements of a value that is a list or map itself; those of fields are kept by their models.
    pub(crate) aside: Option<Box<Aside>>,
}

impl<T> Decoded<T> {
    /// A value, and what was kept aside on the way to it.
    #[must_use]
    pub const fn new(value: T, odd: Vec<Odd>) -> Self {
        Self {
            value,
            odd,
            aside: None,
        }
    }
}

/// A part of a text that is JSON and not of its type: an element of a list or map, or an optional field.
///
/// It quotes no value: an answer may hold personal data or secrets. The keys in its path are those of the
/// text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Odd {
    /// Where it stands: `orders[3].items[0].quantity`.
    pub path: String,
    /// Its first byte, counted from 0 after a byte order mark.
    pub byte: usize,
    /// What was wrong with it; with the field inside of it that was at fault.
    pub message: String,
}

impl Odd {
    /// A part that is not of its type, found by hand.
    #[must_use]
    pub fn new(path: impl Into<String>, byte: usize, message: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            byte,
            message: message.into(),
        }
    }
}

/// Control characters in a path are escaped.
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

/// Odd elements of a list or map are written at their places, if it still has as many others.
impl<T: Encode> Encode for Decoded<T> {
    fn encode(&self, out: &mut Writer) {
        let start = out.position();
        self.value.encode(out);
        if let Some(aside) = &self.aside {
            aside.put_back(start, out);
        }
    }
}

/// Finds the paths of what was reported, which are in the order of the text: the reader goes through it once
/// more.
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
