//! The error of signing or reading a payload.

use alloc::string::String;
use core::fmt;

/// A payload that has no canonical form, or a request that cannot carry a signature.
///
/// The message is lower-case and names the field. It never holds a value, a key or a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The prose gives no rule for this type of value.
    Undefined { field: String, what: &'static str },
    /// No text on the wire would lead a server of PHP to the same canonical form.
    Unsendable,
    /// Nested deeper than the crate allows.
    TooDeep,
    /// A text given as a number is not a number.
    NotANumber,
    /// The text of a form is broken or ambiguous.
    Malformed { field: String, what: &'static str },
    /// More fields than a form may have.
    TooManyFields,
    /// By the headers of the request or a part, the body has more than one reading.
    #[cfg(feature = "http")]
    Ambiguous(Ambiguity),
    /// The request cannot be signed in this form.
    #[cfg(feature = "http")]
    Request(&'static str),
    /// The bytes of the body are not known before it is sent.
    #[cfg(feature = "tower")]
    Streaming,
}

/// The property of a request that leaves its body more than one reading.
#[cfg(feature = "http")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ambiguity {
    /// Another charset than UTF-8 is declared.
    Charset,
    /// A part is a multipart or a message of its own.
    Nested,
    /// A part has a transfer encoding.
    TransferEncoding,
    /// Readers take the parameters of a content type differently.
    Parameters,
}

#[cfg(feature = "http")]
impl Ambiguity {
    pub(crate) const fn describe(self) -> &'static str {
        match self {
            Self::Charset => "a charset other than utf-8 is declared",
            Self::Nested => "a part holds parts of its own",
            Self::TransferEncoding => "a part has a transfer encoding",
            Self::Parameters => "the parameters of a content type can be read in two ways",
        }
    }
}

impl Error {
    pub(crate) const fn new(kind: Kind) -> Self {
        Self { kind }
    }

    pub(crate) fn undefined(field: &str, what: &'static str) -> Self {
        Self::new(Kind::Undefined {
            field: field.into(),
            what,
        })
    }

    pub(crate) fn malformed(field: &str, what: &'static str) -> Self {
        Self::new(Kind::Malformed {
            field: shorten(field),
            what,
        })
    }

    #[cfg(feature = "http")]
    pub(crate) const fn request(what: &'static str) -> Self {
        Self::new(Kind::Request(what))
    }

    #[cfg(feature = "http")]
    pub(crate) const fn ambiguous(ambiguity: Ambiguity) -> Self {
        Self::new(Kind::Ambiguous(ambiguity))
    }

    #[cfg(feature = "http")]
    pub(crate) const fn ambiguity(&self) -> Option<Ambiguity> {
        match self.kind {
            Kind::Ambiguous(ambiguity) => Some(ambiguity),
            _ => None,
        }
    }

    /// Whether the dialect gives no canonical form for the value:
    /// [`Dialect::Prose`](crate::Dialect::Prose) knows text and integers only, and PHP may rename
    /// or reorder odd keys after they were signed. Send text under plain keys, or choose another
    /// dialect.
    pub fn is_undefined(&self) -> bool {
        matches!(self.kind, Kind::Undefined { .. } | Kind::Unsendable)
    }

    /// Whether the urlencoded, multipart or JSON text of a payload is broken or ambiguous.
    pub fn is_malformed(&self) -> bool {
        #[cfg(feature = "http")]
        if self.ambiguity().is_some() {
            return true;
        }
        matches!(
            self.kind,
            Kind::Malformed { .. } | Kind::TooDeep | Kind::TooManyFields | Kind::NotANumber
        )
    }

    /// Whether the body is a stream, whose bytes are not known when the request is signed. Collect
    /// it first.
    #[cfg(feature = "tower")]
    #[cfg_attr(docsrs, doc(cfg(feature = "tower")))]
    pub fn is_streaming(&self) -> bool {
        matches!(self.kind, Kind::Streaming)
    }
}

/// Field names come from outside, so an error shows only a bounded part of them.
fn shorten(field: &str) -> String {
    field.chars().take(64).collect()
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Undefined { field, what } => {
                write!(
                    f,
                    "field `{field}`: the prose does not say how {what} is written; send text"
                )
            }
            Kind::Unsendable => f.write_str(
                "the keys cannot be sent so that php reads and sorts them as they were signed",
            ),
            Kind::TooDeep => f.write_str("the payload is nested too deeply"),
            Kind::NotANumber => f.write_str("the text is not a number in decimal"),
            Kind::Malformed { field, what } => write!(f, "field `{field}`: {what}"),
            Kind::TooManyFields => f.write_str("the form has more than 1000 fields"),
            #[cfg(feature = "http")]
            Kind::Ambiguous(ambiguity) => f.write_str(ambiguity.describe()),
            #[cfg(feature = "http")]
            Kind::Request(what) => f.write_str(what),
            #[cfg(feature = "tower")]
            Kind::Streaming => {
                f.write_str("the body is a stream: its bytes must be known to be signed")
            }
        }
    }
}

impl core::error::Error for Error {}

#[cfg(all(test, feature = "tower"))]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_of_one_sort() {
        let field = String::from("a");
        let what = "x";
        let of = |kind: Kind| {
            let error = Error::new(kind);
            [
                error.is_undefined(),
                error.is_malformed(),
                error.is_streaming(),
            ]
        };
        let undefined = Kind::Undefined {
            field: field.clone(),
            what,
        };
        assert_eq!(of(undefined), [true, false, false]);
        for kind in [
            Kind::Malformed { field, what },
            Kind::TooDeep,
            Kind::TooManyFields,
            Kind::NotANumber,
        ] {
            assert_eq!(of(kind.clone()), [false, true, false], "{kind:?}");
        }
        assert_eq!(of(Kind::Streaming), [false, false, true]);
    }
}
