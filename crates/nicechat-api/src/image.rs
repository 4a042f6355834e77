//! The image and the category of a product.

use common_model::{Absent, Decode, Encode, Reader, Writer};

/// The change of a product's main image in an edit.
///
/// The service copies the image to its own CDN and shows the address of the copy from then on, so the address that is
/// read always differs from the address that was sent. To synchronise a shop, the source address has to be stored, or
/// each round sends the image again: [`sync::Memory`](crate::sync::Memory) stores it.
///
/// ```
/// use nicechat_api::Image;
///
/// let read = "https://cdn.nice.chat/media/2017-5/a.jpg";
/// assert_eq!(Image::from(read), Image::Keep(read.into()));
/// assert_eq!(Image::from("https://shop.example/a.jpg"), Image::Set("https://shop.example/a.jpg".into()));
/// assert_eq!(Image::from(None), Image::Remove);
/// ```
// N61, N62
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Image {
    /// Keeps the image. Holds its CDN address as it was read. (In an update the field can also be
    /// left unset.)
    Keep(String),
    /// Sets a new image, from a full address that the service can fetch.
    Set(String),
    /// Removes the image.
    Remove,
}

impl Image {
    /// The address that is sent; none for a removal.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        match self {
            Self::Keep(url) | Self::Set(url) => Some(url),
            Self::Remove => None,
        }
    }
}

/// The host of the service's copies.
const CDN: &str = "cdn.nice.chat";

/// [`Image::Keep`] with an empty address, which is refused when it is sent.
impl Default for Image {
    fn default() -> Self {
        Self::Keep(String::new())
    }
}

/// Keeps an address of the CDN; sets any other.
impl From<String> for Image {
    fn from(url: String) -> Self {
        let rest = url.strip_prefix("https://").or(url.strip_prefix("http://"));
        let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next());
        match host.is_some_and(|host| host.eq_ignore_ascii_case(CDN)) {
            true => Self::Keep(url),
            false => Self::Set(url),
        }
    }
}

/// Removes the image on `None`.
impl From<Option<String>> for Image {
    fn from(url: Option<String>) -> Self {
        url.map_or(Self::Remove, Self::from)
    }
}

impl Decode for Image {
    const ABSENT: Absent = Absent::NONE;

    fn decode(reader: &mut Reader<'_>) -> Result<Self, common_model::Error> {
        Option::<String>::decode(reader).map(Self::from)
    }
}

impl Encode for Image {
    fn encode(&self, out: &mut Writer) {
        match self {
            Self::Keep(url) | Self::Set(url) => out.string(url),
            Self::Remove => out.null(),
        }
    }
}

/// The category of a product, if it has one.
///
/// ```
/// use nicechat_api::CategoryRef;
///
/// assert_eq!(CategoryRef::from("CQ1"), CategoryRef::Id("CQ1".into()));
/// ```
// N63
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a product is in a category or in none"
)]
pub enum CategoryRef {
    /// The product has no category.
    #[default]
    None,
    /// The product is in the category with this id.
    Id(String),
}

impl From<String> for CategoryRef {
    fn from(id: String) -> Self {
        Self::Id(id)
    }
}

impl From<Option<String>> for CategoryRef {
    fn from(id: Option<String>) -> Self {
        id.map_or(Self::None, Self::Id)
    }
}

impl Decode for CategoryRef {
    const ABSENT: Absent = Absent::NONE;

    fn decode(reader: &mut Reader<'_>) -> Result<Self, common_model::Error> {
        Option::<String>::decode(reader).map(Self::from)
    }
}

impl Encode for CategoryRef {
    fn encode(&self, out: &mut Writer) {
        match self {
            Self::None => out.null(),
            Self::Id(id) => out.string(id),
        }
    }
}

macro_rules! from_borrowed_texts {
    ($($type:ty),+) => { $(
        impl From<&str> for $type {
            fn from(text: &str) -> Self {
                text.to_owned().into()
            }
        }

        impl From<&String> for $type {
            fn from(text: &String) -> Self {
                text.clone().into()
            }
        }
    )+ };
}

from_borrowed_texts!(Image, CategoryRef);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n61_three_states_and_their_wire() {
        for (image, wire) in [
            (
                Image::Keep("https://cdn.nice.chat/a.jpg".into()),
                "\"https://cdn.nice.chat/a.jpg\"",
            ),
            (
                Image::Set("https://shop.example/a.jpg".into()),
                "\"https://shop.example/a.jpg\"",
            ),
            (Image::Remove, "null"),
        ] {
            assert_eq!(common_model::to_json(&image), wire);
            assert_eq!(common_model::from_json::<Image>(wire).unwrap(), image);
        }
    }

    #[test]
    fn n61_another_host_that_looks_like_the_cdn_is_a_new_image() {
        for url in [
            "https://cdn.nice.chat.evil.example/a.jpg",
            "https://shop.example/cdn.nice.chat/a.jpg",
            "cdn.nice.chat/a.jpg",
        ] {
            assert_eq!(Image::from(url), Image::Set(url.into()));
        }
        assert_eq!(
            Image::from("http://CDN.nice.chat?x"),
            Image::Keep("http://CDN.nice.chat?x".into())
        );
    }

    #[test]
    fn n63_no_category_is_null() {
        assert_eq!(common_model::to_json(&CategoryRef::None), "null");
        assert_eq!(
            common_model::from_json::<CategoryRef>("null").unwrap(),
            CategoryRef::None
        );
        let numeric: CategoryRef = common_model::from_json("12").unwrap();
        assert_eq!(numeric, "12".into());
    }
}
