//! Reading of JSON.

use super::Json;

/// Maximum nesting of objects and lists.
const MAX_DEPTH: usize = 128;

/// Reads one value, with white space around it.
pub(super) fn whole(text: &str) -> Option<Json> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(MAX_DEPTH)?;
    reader.space();
    (reader.at == text.len()).then_some(value)
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Option<Json> {
        self.space();
        match self.peek()? {
            b'{' => {
                let members = self.list(b'}', depth, |reader, depth| {
                    reader.space();
                    let name = reader.string()?;
                    reader.space();
                    reader.expect(":")?;
                    Some((name, reader.value(depth)?))
                })?;
                Some(Json::object(members))
            }
            b'[' => self.list(b']', depth, Self::value).map(Json::Array),
            b'"' => self.string().map(Json::Text),
            b't' => self.expect("true").map(|()| Json::Bool(true)),
            b'f' => self.expect("false").map(|()| Json::Bool(false)),
            b'n' => self.expect("null").map(|()| Json::Null),
            _ => self.number(),
        }
    }

    /// Elements with commas between them, up to the closing character.
    fn list<T>(
        &mut self,
        close: u8,
        depth: usize,
        mut element: impl FnMut(&mut Self, usize) -> Option<T>,
    ) -> Option<Vec<T>> {
        let depth = depth.checked_sub(1)?;
        let mut all = Vec::new();
        self.at += 1;
        self.space();
        if self.peek()? == close {
            self.at += 1;
            return Some(all);
        }
        loop {
            all.push(element(self, depth)?);
            self.space();
            let end = self.peek()?;
            self.at += 1;
            match end {
                b',' => {}
                end => return (end == close).then_some(all),
            }
        }
    }

    fn string(&mut self) -> Option<String> {
        self.expect("\"")?;
        let mut out = String::new();
        loop {
            let rest = &self.text[self.at..];
            let plain = rest.find(|c: char| c == '"' || c == '\\' || c < ' ')?;
            out.push_str(&rest[..plain]);
            self.at += plain + 1;
            match rest.as_bytes()[plain] {
                b'"' => return Some(out),
                b'\\' => out.push(self.escape()?),
                _ => return None,
            }
        }
    }

    /// The character of an escape, after its backslash.
    fn escape(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at += 1;
        Some(match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let first = self.unit()?;
                if !(0xd800..0xdc00).contains(&first) {
                    return char::from_u32(first);
                }
                self.expect("\\u")?;
                let second = self
                    .unit()?
                    .checked_sub(0xdc00)
                    .filter(|low| *low < 0x400)?;
                return char::from_u32(0x10000 + ((first - 0xd800) << 10) + second);
            }
            _ => return None,
        })
    }

    /// Four hexadecimal digits.
    fn unit(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        self.at += 4;
        let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_hex.then(|| u32::from_str_radix(digits, 16).ok())?
    }

    fn number(&mut self) -> Option<Json> {
        let start = self.at;
        let _ = self.expect("-");
        if self.expect("0").is_none() {
            self.digits()?;
        }
        if self.expect(".").is_some() {
            self.digits()?;
        }
        if self.expect("e").or_else(|| self.expect("E")).is_some() {
            let _ = self.expect("+").or_else(|| self.expect("-"));
            self.digits()?;
        }
        Some(Json::Number(self.text[start..self.at].to_owned()))
    }

    /// Skips digits; `None` without a digit.
    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    fn expect(&mut self, text: &str) -> Option<()> {
        self.text.as_bytes()[self.at..]
            .starts_with(text.as_bytes())
            .then(|| self.at += text.len())
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::json::write;

    // F20, N26
    #[test]
    fn f20_json_is_read_and_written_as_it_was() {
        for text in [
            r#"{"b":[1,-0.50,1e+9,1E5],"a":{"é":"\"\\\n\u0001"},"c":[true,false,null,{},[]]}"#,
            "[]",
            "\"/\"",
            "0",
            "-10.25e-3",
        ] {
            let json = whole(text).expect(text);
            assert_eq!(write(&json), text);
        }
        let json = whole(" { \"a\" : \"\\u00e9\\ud83d\\ude00\\/\\b\\f\" } ").expect("JSON");
        assert_eq!(write(&json), "{\"a\":\"é😀/\\b\\f\"}");
        // The last value of a name counts, in the place of the first.
        let json = whole(r#"{"a":1,"b":2,"a":3}"#).expect("JSON");
        assert_eq!(write(&json), r#"{"a":3,"b":2}"#);
        let deep = |levels| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(whole(&deep(128)).is_some() && whole(&deep(129)).is_none());
    }

    #[test]
    fn f20_other_texts_are_not_json() {
        for text in [
            "",
            " ",
            "{",
            "[1,]",
            "{\"a\":1,}",
            "[1 2]",
            "{a:1}",
            "{\"a\"}",
            "[01]",
            "[1.]",
            "[.5]",
            "[+1]",
            "[-]",
            "[1e]",
            "[nul]",
            "[\"\\x\"]",
            "[\"\\u12g4\"]",
            "[\"\n\"]",
            "[\"",
            "[]x",
            "[1}",
            "\u{feff}{}",
            "[\"\\ud800\"]",
            "[\"\\udc00\"]",
            "[\"\\ud800\\u0041\"]",
            "[\"\\u+123\"]",
        ] {
            assert_eq!(whole(text), None, "{text}");
        }
    }

    proptest::proptest! {
        /// The checker of request bodies is another implementation of the grammar.
        #[cfg(feature = "http")]
        #[test]
        fn f20_the_reader_agrees_with_the_checker(text in r#"[\[\]{}",:0-9a-f\\nul.eE+ -]{0,12}"#) {
            let is_read = matches!(whole(&text), Some(Json::Object(_) | Json::Array(_)));
            // The checker does not look at surrogates.
            proptest::prop_assert_eq!(is_read, crate::json::is_document(text.as_bytes()));
        }
    }
}
