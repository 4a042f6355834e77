//! Tags of customers: objects in answers, names in requests.

use common_model::{Absent, Decode, Encode, Error, Kind, Reader, Writer};

use crate::shared::CustomerTag;

/// A tag of a customer.
///
/// The service sends tags as objects with a colour, and accepts them as names. A tag is therefore read from both.
/// A request writes only its name, so a customer that was read can be edited and sent back; any other writer keeps
/// the form that was read.
///
/// ```
/// use common_model::{Writer, Encode, from_json, to_json};
/// use retailcrm_v5::Tag;
///
/// let read = r#"[{"name":"vip","color":"red"},"new"]"#;
/// let tags: Vec<Tag> = from_json(read)?;
/// assert_eq!((tags[0].name(), tags[1].name()), (Some("vip"), Some("new")));
/// assert_eq!(to_json(&tags), read);
///
/// let mut request = Writer::request();
/// tags.encode(&mut request);
/// assert_eq!(request.as_str(), r#"["vip","new"]"#);
/// # Ok::<(), common_model::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "the service knows these two forms")]
pub enum Tag {
    /// Only the name, as in requests.
    Name(String),
    /// The whole tag, as in answers.
    Full(Box<CustomerTag>),
}

impl Tag {
    /// The name; `None` for an object without one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Name(name) => Some(name),
            Self::Full(tag) => tag.name.as_deref(),
        }
    }
}

/// The empty name.
impl Default for Tag {
    fn default() -> Self {
        Self::Name(String::new())
    }
}

impl From<CustomerTag> for Tag {
    fn from(tag: CustomerTag) -> Self {
        Self::Full(Box::new(tag))
    }
}

/// A tag by its name.
impl<T: Into<String>> From<T> for Tag {
    fn from(name: T) -> Self {
        Self::Name(name.into())
    }
}

/// Reads an object, or a name as a text or a number.
impl Decode for Tag {
    const ABSENT: Absent = Absent::NULL.or(Absent::FALSE);

    fn decode(reader: &mut Reader<'_>) -> Result<Self, Error> {
        match reader.peek()? {
            Kind::Object => CustomerTag::decode(reader).map(Self::from),
            Kind::String | Kind::Number => String::decode(reader).map(Self::Name),
            _ => Err(reader.expected("a tag: its name, or an object")),
        }
    }
}

impl Encode for Tag {
    fn encode(&self, out: &mut Writer) {
        match (self, self.name()) {
            (_, Some(name)) if out.is_request() => out.string(name),
            (Self::Name(name), _) => out.string(name),
            (Self::Full(tag), _) => tag.encode(out),
        }
    }
}
