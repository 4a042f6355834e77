//! Reading urlencoded text back into a form.

use alloc::string::String;
use alloc::vec::Vec;

use crate::encode::urldecode;
use crate::error::Kind;
use crate::{Error, Form, Value, php};

/// The most fields a form may have: PHP's `max_input_vars`.
const MAX_FIELDS: usize = 1000;

impl Form {
    /// Reads urlencoded text as PHP does: each value is text, brackets in keys nest, `a[]` appends.
    ///
    /// # Errors
    /// - A key occurs twice: handlers differ in the value they take.
    /// - PHP would rename or cut a key: a dot or a space before the brackets, brackets that do not
    ///   match, a zero byte.
    /// - A key or value is not UTF-8.
    /// - Brackets nest deeper than 64, or there are more than 1000 fields.
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
        php::nested(pairs(text)?)
    }

    /// Reads urlencoded text without nesting: brackets are part of the key, as the dialects
    /// `python` and `prose` sort it.
    ///
    /// # Errors
    /// As [`parse_urlencoded`](Self::parse_urlencoded).
    pub fn parse_urlencoded_flat(text: &[u8]) -> Result<Self, Error> {
        flat(pairs(text)?)
    }

    /// The form that a server of the dialect builds from the pairs it received.
    #[cfg(feature = "http")]
    pub(crate) fn received(
        dialect: crate::Dialect,
        pairs: Vec<(String, String)>,
    ) -> Result<Self, Error> {
        match dialect {
            crate::Dialect::Php | crate::Dialect::Php81 => php::nested(pairs),
            crate::Dialect::Python | crate::Dialect::Prose => flat(pairs),
        }
    }
}

/// A form without nesting. A key that occurs twice is an error.
fn flat(pairs: Vec<(String, String)>) -> Result<Form, Error> {
    let mut keys: Vec<&str> = pairs.iter().map(|(key, _)| key.as_str()).collect();
    keys.sort_unstable();
    if let Some(pair) = keys.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(Error::malformed(pair[0], php::TWICE));
    }
    let mut form = Form::new();
    for (key, value) in pairs {
        form.push_unique(key, Value::Text(value));
    }
    Ok(form)
}

/// Decoded pairs in their order. Empty ones are skipped; a key without `=` has an empty value.
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
    fn n31_what_two_handlers_could_read_differently_is_refused() {
        assert!(Form::parse_urlencoded_flat(b"a[]=1&a[]=2").is_err());
        assert!(Form::parse_urlencoded(b"a=%C3%28").is_err());
        assert!(Form::parse_urlencoded(b"%80=a").is_err());
    }

    #[test]
    fn n31_fields_are_bounded() {
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
        let error = Form::parse_urlencoded(b"id=1&id=2").unwrap_err();
        assert_eq!(alloc::format!("{error}"), "field `id`: the key comes twice");
    }
}
