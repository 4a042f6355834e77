//! The readings of the service's signature document that a server may follow.

use core::fmt;
use core::str::FromStr;

/// A reading of the document: decides the canonical form that is hashed.
///
/// The document describes the form three times and the three agree on few inputs: keys of
/// `[A-Za-z_][A-Za-z0-9_.-]*` with integers or text of `[A-Za-z0-9_.-]*`. For everything else the
/// dialect decides.
// N17, N20 to N22
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dialect {
    /// `ksort` and `http_build_query` as in PHP 8.2 and later.
    #[default]
    Php,
    /// The same two functions in PHP 7 to 8.1, where text keys compare to integer keys as 0.
    Php81,
    /// `'%s=%s'` over the sorted keys, as Python 3 prints the values.
    Python,
    /// The sentence of the document: url-encoded, sorted by key name. Defined for text and
    /// integers only.
    Prose,
}

impl Dialect {
    /// All dialects, the default first.
    pub const ALL: [Self; 4] = [Self::Php, Self::Php81, Self::Python, Self::Prose];

    /// The name used in configuration: `php`, `php81`, `python` or `prose`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Php => "php",
            Self::Php81 => "php81",
            Self::Python => "python",
            Self::Prose => "prose",
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An error for a text that is not the name of a dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownDialect(());

impl fmt::Display for UnknownDialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unknown dialect: expected php, php81, python or prose")
    }
}

impl core::error::Error for UnknownDialect {}

impl FromStr for Dialect {
    type Err = UnknownDialect;

    fn from_str(text: &str) -> Result<Self, UnknownDialect> {
        Self::ALL
            .into_iter()
            .find(|dialect| dialect.as_str() == text)
            .ok_or(UnknownDialect(()))
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn n22_names_round_trip_and_php_is_the_default() {
        for dialect in Dialect::ALL {
            assert_eq!(dialect.to_string().parse(), Ok(dialect));
        }
        assert_eq!(Dialect::default(), Dialect::Php);
        let error = "PHP".parse::<Dialect>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "unknown dialect: expected php, php81, python or prose"
        );
    }
}
