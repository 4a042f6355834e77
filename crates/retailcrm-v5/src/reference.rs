//! Which object a method is about: by the shop's own id, or by the number the service gave it.

use std::borrow::Cow;

use common_model::Id;

use crate::By;

/// Names an object in a path: an externalId, the shop's own text, or an id, the number that the service gave.
///
/// The service takes an identifier for an externalId unless the parameter `by` says otherwise, and the number 5
/// may be both. So a text becomes an externalId, and a number does not become anything by itself: say
/// [`By::id`], or call the method that ends in `_by_id`.
///
/// ```
/// use common_transport::Operation;
/// use retailcrm_v5::{By, orders};
///
/// let own = orders::Get::new("5").request()?;
/// assert_eq!(own.uri(), "/api/v5/orders/5");
///
/// let numbered = orders::Get::new(By::id(5)).request()?;
/// assert_eq!(numbered.uri(), "/api/v5/orders/5?by=id");
/// # Ok::<(), common_transport::Error>(())
/// ```
///
/// ```compile_fail,E0277
/// let get = retailcrm_v5::orders::Get::new(5);
/// ```
///
/// ```
/// let get = retailcrm_v5::orders::Get::new("5");
/// ```
///
/// `B` is the parameter that says what it is. Beside [`By`] there is `BySite` of carts, where a text is the code
/// of a shop.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ObjectRef<B = By> {
    id: Id,
    by: Option<B>,
}

impl<B> ObjectRef<B> {
    pub(crate) fn by(id: impl Into<Id>, by: B) -> Self {
        Self {
            id: id.into(),
            by: Some(by),
        }
    }

    /// The identifier, and what it is; without a word it is what a text is: an externalId, a code.
    #[must_use]
    pub fn into_parts<I: From<Id>>(self) -> (I, Option<B>) {
        (self.id.into(), self.by)
    }
}

impl By {
    /// The number that the service gave the object; sent with `by=id`.
    #[must_use]
    pub fn id(id: impl Into<Id>) -> ObjectRef {
        ObjectRef::by(id, Self::Id)
    }

    /// The shop's own id, which may be a number; sent with `by=externalId`.
    #[must_use]
    pub fn external_id(id: impl Into<Id>) -> ObjectRef {
        ObjectRef::by(id, Self::ExternalId)
    }
}

#[cfg(feature = "customer_interaction")]
impl crate::customer_interaction::BySite {
    /// The number that the service gave the shop; sent with `siteBy=id`.
    #[must_use]
    pub fn id(id: impl Into<Id>) -> ObjectRef<Self> {
        ObjectRef::by(id, Self::Id)
    }

    /// The symbolic code of the shop; sent with `siteBy=code`.
    #[must_use]
    pub fn code(code: impl Into<Id>) -> ObjectRef<Self> {
        ObjectRef::by(code, Self::Code)
    }
}

macro_rules! from_texts {
    ($($text:ty)*) => { $(
        /// What a text is without a word: an externalId, the code of a shop.
        impl<B> From<$text> for ObjectRef<B> {
            fn from(text: $text) -> Self {
                Self { id: text.into(), by: None }
            }
        }
    )* };
}

from_texts!(&str &mut str String &String Box<str> Cow<'_, str>);

/// Its copy: for a reference that is needed again.
impl<B: Clone> From<&Self> for ObjectRef<B> {
    fn from(reference: &Self) -> Self {
        reference.clone()
    }
}
