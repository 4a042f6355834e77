//! The `Encode` trait, and a function that writes a whole text.

use crate::Writer;

/// A type that writes itself as compact JSON.
pub trait Encode {
    /// Appends the value as JSON.
    fn encode(&self, out: &mut Writer);

    /// Whether values of this type are secrets. `Debug` of a model with such a field hides unknown fields
    /// too, since a service may put other secrets beside a token.
    #[doc(hidden)]
    fn is_secret() -> bool
    where
        Self: Sized,
    {
        false
    }
}

/// Returns the value as compact JSON.
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
