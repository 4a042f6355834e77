//! Whole numbers as setters take them: any integer type.

/// A whole number in 64 bits, made of every integer type of Rust.
///
/// Setters and constructors take `impl Into<Integer>`, so an `i32`, a `u64` or a `usize` needs no conversion. A number
/// that does not fit becomes the nearest one that does: `u64::MAX` becomes `i64::MAX`. No service has an id or a count
/// of that size, so it refuses the call and changes nothing.
///
/// ```
/// use common_model::Integer;
///
/// let count = vec!["a", "b"].len();
/// assert_eq!(Integer::from(count).get(), 2);
/// assert_eq!(Integer::from(u64::MAX).get(), i64::MAX);
/// assert_eq!(Integer::from(i128::MIN).get(), i64::MIN);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Integer(i64);

impl Integer {
    /// Returns the number.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl From<Integer> for i64 {
    fn from(number: Integer) -> Self {
        number.0
    }
}

macro_rules! from_numbers {
    ($($number:ty)*) => { $(
        /// A number outside of 64 bits becomes the nearest one inside.
        impl From<$number> for Integer {
            fn from(number: $number) -> Self {
                let nearest = if number > 0 { i64::MAX } else { i64::MIN };
                Self(i64::try_from(number).unwrap_or(nearest))
            }
        }

        /// Copies the number, for iterators over borrowed numbers.
        impl From<&$number> for Integer {
            fn from(number: &$number) -> Self {
                Self::from(*number)
            }
        }
    )* };
}

from_numbers!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

#[cfg(test)]
mod tests {
    use super::*;

    // C7
    #[test]
    fn c7_every_integer_is_taken_and_the_ends_are_the_nearest() {
        let sevens = [
            Integer::from(7_i8),
            Integer::from(7_i16),
            Integer::from(7_i32),
            Integer::from(7_i64),
            Integer::from(7_i128),
            Integer::from(7_isize),
            Integer::from(7_u8),
            Integer::from(7_u16),
            Integer::from(7_u32),
            Integer::from(7_u64),
            Integer::from(7_u128),
            Integer::from(7_usize),
            Integer::from(&7_u64),
            Integer::from(7),
        ];
        assert!(sevens.iter().all(|seven| seven.get() == 7), "{sevens:?}");
        for (number, nearest) in [
            (Integer::from(i64::MAX), i64::MAX),
            (Integer::from(i64::MIN), i64::MIN),
            (Integer::from(i64::MAX as u64), i64::MAX),
            (Integer::from(i64::MAX as u64 + 1), i64::MAX),
            (Integer::from(u128::MAX), i64::MAX),
            (Integer::from(i128::from(i64::MIN) - 1), i64::MIN),
            (Integer::from(-1_i8), -1),
        ] {
            assert_eq!(number.get(), nearest);
        }
    }
}
