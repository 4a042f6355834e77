//! Random payloads that look for the corners: keys that are almost numbers, values of every type.

use nicechat_sign::{Form, Value};

/// SplitMix64: small, seeded, good enough to pick cases.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).unwrap_or_default()
    }

    pub(super) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// A form of usually few fields, now and then of enough for each branch of PHP's sort.
    pub(super) fn form(&mut self) -> Form {
        let count = match self.below(1000) {
            0 => 1024 + self.below(200),
            1..50 => 17 + self.below(100),
            _ => self.below(17),
        };
        self.form_of(count)
    }

    /// A form of so many fields, or fewer where keys repeat.
    pub(super) fn form_of(&mut self, count: usize) -> Form {
        let flavour = self.below(4);
        (0..count)
            .map(|_| (self.key(flavour), self.value(3)))
            .collect()
    }

    /// Keys that are numbers or almost numbers, of so many or fewer, each with its place as value.
    pub(super) fn keys(&mut self, count: usize) -> Form {
        (0..count)
            .map(|at| (self.key(2), format!("{at}")))
            .collect()
    }

    /// A form of text and integers, which every dialect defines.
    pub(super) fn flat_form(&mut self) -> Form {
        let flavour = self.below(4);
        (0..self.below(20))
            .map(|_| {
                let value = match self.below(4) {
                    0 => Value::Int(self.next().cast_signed() >> self.below(64)),
                    _ => Value::Text(self.text()),
                };
                (self.key(flavour), value)
            })
            .collect()
    }

    /// The text of a form as a client may send it, with brackets in all places.
    pub(super) fn received(&mut self) -> String {
        let pairs = (0..=self.below(3)).map(|_| {
            let key: String = (0..=self.below(5)).map(|_| *self.pick(&PIECES)).collect();
            format!("{key}={}", self.pick(&PIECES))
        });
        pairs.collect::<Vec<_>>().join("&")
    }

    fn key(&mut self, flavour: usize) -> String {
        match (flavour, self.below(3)) {
            (0, _) => (*self.pick(&NAMES)).into(),
            (1, _) | (_, 0) => (*self.pick(&ALMOST_NUMBERS)).into(),
            (2, _) | (_, 1) => (0..self.below(5))
                .map(|_| *self.pick(&NUMBER_LETTERS))
                .collect(),
            _ => self.text(),
        }
    }

    fn value(&mut self, depth: usize) -> Value {
        match self.below(if depth == 0 { 8 } else { 10 }) {
            0 => Value::Null,
            1 => Value::Bool(self.below(2) == 1),
            2 => Value::Int(self.next().cast_signed() >> self.below(64)),
            3 => Value::Float(self.float()),
            4 => Value::Float((self.next().cast_signed() >> (20 + self.below(44))) as f64 / 100.0),
            5 if self.below(4) == 0 => self.big_integer(),
            5..8 => Value::Text(self.text()),
            8 => Value::List((0..self.below(4)).map(|_| self.value(depth - 1)).collect()),
            _ => {
                let flavour = self.below(4);
                let members = 0..self.below(4);
                Value::Map(
                    members
                        .map(|_| (self.key(flavour), self.value(depth - 1)))
                        .collect(),
                )
            }
        }
    }

    fn float(&mut self) -> f64 {
        match self.below(4) {
            0 => *self.pick(&FLOATS),
            // Integers and halves around the fourteenth digit, whose ends are ties and zeros.
            1 => {
                let ends = *self.pick(&[0, 4, 5, 6, 15, 25, 50, 95, 105, 250, 500, 950]);
                let digits = 10_u64.pow(7 + self.below(7) as u32);
                let start = digits + self.next() % digits;
                (start * 1000 + ends) as f64 * self.pick(&[1.0, 10.0, 0.5, 0.25, -1.0])
            }
            2 => self.pick(&FLOATS) * (self.next() % 1_000_000) as f64,
            _ => Some(f64::from_bits(self.next()))
                .filter(|it| !it.is_nan())
                .unwrap_or(0.5),
        }
    }

    fn big_integer(&mut self) -> Value {
        let sign = if self.below(2) == 0 { "-" } else { "" };
        let text = format!("{sign}{}{}", 1 + self.next() / 2, self.next());
        Value::integer(&text).unwrap_or(Value::Null)
    }

    fn text(&mut self) -> String {
        (0..self.below(8)).map(|_| *self.pick(&LETTERS)).collect()
    }
}

/// What keys and values received are put together from.
const PIECES: [&str; 24] = [
    "a", "b", "é", "%D0%96", "[", "]", "[]", "[]", "[0]", "[7]", "[07]", "[-3]", "[b]", "[b.c]",
    "%5Bb%5D", "0", "1", "-", ".", "+", "%0B", "%25", "*", "%41",
];

const NAMES: [&str; 12] = [
    "id",
    "title",
    "price",
    "currency",
    "in_stock",
    "url",
    "Title",
    "ID",
    "a.b",
    "a-b",
    "название",
    "a",
];

const ALMOST_NUMBERS: [&str; 64] = [
    "0",
    "1",
    "2",
    "9",
    "10",
    "11",
    "100",
    "-1",
    "-10",
    "007",
    "01",
    "010",
    "-0",
    "+0",
    "+1",
    "00",
    "1a",
    "10a",
    "9a",
    "2b",
    "a1",
    "a",
    "",
    " ",
    " 1",
    "1 ",
    " 1 ",
    "\t2",
    "2\n",
    "\u{b}3",
    "3\u{c}",
    "1\u{a0}",
    "1.",
    ".5",
    "0.5",
    "1.0",
    "1.50",
    "1e1",
    "1e",
    "1e+",
    "1e-x",
    "1E2",
    "1.e1",
    ".e1",
    ".",
    "-.5",
    "-",
    "+",
    "--1",
    "1e400",
    "-1e400",
    "1e-400",
    "INF",
    "NAN",
    "0x1A",
    "1_000",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "-9223372036854775809",
    "-9223372036854775808 ",
    "9223372036854775809e-x",
    "99999999999999999998",
    "99999999999999999999",
];

const NUMBER_LETTERS: [char; 18] = [
    '0', '1', '2', '5', '9', '0', '1', '3', '-', '+', '.', 'e', 'E', ' ', 'a', 'x', '\n', '\0',
];

const LETTERS: [char; 48] = [
    'a', 'b', 'z', 'A', 'Z', '0', '1', '9', ' ', '+', '%', '&', '=', '/', '?', '#', '[', ']', '{',
    '}', '(', ')', '*', '~', '-', '_', '.', '\'', '"', '\\', '\n', '\t', '\r', '\0', '\u{7f}', 'é',
    'Ж', '€', '日', '😀', '\u{a0}', '\u{ad}', '\u{301}', '\u{2028}', '\u{e000}', '\u{feff}',
    '\u{1f}', '<',
];

const FLOATS: [f64; 24] = [
    0.0,
    -0.0,
    1.0,
    10.0,
    -10.0,
    0.1,
    0.3,
    1e25,
    1e-5,
    1e-4,
    1e14,
    1e15,
    1e16,
    1e17,
    123_456.789,
    0.001,
    99_999_999_999_999.5,
    999_999_999_999_999.9,
    5e-324,
    f64::MAX,
    f64::MIN_POSITIVE,
    f64::INFINITY,
    f64::NEG_INFINITY,
    0.123_456_789_012_345_6,
];
