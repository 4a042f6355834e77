//! The typed filter of `getSections`.

use std::{fmt, str::FromStr};

use common_model::{Decode, Encode, Reader, Writer};
use common_transport::Error;

/// The sections that `getSections` returns.
///
/// ```
/// use uvygoda_rpc::{Level, SectionFilter};
///
/// assert_eq!(SectionFilter::Level(Level::Third).to_string(), "LVL_3");
/// assert_eq!("CHILDREN_123".parse::<SectionFilter>().unwrap(), SectionFilter::ChildrenOf(123));
/// assert!("LVL_4".parse::<SectionFilter>().is_err());
/// ```
// U25
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum SectionFilter {
    /// `ALL`: the whole catalogue.
    #[default]
    All,
    /// `LVL_1` to `LVL_3`: one level of the catalogue.
    Level(Level),
    /// `CHILDREN_123`: the sections right below this one.
    ChildrenOf(i64),
    /// `PARENT_123`: the section right above this one.
    ParentOf(i64),
    /// `ID_123`: this section.
    Id(i64),
}

/// A level of the catalogue: there are three, and cards go into the third.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the catalogue has three levels: a fourth would be another API"
)]
pub enum Level {
    /// The top level.
    First = 1,
    /// The level below the top.
    Second = 2,
    /// The level that holds cards.
    Third = 3,
}

impl fmt::Display for SectionFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("ALL"),
            Self::Level(level) => write!(f, "LVL_{}", *level as u8),
            Self::ChildrenOf(id) => write!(f, "CHILDREN_{id}"),
            Self::ParentOf(id) => write!(f, "PARENT_{id}"),
            Self::Id(id) => write!(f, "ID_{id}"),
        }
    }
}

impl FromStr for SectionFilter {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let id = |text: &str| {
            let digits = text.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| text.parse().ok()).flatten()
        };
        let filter = match text.split_once('_') {
            None if text == "ALL" => Some(Self::All),
            Some(("LVL", "1")) => Some(Self::Level(Level::First)),
            Some(("LVL", "2")) => Some(Self::Level(Level::Second)),
            Some(("LVL", "3")) => Some(Self::Level(Level::Third)),
            Some(("CHILDREN", rest)) => id(rest).map(Self::ChildrenOf),
            Some(("PARENT", rest)) => id(rest).map(Self::ParentOf),
            Some(("ID", rest)) => id(rest).map(Self::Id),
            _ => None,
        };
        filter.ok_or_else(|| Error::invalid_input("FILTER", EXPECTED))
    }
}

impl Decode for SectionFilter {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, common_model::Error> {
        let offset = reader.offset();
        let text = reader.string()?;
        text.parse()
            .map_err(|_| common_model::Error::new(EXPECTED, offset))
    }
}

impl Encode for SectionFilter {
    fn encode(&self, out: &mut Writer) {
        self.to_string().encode(out);
    }
}

const EXPECTED: &str = "a section filter is ALL, LVL_1 to LVL_3, CHILDREN_n, PARENT_n or ID_n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u25_every_documented_filter_reads_back_as_it_is_written() {
        for (filter, wire) in [
            (SectionFilter::All, "ALL"),
            (SectionFilter::Level(Level::First), "LVL_1"),
            (SectionFilter::Level(Level::Second), "LVL_2"),
            (SectionFilter::Level(Level::Third), "LVL_3"),
            (SectionFilter::ChildrenOf(123), "CHILDREN_123"),
            (SectionFilter::ParentOf(7), "PARENT_7"),
            (SectionFilter::Id(9), "ID_9"),
        ] {
            assert_eq!(filter.to_string(), wire);
            assert_eq!(wire.parse::<SectionFilter>().unwrap(), filter);
            let json = common_model::to_json(&filter);
            assert_eq!(json, format!("\"{wire}\""));
            let read: SectionFilter = common_model::from_json(&json).unwrap();
            assert_eq!(read, filter);
        }
    }

    #[test]
    fn u25_anything_else_is_refused_by_name() {
        for text in [
            "LVL_4",
            "LVL_0",
            "LVL_",
            "all",
            "CHILDREN_",
            "ID_-1",
            "ID_1x",
            "ID_+1",
            "",
        ] {
            let error = text.parse::<SectionFilter>().unwrap_err();
            assert_eq!(error.field(), Some("FILTER"), "{text}");
            let json = common_model::to_json(text);
            assert!(common_model::from_json_strict::<SectionFilter>(&json).is_err());
        }
    }
}
