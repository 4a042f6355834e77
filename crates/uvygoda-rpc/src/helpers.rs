//! Helper methods on generated types.

use crate::{
    products::{ProductInfo, ProductInfoAnswer},
    shared::Confirmation,
};

impl Confirmation {
    /// Whether the value means success: `SUCCESS`, or `SUCCES` as the service writes it for
    /// webhooks.
    // U17
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Success | Self::Succes)
    }
}

impl ProductInfoAnswer {
    /// The card: `ITEM` is a map of one entry.
    // U34
    pub fn card(&self) -> Option<&ProductInfo> {
        self.item.as_ref()?.first()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u34_the_card_is_the_one_entry() {
        let json = r#"{"RESULT":true,"ITEM":{"123":{"ID":123}},"ERROR":false}"#;
        let answer: ProductInfoAnswer = common_model::from_json(json).unwrap();
        assert_eq!(answer.card().and_then(|card| card.id), Some(123));
    }
}
