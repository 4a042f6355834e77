//! What a decoder met that its type does not write back on its own.

/// A set of marks: what is known of a part holds for the whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Marks(u8);

impl Marks {
    pub(crate) const NONE: Self = Self(0);
    /// A list came as an object: its keys are to be kept.
    pub(crate) const KEYS: Self = Self(1);
    /// A scalar came in another form (a number as string, a date without seconds): it is to be kept.
    pub(crate) const FORM: Self = Self(2);
    /// An element is not of its type: it was set aside.
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
