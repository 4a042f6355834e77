//! The position of a walk or a reading, as a value that can be stored.

use std::{borrow::Cow, fmt, str::FromStr};

use common_model::civil::DateTime;
use common_transport::Error;
#[cfg(any(feature = "client", test))]
use common_transport::Metadata;

/// The position of a walk over pages or a reading of changes. Another walk or reading can continue from it, in another
/// process too.
///
/// It is stored as a short text ([`Display`](fmt::Display), [`FromStr`]; with the feature `serde` as a string). The
/// text names the list, so that it is refused for another list. It does not name the filter of the list: continue with
/// the same filter. It holds no secret.
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
/// # Rows that may be missed or repeated
///
/// **Pages** (`page 7`). The position is the first page that has not been returned in full. A new walk does not know
/// which rows the old walk returned.
/// - Rows are repeated when they are on that page or a later one and the old walk returned them. Such rows slid there,
///   or the old walk was about to read their pages a second time.
/// - Rows are missed when they slid to pages before the position between the end of the old walk and the start of the
///   new one. No walk can detect this. Where it matters, use a list that shows its newest rows first, or start again at
///   the first page.
///
/// **Changes** (`change 123`). Nothing is missed and nothing is repeated: the service sends the changes after the id.
/// Changes after it whose ids cannot be read are counted in the position (`change 123 2`).
///
/// **Items** of either: the position stays before the current page until its last item has been returned. So up to a
/// page of items is repeated, and none is missed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Position {
    /// Name of the service and of the operation.
    list: Cow<'static, str>,
    place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Place {
    /// Before this page; with its link when pages are linked.
    Page { number: u64, link: Option<String> },
    /// Before the first change.
    Start,
    /// Before the first change from this date on.
    Date(DateTime),
    /// After this change and after `unnamed` changes without an id that follow it.
    Change { id: i64, unnamed: usize },
    /// After the last page.
    End,
}

/// The side of the walks.
#[cfg(any(feature = "client", test))]
impl Position {
    pub(super) fn new(list: &Metadata, place: Place) -> Self {
        Self {
            list: name_of(list).into(),
            place,
        }
    }

    /// The place, when the position belongs to this list.
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
    /// Whether it is the end of a list.
    pub fn is_end(&self) -> bool {
        self.place == Place::End
    }

    /// The number of the next page; `None` at the end of a list and in a history.
    pub fn page(&self) -> Option<u64> {
        match self.place {
            Place::Page { number, .. } => Some(number),
            _ => None,
        }
    }

    /// The id of the last change; `None` before the first change and in a list of pages.
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
    /// [`Error::is_invalid_input`]: the text is not a position.
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
