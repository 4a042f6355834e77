//! The trait of everything that is written, and writing a whole text.

use crate::Writer;

/// A type that writes itself as compact JSON.
pub trait Encode {
    /// Appends one value.
    fn encode(&self, out: &mut Writer);

    /// Whether values of this type are secrets: `Debug` of a model with such a field shows no unknown field either,
    /// since nobody knows what a service puts beside a token.
    #[doc(hidden)]
    fn is_secret() -> bool
    where
        Self: Sized,
    {
        false
    }
}

/// The value as compact JSON.
///
/// ```
/// assert_eq!(common_model::to_json(&vec![1, 2]), "[1,2]");
/// ```
#[must_use]
pub fn to_json<T: Encode + ?Sized>(value: &T) -> String {
    let mut out = Writer::new();
    value.encode(&mut out);
    out.into_string()
}

impl<T: Encode + ?Sized> Encode for &T {
    fn encode(&self, out: &mut Writer) {
        (**self).encode(out);
    }
}
