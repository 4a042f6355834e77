//! Where a walk or a reading stands, as a value that outlives the program.

use std::{borrow::Cow, fmt, str::FromStr};

use common_model::civil::DateTime;
use common_transport::Error;
#[cfg(any(feature = "client", test))]
use common_transport::Metadata;

/// Where a walk over pages or a reading of changes stands. Another one goes on from there, in another program too.
///
/// It is a short text for a file or a column ([`Display`](fmt::Display), [`FromStr`]; with the feature `serde` a string
/// there). It names the list, so that it is not taken for the position in another one. It does not name the list's
/// filter: go on with the same. It holds no secret.
///
/// ```
/// use common_api::Position;
///
/// let stored = "retailcrm/orders.list page 7";
/// let position: Position = stored.parse()?;
/// assert_eq!(position.to_string(), stored);
/// assert!("retailcrm/orders.list page none".parse::<Position>().is_err());
/// # Ok::<(), common_transport::Error>(())
/// ```
///
/// # What may be missed or doubled
///
/// **Pages** (`page 7`). The position is that of the first page of which not all was given out. A new walk knows
/// nothing of what the old one gave out.
/// - Rows come twice when they stand on that page or behind it and were given out before: those that slid there, and
///   those of pages that the old walk was about to read a second time.
/// - Rows are missed when they slid to pages before the position since it was taken. For as long as nobody walks,
///   nobody notices. Take a list that shows its newest rows first, or begin anew, where that matters.
///
/// **Changes** (`change 123`). Nothing is missed and nothing is doubled: the service gives what came after the id.
/// Changes whose id cannot be read are counted along (`change 123 2`).
///
/// **Items** of either: the position is that of the page whose items are being given out, until the last one was. So up
/// to a page of items comes twice, and none is missed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Position {
    /// Service and operation.
    list: Cow<'static, str>,
    place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Place {
    /// This page comes next; where pages are linked, by this link.
    Page { number: u64, link: Option<String> },
    /// Before the first change.
    Start,
    /// Before the first change from this date on.
    Date(DateTime),
    /// Behind this change, and behind so many without an id that follow it.
    Change { id: i64, unnamed: usize },
    /// Behind the last page.
    End,
}

/// What walks need.
#[cfg(any(feature = "client", test))]
impl Position {
    pub(super) fn new(list: &Metadata, place: Place) -> Self {
        Self {
            list: name_of(list).into(),
            place,
        }
    }

    /// The place, in this list.
    pub(super) fn in_list(&self, list: &Metadata) -> Result<&Place, Error> {
        let expected = name_of(list);
        if self.list == expected {
            return Ok(&self.place);
        }
        let text = format!("it is a position in {}, not in {expected}", self.list);
        Err(Error::invalid_input("position", text))
    }
}

impl Position {
    /// Whether it is the end of a walk.
    pub fn is_end(&self) -> bool {
        self.place == Place::End
    }

    /// The number of the page that comes next; none at the end, and in a history.
    pub fn page(&self) -> Option<u64> {
        match self.place {
            Place::Page { number, .. } => Some(number),
            _ => None,
        }
    }

    /// The id of the last change; none before the first one, and in a list of pages.
    pub fn change(&self) -> Option<i64> {
        match self.place {
            Place::Change { id, .. } => Some(id),
            _ => None,
        }
    }
}

#[cfg(any(feature = "client", test))]
fn name_of(list: &Metadata) -> String {
    format!("{}/{}", list.service, list.name)
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.list)?;
        match &self.place {
            Place::Page { number, link: None } => write!(f, " page {number}"),
            Place::Page {
                number,
                link: Some(link),
            } => write!(f, " page {number} {link}"),
            Place::Start => f.write_str(" start"),
            Place::Date(date) => write!(f, " date {date}"),
            Place::Change { id, unnamed: 0 } => write!(f, " change {id}"),
            Place::Change { id, unnamed } => write!(f, " change {id} {unnamed}"),
            Place::End => f.write_str(" end"),
        }
    }
}

impl FromStr for Position {
    type Err = Error;

    /// # Errors
    /// [`Error::is_invalid_input`]: it is no text that a position writes.
    fn from_str(text: &str) -> Result<Self, Error> {
        let none = || Error::invalid_input("position", "it is no position in a list");
        let words: Vec<&str> = text.split(' ').collect();
        let [list, words @ ..] = words.as_slice() else {
            return Err(none());
        };
        let is_name = |name: &str| !name.is_empty() && !name.contains(char::is_whitespace);
        let names = list.split_once('/');
        if !names.is_some_and(|(service, name)| is_name(service) && is_name(name)) {
            return Err(none());
        }
        let place = Place::read(words).ok_or_else(none)?;
        Ok(Self {
            list: (*list).to_owned().into(),
            place,
        })
    }
}

impl Place {
    fn read(words: &[&str]) -> Option<Self> {
        Some(match words {
            ["page", number] => Self::Page {
                number: page(number)?,
                link: None,
            },
            ["page", number, link] if link.starts_with('/') && !link.starts_with("//") => {
                Self::Page {
                    number: page(number)?,
                    link: Some((*link).to_owned()),
                }
            }
            ["start"] => Self::Start,
            ["date", date] => Self::Date(date.parse().ok()?),
            ["change", id] => Self::Change {
                id: id.parse().ok()?,
                unnamed: 0,
            },
            ["change", id, unnamed] => Self::Change {
                id: id.parse().ok()?,
                unnamed: unnamed.parse().ok()?,
            },
            ["end"] => Self::End,
            _ => return None,
        })
    }
}

/// Pages are numbered from 1.
fn page(text: &str) -> Option<u64> {
    text.parse().ok().filter(|number| *number > 0)
}

#[cfg(feature = "serde")]
#[cfg_attr(docsrs, doc(cfg(feature = "serde")))]
mod bridge {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    use super::Position;

    impl Serialize for Position {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_str(self)
        }
    }

    impl<'de> Deserialize<'de> for Position {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let text = String::deserialize(deserializer)?;
            text.parse().map_err(de::Error::custom)
        }
    }
}

#[cfg(test)]
mod tests {
    use common_transport::Idempotency;
    use http::Method;
    use proptest::prelude::*;

    use super::*;

    static LIST: Metadata = Metadata::new(
        "demo",
        "things.list",
        Method::GET,
        "/things",
        Idempotency::Idempotent,
    );

    fn places() -> impl Strategy<Value = Place> {
        let date = (
            1970_i16..3000,
            1_i8..=12,
            1_i8..=28,
            0_i8..24,
            0_i8..60,
            0_i8..60,
        );
        let date = date.prop_map(|(year, month, day, hour, minute, second)| {
            let date = DateTime::new(year, month, day, hour, minute, second, 0);
            Place::Date(date.expect("a date"))
        });
        let link = proptest::option::of("/[a-z0-9?=&%._~:/-]{0,40}");
        let link = link.prop_filter("an authority", |link| {
            !link.as_ref().is_some_and(|link| link.starts_with("//"))
        });
        prop_oneof![
            (1_u64.., link).prop_map(|(number, link)| Place::Page { number, link }),
            Just(Place::Start),
            date,
            (any::<i64>(), any::<usize>()).prop_map(|(id, unnamed)| Place::Change { id, unnamed }),
            Just(Place::End),
        ]
    }

    proptest! {
        // C1
        #[test]
        fn c1_a_position_survives_its_text(place in places()) {
            let position = Position::new(&LIST, place);
            let text = position.to_string();
            prop_assert!(!text.contains('\n'));
            prop_assert_eq!(text.parse::<Position>().unwrap(), position.clone());
            #[cfg(feature = "serde")]
            {
                let json = serde_json::to_string(&position).unwrap();
                prop_assert_eq!(serde_json::from_str::<Position>(&json).unwrap(), position);
            }
        }

        // C1
        #[test]
        fn c1_any_text_is_a_position_or_an_error(text in ".{0,60}") {
            if let Ok(position) = text.parse::<Position>() {
                prop_assert_eq!(position.to_string().parse::<Position>().unwrap(), position);
            }
        }
    }

    // C1
    #[test]
    fn c1_what_is_no_position_is_refused() {
        for text in [
            "",
            "page 7",
            "demo/things.list",
            "demo/ page 7",
            "/things.list page 7",
            "demo/things.list page 0",
            "demo/things.list page -1",
            "demo/things.list page 7 //evil.example/",
            "demo/things.list page 7 https://evil.example/",
            "demo/things.list page 7 /a b",
            "demo/things.list page  7",
            "demo/things.list change",
            "demo/things.list change x",
            "demo/things.list date 2026-13-01",
            "demo/things.list end 1",
            "demo/things.list page 7\n",
        ] {
            let error = text.parse::<Position>().unwrap_err();
            assert!(error.is_invalid_input(), "{text:?}");
        }
    }

    // C1
    #[test]
    fn c1_a_position_belongs_to_its_list() {
        let position: Position = "demo/others.list page 7".parse().unwrap();
        let error = position.in_list(&LIST).unwrap_err().to_string();
        assert!(error.contains("demo/others.list"), "{error}");
    }
}
