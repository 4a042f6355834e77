//! Names of form fields as PHP nests them: `a[b][]=1` is an element of an array in an array.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::key::integer;
use crate::error::Kind;
use crate::{Error, Form, Value};

/// Maximum nesting of brackets: PHP's `max_input_nesting_level`.
const MAX_NESTING: usize = 64;

/// Reads pairs as PHP does. Refuses keys that PHP would rename, cut or overwrite.
pub(crate) fn nested(pairs: Vec<(String, String)>) -> Result<Form, Error> {
    let mut form = Array::default();
    for (key, value) in pairs {
        let (name, segments) = split(&key)?;
        form.insert(name, &segments, value)
            .map_err(|what| Error::malformed(&key, what))?;
    }
    Ok(form.into_form())
}

/// The reason to refuse a key.
pub(crate) const TWICE: &str = "the key comes twice";
const OTHERWISE: &str = "php reads this name otherwise";

/// `a[b][]` as `a` and `b`, ``.
fn split(key: &str) -> Result<(&str, Vec<&str>), Error> {
    let otherwise = || Error::malformed(key, OTHERWISE);
    let (name, mut rest) = key.split_at(key.find('[').unwrap_or(key.len()));
    if name.is_empty() || name.contains([' ', '.']) || key.contains('\0') {
        return Err(otherwise());
    }
    let mut segments = Vec::new();
    while !rest.is_empty() {
        let inner = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
        let (segment, tail) = inner.ok_or_else(otherwise)?;
        // `a[ ]` appends as `a[]` does.
        if segment.len() == 1 && segment.starts_with(is_space) {
            return Err(otherwise());
        }
        segments.push(segment);
        rest = tail;
    }
    if segments.len() > MAX_NESTING {
        return Err(Error::new(Kind::TooDeep));
    }
    Ok((name, segments))
}

/// C's `isspace`.
fn is_space(letter: char) -> bool {
    letter == '\u{b}' || letter.is_ascii_whitespace()
}

/// An array under construction. A sender chooses the number of keys, so look-ups use a map, not a
/// linear search.
#[derive(Default)]
struct Array {
    fields: Vec<(String, Node)>,
    places: BTreeMap<String, usize>,
    /// The highest integer key.
    highest: Option<i64>,
}

enum Node {
    Text(String),
    Array(Array),
}

impl Array {
    fn insert(&mut self, name: &str, segments: &[&str], text: String) -> Result<(), &'static str> {
        let mut place = self;
        let mut name = Some(name);
        for &segment in segments {
            place = place.array(name)?;
            name = Some(segment).filter(|segment| !segment.is_empty());
        }
        place.push(name, Node::Text(text)).map(drop)
    }

    /// The array under a name or, without one, a new one at the end.
    fn array(&mut self, name: Option<&str>) -> Result<&mut Self, &'static str> {
        let known = name.and_then(|name| self.places.get(name).copied());
        let place = match known {
            Some(place) => place,
            None => self.push(name, Node::Array(Self::default()))?,
        };
        match &mut self.fields[place].1 {
            Node::Array(array) => Ok(array),
            Node::Text(_) => Err(TWICE),
        }
    }

    fn push(&mut self, name: Option<&str>, node: Node) -> Result<usize, &'static str> {
        let key = name.map_or_else(|| self.next_key(), |name| Ok(name.into()))?;
        let place = self.fields.len();
        if self.places.insert(key.clone(), place).is_some() {
            return Err(TWICE);
        }
        self.highest = self.highest.max(integer(&key));
        self.fields.push((key, node));
        Ok(place)
    }

    /// One above the highest integer key. An error after a negative one: PHP versions differ there.
    fn next_key(&self) -> Result<String, &'static str> {
        match self.highest {
            None => Ok("0".into()),
            Some(highest @ 0..) if highest < i64::MAX => Ok((highest + 1).to_string()),
            Some(_) => Err(OTHERWISE),
        }
    }

    fn into_form(self) -> Form {
        let mut form = Form::new();
        for (key, node) in self.fields {
            let value = match node {
                Node::Text(text) => Value::Text(text),
                Node::Array(array) => Value::Map(array.into_form()),
            };
            form.push_unique(key, value);
        }
        form
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Form, Error> {
        Form::parse_urlencoded(text.as_bytes())
    }

    #[test]
    fn n21_brackets_nest_as_in_php() {
        let x = Form::new().with("0", "1").with("1", "2");
        let l = Form::new().with("0", "4").with("1", "5");
        let expected = Form::new()
            .with("a", Form::new().with("x", x).with("y", "3"))
            .with("l", l);
        let form = read("a%5Bx%5D%5B0%5D=1&a[x][1]=2&a[y]=3&l[]=4&l[]=5");
        assert_eq!(form, Ok(expected));
    }

    #[test]
    fn n21_an_element_without_a_key_goes_behind_the_highest_integer_key() {
        for (text, keys) in [
            ("a[]=&a[]=", "0 1"),
            ("a[7]=&a[]=", "7 8"),
            ("a[-7]=&a[0]=&a[]=", "-7 0 1"),
            // A text to PHP, as is all that is not canonical decimal.
            ("a[07]=&a[]=", "07 0"),
            ("a[b[c]=&a[]=", "b[c 0"),
        ] {
            let inner: Form = keys.split(' ').map(|key| (key, "")).collect();
            assert_eq!(read(text), Ok(Form::new().with("a", inner)), "{text}");
        }
        let each = |index| Form::new().with(index, Form::new().with("b", "1"));
        let form = read("a[][b]=1").map(|form| form.get("a").cloned());
        assert_eq!(form, Ok(Some(each("0").into())));
    }

    #[test]
    fn n31_names_that_php_changes_are_refused() {
        for key in [
            "a.b", "a+b", "+a", "a[", "[a]", "[]", "a[b", "a[b]c", "a[b]]", "a[b]c[d]", "a%00",
            "a[b%00]", "a[+]", "a[%0B]", "",
        ] {
            let error = read(&alloc::format!("{key}=1")).unwrap_err();
            assert!(error.is_malformed(), "{key}");
        }
        let inner = Form::new().with("b.c", "2").with(" d", "3");
        let kept = Form::new().with("a]", "1").with("a", inner);
        assert_eq!(read("a]=1&a[b.c]=2&a[+d]=3"), Ok(kept));
    }

    #[test]
    fn n31_what_php_would_overwrite_or_put_elsewhere_is_refused() {
        for text in [
            "id=1&id=2",
            "a=1&a[b]=2",
            "a[b]=2&a=1",
            "a[b]=1&a[b]=2",
            "a[b]=1&a[b][c]=2",
            "a[9223372036854775807]=&a[]=",
            "a[-7]=&a[]=",
        ] {
            assert!(read(text).unwrap_err().is_malformed(), "{text}");
        }
    }

    #[test]
    fn n31_depth_is_bounded() {
        let deep = |levels| read(&alloc::format!("a{}=1", "[b]".repeat(levels)));
        assert!(deep(64).is_ok());
        assert_eq!(
            alloc::format!("{}", deep(65).unwrap_err()),
            "the payload is nested too deeply"
        );
    }
}
