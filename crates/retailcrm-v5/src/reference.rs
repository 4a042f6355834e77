//! References to objects: by the shop's own id, or by the service's number.

use common_model::Id;

use crate::By;

/// A reference to an object in a path: by its externalId, the shop's own text, or by its id, the service's
/// number.
///
/// The service reads an identifier as an externalId unless the parameter `by` is `id`, and the number 5 may be
/// both. So a text converts to an externalId, and a number does not convert: use [`By::id`], or call the method
/// that ends in `_by_id`.
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
/// `B` is the parameter for the kind of identifier: [`By`], or `BySite` for carts, where a text is the code of a
/// shop.
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

    /// Returns the identifier and its kind. `None` stands for the default kind: an externalId, or
    /// the code of a shop.
    #[must_use]
    pub fn into_parts<I: From<Id>>(self) -> (I, Option<B>) {
        (self.id.into(), self.by)
    }
}

impl By {
    /// Refers to an object by the service's number; sent with `by=id`.
    #[must_use]
    pub fn id(id: impl Into<Id>) -> ObjectRef {
        ObjectRef::by(id, Self::Id)
    }

    /// Refers to an object by the shop's own id, which may be a number; sent with `by=externalId`.
    #[must_use]
    pub fn external_id(id: impl Into<Id>) -> ObjectRef {
        ObjectRef::by(id, Self::ExternalId)
    }
}

#[cfg(feature = "customer_interaction")]
impl crate::customer_interaction::BySite {
    /// Refers to a shop by the service's number; sent with `siteBy=id`.
    #[must_use]
    pub fn id(id: impl Into<Id>) -> ObjectRef<Self> {
        ObjectRef::by(id, Self::Id)
    }

    /// Refers to a shop by its symbolic code; sent with `siteBy=code`.
    #[must_use]
    pub fn code(code: impl Into<Id>) -> ObjectRef<Self> {
        ObjectRef::by(code, Self::Code)
    }
}

/// The default kind of a text: an externalId, or the code of a shop.
impl<B, T: Into<String>> From<T> for ObjectRef<B> {
    fn from(text: T) -> Self {
        Self {
            id: text.into().into(),
            by: None,
        }
    }
}

/// A copy, for a reference that is used again.
impl<B: Clone> From<&Self> for ObjectRef<B> {
    fn from(reference: &Self) -> Self {
        reference.clone()
    }
}
