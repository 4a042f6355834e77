//! E-mail addresses and phone numbers in texts, as keys of erasure.

use common_durable::Key;

/// Numbers of digits that a phone number has.
const DIGITS: std::ops::RangeInclusive<usize> = 10..=15;

/// Last digits by which phones are compared. `+7 900 123-45-67` and `8 (900) 123-45-67` are one number.
const COMPARED: usize = 10;

/// Longest e-mail address in bytes.
const MOST_EMAIL: usize = 254;

/// Returns the key by which everything of a person, or of a subject, can be erased.
///
/// E-mail addresses are compared without case, phones by their last ten digits. Any other text is a key of order as
/// [`InboxStore`](super::InboxStore) makes it: `uvygoda:main/7`.
///
/// ```
/// use shopwire::inbox::erasure_key;
///
/// assert_eq!(erasure_key("+380 (50) 111-22-33"), erasure_key("0501112233"));
/// assert_eq!(erasure_key("Ann@Shop.example "), erasure_key("ann@shop.example"));
/// assert_ne!(erasure_key("uvygoda:main/7"), erasure_key("uvygoda:main/8"));
/// ```
pub fn erasure_key(text: &str) -> Key {
    let text = text.trim();
    if let Some(email) = email(text) {
        return Key::new(email);
    }
    let is_phone = text.chars().all(is_of_a_phone);
    match is_phone.then(|| phone(text)).flatten() {
        Some(phone) => Key::new(phone),
        None => Key::new(text),
    }
}

/// Keys that were found, each once, up to a number.
#[derive(Debug)]
pub(super) struct Found {
    keys: Vec<String>,
    most: usize,
}

impl Found {
    pub(super) fn new(most: usize) -> Self {
        Self {
            keys: Vec::new(),
            most,
        }
    }

    /// Adds the addresses and phones of a text.
    pub(super) fn text(&mut self, text: &str) {
        if text.contains('@') {
            text.split(is_around_an_email)
                .filter_map(email)
                .for_each(|email| self.add(email));
        }
        phones(text).for_each(|phone| self.add(phone));
    }

    pub(super) fn keys(self) -> Vec<Key> {
        self.keys.into_iter().map(Key::new).collect()
    }

    fn add(&mut self, key: String) {
        if self.keys.len() < self.most && !self.keys.contains(&key) {
            self.keys.push(key);
        }
    }
}

fn is_around_an_email(letter: char) -> bool {
    letter.is_whitespace() || "<>()[]{},;:\"'&=?!/\\|".contains(letter)
}

fn email(word: &str) -> Option<String> {
    let word = word.trim_end_matches('.');
    let (local, domain) = word.split_once('@')?;
    let is_domain = domain.split('.').count() > 1
        && domain.split('.').all(|label| {
            let mut letters = label.chars();
            !label.is_empty() && letters.all(|letter| letter.is_alphanumeric() || letter == '-')
        });
    let is_local = !local.is_empty() && !local.contains(is_around_an_email);
    let is_email = is_local && is_domain && word.len() <= MOST_EMAIL;
    is_email.then(|| format!("email:{}", word.to_lowercase()))
}

fn is_of_a_phone(letter: char) -> bool {
    letter.is_ascii_digit() || " \u{a0}+-().".contains(letter)
}

/// The phones of a text: runs of digits and separators that do not go on as a word or a time.
fn phones(text: &str) -> impl Iterator<Item = String> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(start) = text[at..].find(begins_a_phone).map(|start| at + start) {
            let run = &text[start..];
            let run = &run[..run
                .find(|letter| !is_of_a_phone(letter))
                .unwrap_or(run.len())];
            at = start + run.len();
            let run = run.trim_end_matches(|letter: char| !letter.is_ascii_digit());
            let before = text[..start].chars().next_back();
            let after = text[start + run.len()..].chars().next();
            let goes_on = |letter: char| letter.is_alphanumeric() || "_:/@".contains(letter);
            // `tel:+7900…` and `Phone:(900)…`; without a sign it may be the end of a time.
            let is_signed =
                run.starts_with(['+', '(']) && before.is_some_and(|it| ":/".contains(it));
            let is_apart =
                (is_signed || !before.is_some_and(goes_on)) && !after.is_some_and(goes_on);
            if let Some(phone) = is_apart.then(|| phone(run)).flatten() {
                return Some(phone);
            }
        }
        None
    })
}

fn begins_a_phone(letter: char) -> bool {
    letter.is_ascii_digit() || "+(".contains(letter)
}

fn phone(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_phone = DIGITS.contains(&digits.len());
    is_phone.then(|| format!("phone:{}", &digits[digits.len() - COMPARED..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let mut found = Found::new(9);
        found.text(text);
        found.keys
    }

    // D6
    #[test]
    fn d6_addresses_and_phones_are_found_within_texts() {
        for (text, keys) in [
            ("", &[][..]),
            ("+7 (900) 123-45-67", &["phone:9001234567"]),
            ("call 8-900-123-45-67, please", &["phone:9001234567"]),
            ("79001234567", &["phone:9001234567"]),
            ("<a href='tel:+79001234567'>", &["phone:9001234567"]),
            ("Телефон:+7(900)123-45-67", &["phone:9001234567"]),
            ("Phone:(900) 123-45-67", &["phone:9001234567"]),
            ("tel. +380501112233.", &["phone:0501112233"]),
            (
                "mail Ann.B@Shop.Example. Thanks",
                &["email:ann.b@shop.example"],
            ),
            ("<a@b.cd>;c+d@e.fg", &["email:a@b.cd", "email:c+d@e.fg"]),
            ("a@b.cd, A@B.CD", &["email:a@b.cd"]),
            ("имя@пример.рф", &["email:имя@пример.рф"]),
        ] {
            assert_eq!(found(text), keys, "{text}");
        }
    }

    #[test]
    fn d6_numbers_times_and_ids_are_no_phones() {
        for text in [
            "1500.00",
            "2024-05-21 10:26:03",
            "2024-05-21T10:26:03.123456",
            "a1234567890",
            "1234567890abc",
            "550e8400-e29b-41d4-a716-446655440000",
            "1234567890123456",
            "@",
            "a@b",
            "a@.b",
            "a@@b.c",
        ] {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
    }

    #[test]
    fn d6_the_number_of_keys_has_a_limit() {
        let mut few = Found::new(2);
        few.text("a@b.cd b@b.cd c@b.cd");
        assert_eq!(few.keys().len(), 2);
    }

    #[test]
    fn d6_an_operator_may_write_a_key_in_another_way() {
        let keys = |text: &str| found(text).into_iter().map(Key::new).next();
        for (in_the_body, typed) in [
            ("+79001234567", " 8 (900) 123-45-67\n"),
            ("Ann@shop.example", "ann@SHOP.example"),
        ] {
            assert_eq!(keys(in_the_body), Some(erasure_key(typed)));
        }
        assert_eq!(erasure_key("uvygoda:main/7"), Key::new("uvygoda:main/7"));
        assert_eq!(erasure_key("2024"), Key::new("2024"));
    }
}
