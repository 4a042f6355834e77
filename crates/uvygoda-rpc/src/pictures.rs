//! The pictures of a card: four at most.

use std::ops::Deref;

use common_model::{Decode, Encode, Reader, Writer};
use common_transport::Error;

/// Addresses of a card's pictures, at most [`Pictures::MAX`].
///
/// ```
/// use uvygoda_rpc::Pictures;
///
/// let pictures = Pictures::new(["https://shop.example/1.jpg"]).unwrap();
/// assert_eq!(pictures.len(), 1);
/// assert!(Pictures::new(["a", "b", "c", "d", "e"]).is_err());
/// ```
// U39
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pictures(Vec<String>);

impl Pictures {
    /// Maximum number of pictures that the service accepts.
    pub const MAX: usize = 4;

    /// Creates a list of pictures.
    ///
    /// # Errors
    /// There are more than four pictures.
    pub fn new<U: Into<String>>(urls: impl IntoIterator<Item = U>) -> Result<Self, Error> {
        let urls: Vec<String> = urls.into_iter().map(Into::into).collect();
        if urls.len() > Self::MAX {
            return Err(Error::invalid_input("PICTURES", TOO_MANY));
        }
        Ok(Self(urls))
    }

    /// Keeps the first four addresses and drops the rest.
    #[must_use]
    pub fn first_of<U: Into<String>>(urls: impl IntoIterator<Item = U>) -> Self {
        Self(urls.into_iter().take(Self::MAX).map(Into::into).collect())
    }
}

impl Deref for Pictures {
    type Target = [String];

    fn deref(&self) -> &[String] {
        &self.0
    }
}

impl Decode for Pictures {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, common_model::Error> {
        let offset = reader.offset();
        let urls: Vec<String> = Decode::decode(reader)?;
        Self::new(urls).map_err(|_| common_model::Error::new(TOO_MANY, offset))
    }
}

impl Encode for Pictures {
    fn encode(&self, out: &mut Writer) {
        self.0.encode(out);
    }
}

const TOO_MANY: &str = "a card takes four pictures at most";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u39_the_fifth_picture_is_refused_however_it_comes() {
        assert_eq!(Pictures::new(["1", "2", "3", "4"]).unwrap().len(), 4);
        let error = Pictures::new(["1", "2", "3", "4", "5"]).unwrap_err();
        assert_eq!(error.field(), Some("PICTURES"));
        assert_eq!(
            Pictures::first_of(["1", "2", "3", "4", "5"])
                .last()
                .unwrap(),
            "4"
        );
        assert!(common_model::from_json::<Pictures>(r#"["1","2","3","4","5"]"#).is_err());
        let read: Pictures = common_model::from_json(r#"["1","2"]"#).unwrap();
        assert_eq!(common_model::to_json(&read), r#"["1","2"]"#);
    }
}
