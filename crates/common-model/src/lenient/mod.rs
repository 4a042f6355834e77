//! Repairs for texts that are nearly JSON. Each repair has a name and is off by default.
//!
//! The reader is strict. Some servers print a warning before their answer, and samples in documents have trailing
//! commas and comments. Such bytes can be repaired first:
//!
//! ```
//! use common_model::{Value, lenient::Lenient};
//!
//! let answer = b"<br />\n<b>Warning</b>: foo() in {x.php} on line 3\n{\"ok\": true,}";
//! let value: Value = Lenient::new().noise().trailing_commas().from_json_bytes(answer)?;
//! assert_eq!(value.to_string(), r#"{"ok":true}"#);
//! # Ok::<(), common_model::Error>(())
//! ```
// U51, N38, U10, R26

mod search;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use search::Search;

use crate::{Decode, Error, Options, Reader, decode::utf8, from_json_bytes, watch::Watch};

/// A set of repairs, empty by default.
///
/// Removed bytes become spaces, so that the offset of an error counts in the original text. With
/// [`noise`](Self::noise) it counts from the beginning of the object that was found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lenient {
    noise: bool,
    trailing_commas: bool,
    comments: bool,
}

impl Lenient {
    /// Builds a set without repairs.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            noise: false,
            trailing_commas: false,
            comments: false,
        }
    }

    /// Builds a set with all repairs.
    #[must_use]
    pub const fn all() -> Self {
        Self {
            noise: true,
            trailing_commas: true,
            comments: true,
        }
    }

    /// Adds the search for the one JSON object in other text, such as PHP's warnings or HTML; see
    /// [`object_in_noise`].
    #[must_use]
    pub const fn noise(self) -> Self {
        Self {
            noise: true,
            ..self
        }
    }

    /// Adds the removal of commas before a closing bracket; see [`without_trailing_commas`].
    #[must_use]
    pub const fn trailing_commas(self) -> Self {
        Self {
            trailing_commas: true,
            ..self
        }
    }

    /// Adds the removal of `//` comments; see [`without_comments`]. With [`noise`](Self::noise), comments inside of
    /// an object are not searched for other objects.
    #[must_use]
    pub const fn comments(self) -> Self {
        Self {
            comments: true,
            ..self
        }
    }

    /// Returns the repaired bytes, borrowed if nothing was repaired. A byte order mark is removed.
    ///
    /// # Errors
    /// With [`noise`](Self::noise): there is no JSON object, or more than one.
    pub fn repair<'a>(&self, bytes: &'a [u8]) -> Result<Cow<'a, [u8]>, Error> {
        self.repair_with(bytes, &Options::new())
    }

    /// As [`repair`](Self::repair), but ends early when the [stop check](Options::stop) returns true. The other
    /// settings have no effect.
    ///
    /// # Errors
    /// As [`repair`](Self::repair), and [`Error::is_stopped`].
    pub fn repair_with<'a>(
        &self,
        bytes: &'a [u8],
        options: &Options<'_>,
    ) -> Result<Cow<'a, [u8]>, Error> {
        let bytes = strip_bom(bytes);
        if !self.noise {
            return self.clean(bytes, options);
        }
        let whole = self.clean(bytes, options)?;
        if is_json(&whole, options)? {
            return Ok(whole);
        }
        self.find(bytes, options)
    }

    /// Repairs the bytes and reads them as one value.
    ///
    /// # Errors
    /// As [`repair`](Self::repair); the repaired bytes are not JSON, or their value is not a `T`.
    pub fn from_json_bytes<T: Decode>(&self, bytes: &[u8]) -> Result<T, Error> {
        from_json_bytes(&self.repair(bytes)?)
    }

    fn clean<'a>(&self, bytes: &'a [u8], options: &Options<'_>) -> Result<Cow<'a, [u8]>, Error> {
        let bytes = match self.comments {
            true => blank(bytes, comment, options)?,
            false => Cow::Borrowed(bytes),
        };
        Ok(match (self.trailing_commas, bytes) {
            (true, Cow::Borrowed(bytes)) => blank(bytes, trailing_comma, options)?,
            (true, Cow::Owned(bytes)) => {
                blank(&bytes, trailing_comma, options)?.into_owned().into()
            }
            (false, bytes) => bytes,
        })
    }

    /// Finds the only object with members that is JSON after the other repairs.
    fn find<'a>(&self, bytes: &'a [u8], options: &Options<'_>) -> Result<Cow<'a, [u8]>, Error> {
        let mut search = Search::new(*self, bytes, options);
        let Some((start, end)) = search.next(0)? else {
            return Err(Error::syntax("no JSON object in the text", 0));
        };
        match search.next(end)? {
            None => self.clean(&bytes[start..end], options),
            Some((second, _)) => Err(Error::syntax(
                "more than one JSON object in the text",
                second,
            )),
        }
    }
}

/// Returns the bytes without a byte order mark.
///
/// ```
/// assert_eq!(common_model::lenient::strip_bom(b"\xEF\xBB\xBF{}"), b"{}");
/// ```
#[must_use]
pub fn strip_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

/// Finds the one JSON object in a text that is not JSON otherwise: warnings, notices, HTML before or after it.
///
/// The object must be strict JSON and have members, since `{}` is found in any style sheet. The text around it may
/// be in any encoding. Do not use it on pages that are not answers: a script in an HTML page can hold an object,
/// too.
///
/// # Errors
/// There is no such object, or there are several, so that the answer cannot be told from the others.
///
/// ```
/// use common_model::lenient::object_in_noise;
///
/// let answer = b"Notice: x in /a.php on line 1\n{\"ok\":true}<!-- 3 ms -->";
/// assert_eq!(object_in_noise(answer)?, b"{\"ok\":true}");
/// assert!(object_in_noise(b"<html><style>a{}</style></html>").is_err());
/// # Ok::<(), common_model::Error>(())
/// ```
pub fn object_in_noise(bytes: &[u8]) -> Result<&[u8], Error> {
    match Lenient::new().find(bytes, &Options::new())? {
        Cow::Borrowed(object) => Ok(object),
        Cow::Owned(_) => Err(Error::syntax("no JSON object in the text", 0)),
    }
}

/// Replaces commas before `}` or `]` by spaces. Remove comments first.
///
/// ```
/// let repaired = common_model::lenient::without_trailing_commas(b"[1, \",]\",\n]");
/// assert_eq!(*repaired, *b"[1, \",]\" \n]");
/// ```
#[must_use]
pub fn without_trailing_commas(bytes: &[u8]) -> Cow<'_, [u8]> {
    unbounded(bytes, trailing_comma)
}

/// Replaces comments, from `//` to the end of the line, by spaces. Strings keep their `//`.
///
/// ```
/// let repaired = common_model::lenient::without_comments(b"[\"//\"] // two");
/// assert_eq!(*repaired, *b"[\"//\"]       ");
/// ```
#[must_use]
pub fn without_comments(bytes: &[u8]) -> Cow<'_, [u8]> {
    unbounded(bytes, comment)
}

/// Returns the end of the part to blank that begins at a byte: `Some(None)` if no such part begins there, `None`
/// when it is time to stop.
type EndOf = fn(&[u8], usize, &mut Watch<'_>) -> Option<Option<usize>>;

fn trailing_comma(bytes: &[u8], at: usize, watch: &mut Watch<'_>) -> Option<Option<usize>> {
    if bytes[at] != b',' {
        return Some(None);
    }
    let after = &bytes[at + 1..];
    let space = after.iter().position(|byte| !byte.is_ascii_whitespace());
    watch.go_on(space.unwrap_or(after.len()))?;
    let next = space.and_then(|space| after.get(space));
    Some(matches!(next, Some(b'}' | b']')).then_some(at + 1))
}

fn comment(bytes: &[u8], at: usize, watch: &mut Watch<'_>) -> Option<Option<usize>> {
    if !bytes[at..].starts_with(b"//") {
        return Some(None);
    }
    line_end(bytes, at, watch).map(Some)
}

/// Blanks the parts outside of strings that `end_of` finds.
fn blank<'a>(
    bytes: &'a [u8],
    end_of: EndOf,
    options: &Options<'_>,
) -> Result<Cow<'a, [u8]>, Error> {
    let mut watch = Watch::new(options);
    let blanked = blank_while(bytes, end_of, &mut watch);
    blanked.ok_or_else(|| Error::stopped(0))
}

fn unbounded(bytes: &[u8], end_of: EndOf) -> Cow<'_, [u8]> {
    // Without a stop check it always ends.
    blank(bytes, end_of, &Options::new()).unwrap_or(Cow::Borrowed(bytes))
}

fn blank_while<'a>(bytes: &'a [u8], end_of: EndOf, watch: &mut Watch<'_>) -> Option<Cow<'a, [u8]>> {
    let mut out = Cow::Borrowed(bytes);
    let mut at = 0;
    while at < bytes.len() {
        watch.go_on(1)?;
        if bytes[at] == b'"' {
            at = string_end(bytes, at, watch)?.unwrap_or(bytes.len());
        } else if let Some(end) = end_of(bytes, at, watch)? {
            out.to_mut()[at..end].fill(b' ');
            at = end;
        } else {
            at += 1;
        }
    }
    Some(out)
}

/// Returns the place after the string that opens at `start`: `Some(None)` if it does not end, `None` when it is time
/// to stop.
fn string_end(bytes: &[u8], start: usize, watch: &mut Watch<'_>) -> Option<Option<usize>> {
    let mut at = start;
    loop {
        at += 1;
        watch.go_on(1)?;
        match bytes.get(at) {
            Some(b'"') => return Some(Some(at + 1)),
            Some(b'\\') => at += 1,
            Some(_) => {}
            None => return Some(None),
        }
    }
}

/// Returns the end of the line, or `None` when it is time to stop.
fn line_end(bytes: &[u8], at: usize, watch: &mut Watch<'_>) -> Option<usize> {
    let line = bytes[at..]
        .iter()
        .position(|byte| matches!(byte, b'\n' | b'\r'));
    let end = line.map_or(bytes.len(), |length| at + length);
    watch.go_on(end - at)?;
    Some(end)
}

/// # Errors
/// The stop check ended the work.
fn is_json(bytes: &[u8], options: &Options<'_>) -> Result<bool, Error> {
    let Ok(text) = utf8(bytes) else {
        return Ok(false);
    };
    let mut reader = Reader::with_options(text, options);
    match reader.raw().and_then(|_| reader.end()) {
        Err(error) if error.is_stopped() => Err(error),
        read => Ok(read.is_ok()),
    }
}
