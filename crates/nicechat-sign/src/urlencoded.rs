//! Reading urlencoded text back into a form.

use alloc::string::String;
use alloc::vec::Vec;

use crate::encode::urldecode;
use crate::error::Kind;
use crate::{Error, Form, Value};

/// The most fields a form may have: PHP's `max_input_vars`.
const MAX_FIELDS: usize = 1000;
/// The deepest brackets: PHP's `max_input_nesting_level`.
const MAX_NESTING: usize = 64;

impl Form {
    /// Reads urlencoded text as PHP does: all values text, brackets in keys nested, `a[]` appended.
    /// Names are kept as they came: dots and spaces stay, and brackets that do not match are text.
    ///
    /// # Errors
    /// A key comes twice (which of the two a handler takes is anyone's guess), a key or value is
    /// not UTF-8, brackets nest deeper than 64, or there are more than 1000 fields.
    ///
    /// ```
    /// use nicechat_sign::{Form, Value};
    ///
    /// let form = Form::parse_urlencoded(b"ids%5B0%5D=7&title=A+b")?;
    /// assert_eq!(form.get("title"), Some(&Value::from("A b")));
    /// assert_eq!(form.get("ids"), Some(&Value::from(Form::new().with("0", "7"))));
    /// assert!(Form::parse_urlencoded(b"id=1&id=2").is_err());
    /// # Ok::<(), nicechat_sign::Error>(())
    /// ```
    pub fn parse_urlencoded(text: &[u8]) -> Result<Self, Error> {
        nested(pairs(text)?)
    }

    /// Reads urlencoded text as it lies: brackets are part of the key. This is what the dialects
    /// `python` and `prose` sort.
    ///
    /// # Errors
    /// As [`parse_urlencoded`](Self::parse_urlencoded).
    pub fn parse_urlencoded_flat(text: &[u8]) -> Result<Self, Error> {
        flat(pairs(text)?)
    }

    /// The form that a server of the dialect makes of the pairs it received.
    #[cfg(feature = "http")]
    pub(crate) fn received(
        dialect: crate::Dialect,
        pairs: Vec<(String, String)>,
    ) -> Result<Self, Error> {
        match dialect {
            crate::Dialect::Php | crate::Dialect::Php81 => nested(pairs),
            crate::Dialect::Python | crate::Dialect::Prose => flat(pairs),
        }
    }
}

fn nested(pairs: Vec<(String, String)>) -> Result<Form, Error> {
    let mut form = Form::new();
    for (key, value) in pairs {
        nest(&mut form, &key, value)?;
    }
    Ok(form)
}

fn flat(pairs: Vec<(String, String)>) -> Result<Form, Error> {
    let mut form = Form::new();
    for (key, value) in pairs {
        add(&mut form, &key, Value::Text(value))?;
    }
    Ok(form)
}

/// Decoded pairs in the order they came. Empty ones are skipped; a key alone has the value ``.
pub(crate) fn pairs(text: &[u8]) -> Result<Vec<(String, String)>, Error> {
    let mut out = Vec::new();
    for pair in text
        .split(|&byte| byte == b'&')
        .filter(|pair| !pair.is_empty())
    {
        if out.len() == MAX_FIELDS {
            return Err(Error::new(Kind::TooManyFields));
        }
        let equals = pair
            .iter()
            .position(|&byte| byte == b'=')
            .unwrap_or(pair.len());
        let key = urldecode(&pair[..equals]).ok_or(Error::malformed("", "a key is not UTF-8"))?;
        let value = urldecode(pair.get(equals + 1..).unwrap_or_default())
            .ok_or_else(|| Error::malformed(&key, "the value is not UTF-8"))?;
        out.push((key, value));
    }
    Ok(out)
}

fn nest(form: &mut Form, key: &str, value: String) -> Result<(), Error> {
    let Some((name, inner)) = brackets(key)? else {
        return add(form, key, Value::Text(value));
    };
    let mut place = form;
    let mut name = name;
    for segment in inner {
        place = member(place, name, key)?;
        name = segment;
    }
    if name.is_empty() && key.ends_with("[]") {
        let next = next_index(place);
        return add(place, &next, Value::Text(value));
    }
    add(place, name, Value::Text(value)).map_err(|_| twice(key))
}

/// The map under a name, made if it is not there.
fn member<'a>(form: &'a mut Form, name: &str, key: &str) -> Result<&'a mut Form, Error> {
    if form.get(name).is_none() {
        form.push_unique(name.into(), Value::Map(Form::new()));
    }
    match form.get_mut(name) {
        Some(Value::Map(members)) => Ok(members),
        _ => Err(twice(key)),
    }
}

/// `a[b][c]` as `a` and `b`, `c`. `None`: the key has no brackets, or they do not match.
fn brackets(key: &str) -> Result<Option<(&str, Vec<&str>)>, Error> {
    let Some((name, rest)) = key.split_once('[') else {
        return Ok(None);
    };
    let Some(rest) = rest.strip_suffix(']') else {
        return Ok(None);
    };
    let inner: Vec<&str> = rest.split("][").collect();
    if name.is_empty() || inner.iter().any(|segment| segment.contains(']')) {
        return Ok(None);
    }
    if inner.len() > MAX_NESTING {
        return Err(Error::new(Kind::TooDeep));
    }
    Ok(Some((name, inner)))
}

/// The key that PHP gives to an appended element: one above the highest integer key.
fn next_index(form: &Form) -> String {
    let highest = form
        .iter()
        .filter_map(|(key, _)| key.parse::<i64>().ok())
        .max();
    alloc::format!(
        "{}",
        highest.map_or(0, |index| index.saturating_add(1)).max(0)
    )
}

fn add(form: &mut Form, key: &str, value: Value) -> Result<(), Error> {
    if form.get(key).is_some() {
        return Err(twice(key));
    }
    form.push_unique(key.into(), value);
    Ok(())
}

fn twice(key: &str) -> Error {
    Error::malformed(key, "the key comes twice")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n30_values_stay_the_strings_received() {
        let form = Form::parse_urlencoded(b"in_stock=True&n=1&empty=&alone&&x=%D0%96").unwrap();
        let expected = Form::new()
            .with("in_stock", "True")
            .with("n", "1")
            .with("empty", "")
            .with("alone", "")
            .with("x", "Ж");
        assert_eq!(form, expected);
    }

    #[test]
    fn n21_brackets_nest_as_in_php() {
        let form =
            Form::parse_urlencoded(b"a%5Bx%5D%5B0%5D=1&a[x][1]=2&a[y]=3&l[]=4&l[]=5").unwrap();
        let x = Form::new().with("0", "1").with("1", "2");
        let expected = Form::new()
            .with("a", Form::new().with("x", x).with("y", "3"))
            .with("l", Form::new().with("0", "4").with("1", "5"));
        assert_eq!(form, expected);
    }

    #[test]
    fn n31_brackets_that_do_not_match_are_text() {
        for key in ["a[", "a]", "[a]", "a[b", "a[b]c", "a[b]]", "a[b]c[d]", "[]"] {
            let form = Form::parse_urlencoded(alloc::format!("{key}=1").as_bytes()).unwrap();
            assert_eq!(form, Form::new().with(key, "1"), "{key}");
        }
    }

    #[test]
    fn n31_what_two_handlers_could_read_differently_is_refused() {
        for text in [
            "id=1&id=2",
            "a=1&a[b]=2",
            "a[b]=2&a=1",
            "a[b]=1&a[b]=2",
            "a[b]=1&a[b][c]=2",
        ] {
            let error = Form::parse_urlencoded(text.as_bytes()).unwrap_err();
            assert!(error.is_malformed(), "{text}");
        }
        assert!(Form::parse_urlencoded_flat(b"a[]=1&a[]=2").is_err());
        assert!(Form::parse_urlencoded(b"a=%C3%28").is_err());
        assert!(Form::parse_urlencoded(b"%80=a").is_err());
    }

    #[test]
    fn n31_fields_and_depth_are_bounded() {
        let many = |count| {
            (0..count)
                .map(|n| alloc::format!("k{n}=&"))
                .collect::<String>()
        };
        assert_eq!(
            Form::parse_urlencoded(many(1000).as_bytes()).unwrap().len(),
            1000
        );
        let error = Form::parse_urlencoded(many(1001).as_bytes()).unwrap_err();
        assert_eq!(
            alloc::format!("{error}"),
            "the form has more than 1000 fields"
        );
        let deep = |levels| alloc::format!("a{}=1", "[b]".repeat(levels));
        assert!(Form::parse_urlencoded(deep(64).as_bytes()).is_ok());
        let error = Form::parse_urlencoded(deep(65).as_bytes()).unwrap_err();
        assert_eq!(
            alloc::format!("{error}"),
            "the payload is nested too deeply"
        );
        let error = Form::parse_urlencoded(b"id=1&id=2").unwrap_err();
        assert_eq!(alloc::format!("{error}"), "field `id`: the key comes twice");
    }
}
