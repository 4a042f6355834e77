//! A check that bytes are one JSON object or array. It builds no value.

/// Maximum nesting of objects and arrays.
const MAX_DEPTH: usize = 128;

/// Whether the bytes are one object or array of valid UTF-8, with white space around it.
// N26, N31
pub(crate) fn is_document(bytes: &[u8]) -> bool {
    let Ok(text) = core::str::from_utf8(bytes) else {
        return false;
    };
    let mut scanner = Scanner {
        rest: text.as_bytes(),
    };
    scanner.space();
    matches!(scanner.rest.first(), Some(b'{' | b'[')) && scanner.value(MAX_DEPTH).is_some() && {
        scanner.space();
        scanner.rest.is_empty()
    }
}

struct Scanner<'a> {
    rest: &'a [u8],
}

impl Scanner<'_> {
    fn value(&mut self, depth: usize) -> Option<()> {
        match self.next()? {
            b'{' => self.members(depth.checked_sub(1)?, b'}', |scanner| {
                scanner.literal(b"\"")?;
                scanner.string()?;
                scanner.space();
                scanner.literal(b":")?;
                scanner.space();
                Some(())
            }),
            b'[' => self.members(depth.checked_sub(1)?, b']', |_| Some(())),
            b'"' => self.string(),
            b't' => self.literal(b"rue"),
            b'f' => self.literal(b"alse"),
            b'n' => self.literal(b"ull"),
            b'-' => {
                let first = self.next()?;
                self.number(first)
            }
            first => self.number(first),
        }
    }

    /// Values with commas between them; `key` reads the part before each value.
    fn members(
        &mut self,
        depth: usize,
        close: u8,
        key: impl Fn(&mut Self) -> Option<()>,
    ) -> Option<()> {
        self.space();
        if self.rest.first() == Some(&close) {
            self.next();
            return Some(());
        }
        loop {
            key(self)?;
            self.value(depth)?;
            self.space();
            match self.next()? {
                b',' => self.space(),
                byte => return (byte == close).then_some(()),
            }
        }
    }

    /// The rest of a string after its opening quote.
    fn string(&mut self) -> Option<()> {
        loop {
            match self.next()? {
                b'"' => return Some(()),
                b'\\' => match self.next()? {
                    b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {}
                    b'u' => {
                        for _ in 0..4 {
                            self.next().filter(u8::is_ascii_hexdigit)?;
                        }
                    }
                    _ => return None,
                },
                0..=0x1f => return None,
                _ => {}
            }
        }
    }

    /// The rest of a number after its first digit.
    fn number(&mut self, first: u8) -> Option<()> {
        match first {
            b'0' => {}
            b'1'..=b'9' => {
                self.digits();
            }
            _ => return None,
        }
        if self.rest.first() == Some(&b'.') {
            self.next();
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.rest.first() {
            self.next();
            if let Some(b'+' | b'-') = self.rest.first() {
                self.next();
            }
            self.digits()?;
        }
        Some(())
    }

    /// Skips digits; `None` without a digit.
    fn digits(&mut self) -> Option<()> {
        let count = self
            .rest
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        self.rest = &self.rest[count..];
        (count > 0).then_some(())
    }

    fn literal(&mut self, text: &[u8]) -> Option<()> {
        self.rest = self.rest.strip_prefix(text)?;
        Some(())
    }

    fn space(&mut self) {
        while let [b' ' | b'\t' | b'\n' | b'\r', rest @ ..] = self.rest {
            self.rest = rest;
        }
    }

    fn next(&mut self) -> Option<u8> {
        let (&first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n31_documents_are_accepted() {
        for text in [
            "{}",
            " [ ] ",
            r#"{"a":1,"b":[true,false,null],"c":{"d":"\u00e9\n\"","é":-0.5e+10}}"#,
            "[0,-1,10,1.5,1E5,0e-0,\"\"]",
            "\n{ \"a\" : [ 1 , 2 ] }\r\n\t",
        ] {
            assert!(is_document(text.as_bytes()), "{text}");
        }
        let deep = |levels| ["[".repeat(levels), "]".repeat(levels)].concat();
        assert!(is_document(deep(128).as_bytes()));
        assert!(!is_document(deep(129).as_bytes()));
    }

    #[test]
    fn n26_everything_else_is_refused() {
        for text in [
            "",
            " ",
            "1",
            "\"a\"",
            "null",
            "{",
            "}",
            "[1,]",
            "{\"a\":1,}",
            "[1 2]",
            "{a:1}",
            "{\"a\"}",
            "{\"a\" 1}",
            "{1:1}",
            "[01]",
            "[1.]",
            "[.5]",
            "[+1]",
            "[-]",
            "[1e]",
            "[1e+]",
            "[nul]",
            "[tru]",
            "[\"\\x\"]",
            "[\"\\u12g4\"]",
            "[\"\n\"]",
            "[\"",
            "[]x",
            "[][]",
            "ID-1/{}",
            "[1}",
            "{\"a\":1]",
            "[--1]",
            "\u{feff}{}",
            "{,}",
            "[,]",
        ] {
            assert!(!is_document(text.as_bytes()), "{text}");
        }
        assert!(!is_document(b"[\"\xff\"]"));
    }
}
