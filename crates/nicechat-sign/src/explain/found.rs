//! The result of a search.

use super::received::Received;
use super::request::Request;
use super::variant::{Kind, Mistake, mistake};

/// Mistakes that give a signature, and what was hashed with them.
#[derive(Clone, Debug)]
pub struct Explained {
    pub(super) mistakes: Vec<Mistake>,
    pub(super) text: Vec<u8>,
}

impl Explained {
    /// The mistakes; none if the signature is right.
    pub fn mistakes(&self) -> &[Mistake] {
        &self.mistakes
    }

    /// The bytes that were hashed. They contain the secret, unless the mistake is to leave it out; the text of an HMAC
    /// does not contain its key.
    pub fn text(&self) -> &[u8] {
        &self.text
    }
}

/// The result of a search.
#[derive(Debug)]
pub struct Found {
    /// The smallest sets of mistakes that give the signature. A single empty set means that the signature is right.
    /// Without a set, no tried mistake gives the signature.
    pub(super) sets: Vec<Explained>,
    /// Mistakes visible without a search.
    pub(super) seen: Vec<Mistake>,
    pub(super) is_cut: bool,
    /// Number of hashed bytes.
    #[cfg(test)]
    pub(super) hashed: u64,
}

impl Found {
    /// The smallest sets of mistakes that give the signature, all of the same size.
    pub fn sets(&self) -> &[Explained] {
        &self.sets
    }

    /// Whether the signature is right, and was sent in the right form.
    pub fn is_right(&self) -> bool {
        self.sentence().is_some_and(|sentence| sentence.is_empty())
    }

    /// Whether some known mistakes were not tried, because the body is too long.
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// The mistakes as the end of "it was made …": `with the method in lower case, and with HMAC …`. Empty if
    /// the signature is right, `None` if no known mistakes give it.
    pub fn sentence(&self) -> Option<String> {
        let sentence = |set: &Explained| {
            let all = set.mistakes.iter().chain(&self.seen);
            let texts: Vec<&str> = all.map(|mistake| mistake.text.as_str()).collect();
            texts.join(", and ")
        };
        let sentences: Vec<String> = self.sets.iter().map(sentence).collect();
        (!sentences.is_empty()).then(|| sentences.join("; or "))
    }

    /// The mode in which the signature would be right: `json` or `form`.
    pub fn right_mode(&self) -> Option<&'static str> {
        let mut mistakes = self.sets.iter().flat_map(|set| &set.mistakes);
        mistakes.find_map(Mistake::right_mode)
    }
}

/// The mistakes that need no search: the form of the signature, and its name.
pub(super) fn seen(request: &Request, received: &Received) -> Vec<Mistake> {
    let mistakes = received.mistakes.iter().cloned();
    mistakes.chain(misnamed(request)).collect()
}

/// The mistake of a signature under one documented name when the rules have the other.
fn misnamed(request: &Request) -> Option<Mistake> {
    let found = request.left_out.signature_under?;
    let expected = request.names.signature_parameter_name();
    let text = format!("with the signature under the other name: {found} in place of {expected}");
    Some(mistake(Kind::Name, text))
}
