//! Masking of causes that show a secret.

use std::{borrow::Cow, error::Error as StdError, fmt};

use crate::{BoxError, mask::Mask};

/// The masked text of a cause that showed a secret.
struct Hidden(String);

impl fmt::Display for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for Hidden {}

/// Returns the cause, or its masked text and that of its own causes if one of them shows a secret.
pub(super) fn cause(source: BoxError, mask: &Mask) -> BoxError {
    // `Debug` often shows fields that `Display` leaves out, so both are searched.
    let is_shown = |text: &str| matches!(mask.text(text), Cow::Owned(_));
    let mut texts = Vec::new();
    let mut next: Option<&dyn StdError> = Some(&*source);
    while let Some(cause) = next {
        texts.push(cause.to_string());
        next = cause.source();
    }
    if !is_shown(&format!("{source:?}")) && !texts.iter().any(|text| is_shown(text)) {
        return source;
    }
    Box::new(Hidden(mask.text(&texts.join(": ")).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;

    // H13
    #[test]
    fn h13_a_cause_shows_no_secret_and_keeps_its_type_without_one() {
        let mask = Mask::new(["key-12345".into()]);
        let caused = |text: &str| {
            let inner = std::io::Error::other(text.to_owned());
            let source = Error::new(crate::ErrorKind::Decode, "odd").with_source(inner);
            Error::new(crate::ErrorKind::Decode, "x")
                .with_source(source)
                .hide(&mask)
        };
        let plain = caused("no secret");
        let source = StdError::source(&plain).expect("a cause");
        assert!(source.is::<Error>() && source.source().is_some());
        let quoted = caused("orders.KEY%2d12345.sum");
        let source = StdError::source(&quoted).expect("a cause");
        assert_eq!(source.to_string(), "odd: orders.[hidden].sum");
        assert!(!format!("{quoted:?}").contains("12345"));
    }
}
