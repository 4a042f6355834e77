//! The explanation of a refusal.

use serde_json::{Value, json};

use super::reason::Reason;

/// Why a request was refused.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The number of the request.
    pub id: u64,
    /// The HTTP status of the answer.
    pub status: Option<u16>,
    /// All reasons.
    pub reasons: Vec<Reason>,
    /// The signature, if it is wrong. NiceChat only.
    pub signature: Option<SignatureExplanation>,
}

/// Why a signature is not right.
///
/// Its texts begin with the account's secret. A sandbox makes up its secrets, and they open nothing else.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignatureExplanation {
    /// The signature of the request, as it was sent.
    pub received: Option<String>,
    /// The right signature.
    pub expected: Option<String>,
    /// The text whose SHA-256 is the right signature.
    pub ours: Option<String>,
    /// The text that explains the received signature, if one was found.
    pub theirs: Option<String>,
    /// The first difference between the two texts.
    pub difference: Option<Difference>,
    /// The mistakes that lead from our text to theirs, or why none was found.
    pub explanation: Option<String>,
}

/// The first difference between two texts.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Number of characters that are the same.
    pub at: usize,
    /// Our text from there.
    pub ours: String,
    /// Their text from there.
    pub theirs: String,
}

impl Difference {
    /// Compares two texts; `None` if they are the same.
    pub(crate) fn of(ours: &str, theirs: &str) -> Option<Self> {
        if ours == theirs {
            return None;
        }
        let pairs = ours.chars().zip(theirs.chars());
        let same = pairs.take_while(|(one, other)| one == other);
        let (at, bytes) = same.fold((0, 0), |(at, bytes), (one, _)| {
            (at + 1, bytes + one.len_utf8())
        });
        Some(Self {
            at,
            ours: ours[bytes..].to_owned(),
            theirs: theirs[bytes..].to_owned(),
        })
    }
}

impl Explanation {
    /// Returns the explanation as the admin API shows it.
    pub fn to_json(&self) -> Value {
        json!({
            "id": self.id,
            "status": self.status,
            "reasons": self.reasons.iter().map(Reason::to_json).collect::<Vec<_>>(),
            "signature": self.signature.as_ref().map(SignatureExplanation::to_json),
        })
    }
}

impl SignatureExplanation {
    /// Returns the explanation as the admin API shows it.
    pub fn to_json(&self) -> Value {
        let difference = self
            .difference
            .as_ref()
            .map(|parts| json!({"at": parts.at, "ours": parts.ours, "theirs": parts.theirs}));
        json!({
            "received": self.received,
            "expected": self.expected,
            "ours": self.ours,
            "theirs": self.theirs,
            "difference": difference,
            "explanation": self.explanation,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s2_a_difference_is_counted_in_characters() {
        let parts = Difference::of("Товар/a", "Товар/b").expect("a difference");
        assert_eq!((parts.at, &*parts.ours, &*parts.theirs), (6, "a", "b"));
        let parts = Difference::of("ab", "a").expect("a difference");
        assert_eq!((parts.at, &*parts.ours, &*parts.theirs), (1, "b", ""));
        assert_eq!(Difference::of("é", "é"), None);
    }
}
