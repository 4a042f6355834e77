//! Marks of forms that a type does not write back on its own.

/// A set of marks. A mark of a part holds for the whole value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Marks(u8);

impl Marks {
    pub(crate) const NONE: Self = Self(0);
    /// A list came as an object; its keys are to be kept.
    pub(crate) const KEYS: Self = Self(1);
    /// A scalar came in another form (a number as a string, a date without seconds); the form is to be kept.
    pub(crate) const FORM: Self = Self(2);
    /// An element of the wrong type was set aside.
    pub(crate) const ASIDE: Self = Self(4);

    #[inline]
    pub(crate) const fn has(self, mark: Self) -> bool {
        self.0 & mark.0 != 0
    }

    #[inline]
    pub(crate) fn add(&mut self, mark: Self) {
        self.0 |= mark.0;
    }
}
