//! Parameters that accept one value or several.

use common_model::{Absent, Decode, Encode, Error, Id, Kind, Reader, Writer};

/// One value or several, for parameters that accept both: `filter[groups]=a` and
/// `filter[groups][]=a`.
///
/// It is sent in the given form. Some official clients send one value, others a list.
///
/// ```
/// use common_transport::Operation;
/// use retailcrm_v5::{OneOrMany, costs};
///
/// let since = costs::CostFilter::new().date_from("2026-01-01");
/// let request = costs::List::new().filter(since).request()?;
/// assert_eq!(request.uri(), "/api/v5/costs?filter[dateFrom]=2026-01-01");
///
/// let values: OneOrMany<String> = OneOrMany::from(["2026-01-01", "2026-02-01"]);
/// assert_eq!(values.as_slice().len(), 2);
/// # Ok::<(), common_transport::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "there is no third way to give values"
)]
pub enum OneOrMany<T> {
    /// One value, sent without brackets.
    One(T),
    /// A list, which may hold a single value. An empty list is not sent.
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    /// All values.
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Many(values) => values,
        }
    }
}

/// An empty list.
impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl<T> From<Vec<T>> for OneOrMany<T> {
    fn from(values: Vec<T>) -> Self {
        Self::Many(values)
    }
}

impl<T, U: Into<T>, const N: usize> From<[U; N]> for OneOrMany<T> {
    fn from(values: [U; N]) -> Self {
        Self::Many(values.into_iter().map(Into::into).collect())
    }
}

impl<T> FromIterator<T> for OneOrMany<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        Self::Many(values.into_iter().collect())
    }
}

/// Converts from one value.
macro_rules! one {
    ($into:ty: $($from:ty),+) => { $(
        impl From<$from> for OneOrMany<$into> {
            fn from(value: $from) -> Self {
                Self::One(value.into())
            }
        }
    )+ };
}

one!(String: String, &String, &str);
one!(Id: Id, String, &String, &str, i32, i64, u32, u64);

/// Reads a list, the values of an object, or one value.
impl<T: Decode> Decode for OneOrMany<T> {
    const ABSENT: Absent = Absent::NULL;

    fn decode(reader: &mut Reader<'_>) -> Result<Self, Error> {
        match reader.peek()? {
            Kind::Array | Kind::Object => Vec::decode(reader).map(Self::Many),
            _ => T::decode(reader).map(Self::One),
        }
    }
}

impl<T: Encode> Encode for OneOrMany<T> {
    fn encode(&self, out: &mut Writer) {
        match self {
            Self::One(value) => value.encode(out),
            Self::Many(values) => values.encode(out),
        }
    }
}
