//! The secrets of earlier exchanges: a token that an answer has issued is one from then on, and so is a key with which
//! several requests came.

use std::{
    collections::VecDeque,
    hash::{BuildHasher as _, RandomState},
};

use common_transport::{Mask, Secret};

use crate::masked::is_random;

/// Number of learned secrets. Some services issue one with each answer, and each costs time at all later ones.
const MOST: usize = 1_024;

/// Shortest number that is masked wherever it stands: shorter ones are parts of ids.
const SHORTEST_NUMBER: usize = 6;

/// Shortest text of letters that is masked wherever it stands: shorter ones are words such as `none` and `true`.
const SHORTEST_WORD: usize = 8;

/// The secrets of a recording: all of the settings, and the latest that were learned.
#[derive(Default)]
pub(super) struct Learned {
    settings: Vec<Secret>,
    latest: VecDeque<Secret>,
    mask: Mask,
    /// Hashes of what requests held.
    seen: VecDeque<u64>,
    hasher: RandomState,
}

impl Learned {
    /// The mask for all of them.
    pub(super) fn mask(&self) -> &Mask {
        &self.mask
    }

    /// Adds a secret that is never forgotten.
    pub(super) fn hide(&mut self, secret: Secret) {
        self.mask = self.mask.and(std::slice::from_ref(&secret));
        self.settings.push(secret);
    }

    /// Adds a secret of a request when it comes for the second time: keys do, signatures do not.
    pub(super) fn see(&mut self, secret: &Secret) {
        if !is_random(secret.expose().as_bytes()) {
            return;
        }
        let hash = self.hasher.hash_one(secret.expose());
        if self.seen.contains(&hash) {
            return self.add(secret.clone());
        }
        self.seen.push_back(hash);
        if self.seen.len() > MOST {
            self.seen.pop_front();
        }
    }

    /// Adds a secret, unless it is a short word or number: masked everywhere, they would spoil the recording. In their own
    /// place they are hidden.
    pub(super) fn add(&mut self, secret: Secret) {
        let text = secret.expose();
        let is_short = |shortest, is_of: fn(&u8) -> bool| {
            text.len() < shortest && text.as_bytes().iter().all(is_of)
        };
        let is_ordinary = is_short(SHORTEST_NUMBER, u8::is_ascii_digit)
            || is_short(SHORTEST_WORD, u8::is_ascii_alphabetic);
        let is_known = self.latest.iter().any(|known| known.expose() == text);
        if is_ordinary || is_known {
            return;
        }
        self.mask = self.mask.and(std::slice::from_ref(&secret));
        self.latest.push_back(secret);
        if self.latest.len() > MOST {
            // Half are forgotten at once, so that the mask is seldom built anew.
            self.latest.drain(..MOST / 2);
            let all = self.settings.iter().chain(&self.latest);
            self.mask = Mask::new(all.cloned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s7_a_key_is_learned_from_requests_and_a_signature_is_not() {
        let mut learned = Learned::default();
        for number in 0..3 {
            learned.see(&"key-number-1".into());
            learned.see(&"ordinary".into());
            learned.see(&format!("signature-{number}").as_str().into());
        }
        let text = "key-number-1 ordinary signature-0";
        let shown = learned.mask().text(text).into_owned();
        assert_eq!(shown, "[hidden] ordinary signature-0");
    }

    #[test]
    fn s7_what_is_learned_is_bounded_and_spoils_no_json() {
        let mut learned = Learned::default();
        learned.hide("of-the-settings".into());
        for word in ["true", "null", "none", "12345"] {
            learned.add(word.into());
        }
        for number in 0..5 * MOST {
            learned.add(format!("session-{number}-x").into());
        }
        let mask = learned.mask();
        assert!(learned.latest.len() <= MOST);
        assert_eq!(mask.text("true null none 12345"), "true null none 12345");
        assert_eq!(mask.text("of-the-settings"), Mask::HIDDEN);
        assert_eq!(
            mask.text(&format!("session-{}-x", 5 * MOST - 1)),
            Mask::HIDDEN
        );
        assert_eq!(mask.text("session-0-x"), "session-0-x");
    }
}
