//! The rules by which fields of filters choose rows.

/// A filter field and its rule.
pub(crate) type Field = (&'static str, Rule);

/// The beginning of a path that leads beyond the row.
pub(super) const JOINED: &str = "joined.";

/// The rule by which a filter field chooses rows.
///
/// Paths are dotted, and lists on the way are walked. A path that begins with `joined.` leads beyond the row to
/// joined data: the customer of an order, the tasks about it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rule {
    /// One of the given values equals the value at the path.
    OneOf(&'static str),
    /// As `OneOf`, with at most this many values.
    FewOf(usize, &'static str),
    /// As `OneOf`, with these values only.
    Choice(&'static [&'static str], &'static str),
    /// The text occurs in the value at one of the paths, ignoring case.
    Contains(&'static [&'static str]),
    /// Every word of the text occurs in the value at one of the paths, ignoring case: a name and its parts.
    Words(&'static [&'static str]),
    /// As `Contains`; the whole value is compared when the first field is `exact`.
    Searched(&'static str, &'static [&'static str]),
    /// Every part of the text between underscores is among the values at the path.
    AllParts(&'static str),
    /// The given values occur in this order among the values at the path.
    Sequence(&'static str),
    /// The value at the path is not before this date or time.
    From(&'static str),
    /// The value at the path is not after this date or time; a date means the whole day.
    To(&'static str),
    /// The value at the path is later than this date or time.
    After(&'static str),
    /// The value at the path is on this day.
    On(&'static str),
    /// The time of day at the path is not before this one.
    TimeFrom(&'static str),
    /// The time of day at the path is not after this one.
    TimeTo(&'static str),
    /// The number at the path is not less.
    Min(&'static str),
    /// The number at the path is not more.
    Max(&'static str),
    /// The value at the path is true (1) or not (0).
    Flag(&'static str),
    /// The path has a value (1) or has none (0).
    Present(&'static str),
    /// The row's id is greater.
    SinceId,
    /// Custom fields at the path, by code: equal, one of a list, or between `min` and `max`.
    CustomFields(&'static str),
    /// As `CustomFields` at one of the paths; a list of values without codes is one value of any property.
    Properties(&'static [&'static str]),
    /// One element of the list at the path has all the given members: name in the filter, path in the element.
    Element(&'static str, &'static [(&'static str, &'static str)]),
    /// `without`: the list of tags at the path is empty; `attached`: one of them is pinned.
    Tags(&'static str),
    /// No condition: the list, or another field, reads the value.
    Beside,
}

impl Rule {
    /// Whether the rule looks beyond the row.
    pub(super) fn joins(self) -> bool {
        match self {
            Self::OneOf(path)
            | Self::FewOf(_, path)
            | Self::Choice(_, path)
            | Self::AllParts(path)
            | Self::Sequence(path)
            | Self::From(path)
            | Self::To(path)
            | Self::After(path)
            | Self::On(path)
            | Self::TimeFrom(path)
            | Self::TimeTo(path)
            | Self::Min(path)
            | Self::Max(path)
            | Self::Flag(path)
            | Self::Present(path)
            | Self::CustomFields(path)
            | Self::Element(path, _)
            | Self::Tags(path) => path.starts_with(JOINED),
            Self::Contains(paths)
            | Self::Words(paths)
            | Self::Searched(_, paths)
            | Self::Properties(paths) => paths.iter().any(|path| path.starts_with(JOINED)),
            Self::SinceId | Self::Beside => false,
        }
    }
}
