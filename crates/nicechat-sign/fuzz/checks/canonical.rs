//! Any form in any dialect: no panic, one result, and the sent text gives the signed text again.

use nicechat_sign::{Dialect, Form, Value, canonical, wire};

/// Reads a form out of the bytes and checks it.
pub(crate) fn run(data: &[u8]) {
    let mut bytes = Bytes {
        rest: data,
        budget: 200,
    };
    let form = bytes.form(3);
    for dialect in Dialect::ALL {
        let Ok(signed) = canonical(dialect, &form) else {
            assert_eq!(
                dialect,
                Dialect::Prose,
                "only the prose has gaps at this depth"
            );
            continue;
        };
        assert_eq!(canonical(dialect, &form.clone()).as_ref(), Ok(&signed));
        if let Ok(sent) = wire(dialect, &form) {
            let arrived = match dialect {
                Dialect::Php | Dialect::Php81 => Form::parse_urlencoded(sent.as_bytes()),
                _ => Form::parse_urlencoded_flat(sent.as_bytes()),
            };
            let arrived = arrived.expect("what is sent can be read");
            assert_eq!(
                canonical(dialect, &arrived).as_ref(),
                Ok(&signed),
                "{dialect}"
            );
        }
    }
    sorts_by_bytes(&form);
}

/// Checks the order in the dialects that sort by bytes.
fn sorts_by_bytes(form: &Form) {
    let flat: Form = form.iter().map(|(key, _)| (key, 1)).collect();
    let mut keys: Vec<&str> = flat.iter().map(|(key, _)| key).collect();
    keys.sort_unstable();
    let expected: Vec<String> = keys.iter().map(|key| format!("{key}=1")).collect();
    assert_eq!(canonical(Dialect::Python, &flat), Ok(expected.join("&")));
}

struct Bytes<'a> {
    rest: &'a [u8],
    /// Values still allowed, so that an input stays cheap.
    budget: usize,
}

impl Bytes<'_> {
    fn form(&mut self, depth: usize) -> Form {
        let count = usize::from(self.next() % 32);
        (0..count)
            .take_while(|_| !self.rest.is_empty() && self.budget > 0)
            .collect::<Vec<_>>()
            .into_iter()
            .map(|_| (self.text(), self.value(depth)))
            .collect()
    }

    fn value(&mut self, depth: usize) -> Value {
        self.budget = self.budget.saturating_sub(1);
        match self.next() % 10 {
            0 => Value::Null,
            1 => Value::Bool(self.next().is_multiple_of(2)),
            2 => Value::Int(i64::from_le_bytes(self.eight())),
            3 => Value::Int(i64::from(self.next()) - 128),
            4 => Value::Float(f64::from_le_bytes(self.eight())),
            5 => Value::integer(&self.text()).unwrap_or(Value::Null),
            6 if depth > 0 => {
                let count = self.next() % 4;
                Value::List((0..count).map(|_| self.value(depth - 1)).collect())
            }
            7 if depth > 0 && self.budget > 0 => Value::Map(self.form(depth - 1)),
            _ => Value::Text(self.text()),
        }
    }

    /// Up to 31 bytes, as text.
    fn text(&mut self) -> String {
        let length = usize::from(self.next() % 32).min(self.rest.len());
        let (text, rest) = self.rest.split_at(length);
        self.rest = rest;
        String::from_utf8_lossy(text).into_owned()
    }

    fn eight(&mut self) -> [u8; 8] {
        std::array::from_fn(|_| self.next())
    }

    fn next(&mut self) -> u8 {
        let (first, rest) = self.rest.split_first().unwrap_or((&0, &[]));
        self.rest = rest;
        *first
    }
}
