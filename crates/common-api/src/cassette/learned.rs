//! The secrets that answers held: a token that was issued is one from then on.

use std::collections::VecDeque;

use common_transport::{Mask, Secret};

/// Number of learned secrets. Some services issue one with each answer, and each costs time at all later ones.
const MOST: usize = 1_024;

/// Shortest number that is masked wherever it stands: shorter ones are parts of ids.
const SHORTEST_NUMBER: usize = 6;

/// Secrets of a recording, without end those of the settings, and the latest of those that were learned.
#[derive(Default)]
pub(super) struct Learned {
    settings: Vec<Secret>,
    latest: VecDeque<Secret>,
    mask: Mask,
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

    /// Adds a secret, unless it is a word of JSON or a short number: masked everywhere, they would spoil the recording.
    pub(super) fn add(&mut self, secret: Secret) {
        let text = secret.expose();
        let is_word = matches!(text, "true" | "false" | "null");
        let is_short =
            text.len() < SHORTEST_NUMBER && text.bytes().all(|byte| byte.is_ascii_digit());
        let is_known = self.latest.iter().any(|known| known.expose() == text);
        if is_word || is_short || is_known {
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
    fn s7_what_is_learned_is_bounded_and_spoils_no_json() {
        let mut learned = Learned::default();
        learned.hide("of-the-settings".into());
        for word in ["true", "null", "12345"] {
            learned.add(word.into());
        }
        for number in 0..5 * MOST {
            learned.add(format!("session-{number}-x").into());
        }
        let mask = learned.mask();
        assert!(learned.latest.len() <= MOST);
        assert_eq!(mask.text("true null 12345"), "true null 12345");
        assert_eq!(mask.text("of-the-settings"), Mask::HIDDEN);
        assert_eq!(
            mask.text(&format!("session-{}-x", 5 * MOST - 1)),
            Mask::HIDDEN
        );
        assert_eq!(mask.text("session-0-x"), "session-0-x");
    }
}
