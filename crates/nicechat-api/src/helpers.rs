//! Helper methods on generated types.

use crate::{
    Error, Image,
    feeds::{FeedResult, FeedState, FeedTaskEnvelope},
    orders::Deal,
    products::{Product, Replace, Update},
};

impl Product {
    /// Whether the price is in this currency. Ignores the case of the codes.
    // N59
    pub fn is_priced_in(&self, currency: &str) -> bool {
        let own = self.currency.as_deref();
        own.is_some_and(|own| own.eq_ignore_ascii_case(currency))
    }
}

impl Update {
    /// The same change as a `PUT` of the whole product: what this edit leaves alone stays as `read` shows
    /// it, the image under its CDN address.
    ///
    /// The documents name `PATCH` in the list of verbs alone, so a service may know nothing but `PUT`.
    ///
    /// ```
    /// use nicechat_api::{Image, products, products::Product};
    ///
    /// let json = r#"{"id": "PQ1", "category": "CQ1", "title": "Плед", "price": 15.00, "currency": "usd",
    ///     "description": "Тёплый", "url": "https://shop.example/1",
    ///     "image_url": "https://cdn.nice.chat/1.jpg", "in_stock": true}"#;
    /// let read: Product = common_model::from_json(json)?;
    /// let replace = products::Update::new("PQ1").in_stock(false).rewriting(&read)?;
    /// assert_eq!(replace.title, "Плед");
    /// assert_eq!(replace.image_url, Image::Keep("https://cdn.nice.chat/1.jpg".into()));
    /// assert!(!replace.in_stock);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// A field is neither set here nor shown by `read`, and a `PUT` needs it:
    /// [`field`](Error::field) names it.
    pub fn rewriting(&self, read: &Product) -> Result<Replace, Error> {
        let image = self.image_url.clone();
        let shown_image = || Image::from(self.or_shown("image_url", &None, &read.image_url));
        let mut replace = Replace {
            id: self.id.clone(),
            category: self
                .or_shown("category", &self.category, &read.category)
                .into(),
            title: self.needed("title", &self.title, &read.title)?,
            price: self.needed("price", &self.price, &read.price)?,
            currency: self.needed("currency", &self.currency, &read.currency)?,
            description: self.needed("description", &self.description, &read.description)?,
            url: self.needed("url", &self.url, &read.url)?,
            image_url: image.unwrap_or_else(shown_image),
            in_stock: self.needed("in_stock", &self.in_stock, &read.in_stock)?,
            extra: Default::default(),
        };
        for (name, value) in self.extra.iter() {
            replace.extra.insert(name, value.clone());
        }
        Ok(replace)
    }

    /// The value that this edit sets, or the current value if it leaves the field alone. It does not leave alone what it
    /// clears.
    fn or_shown<T: Clone>(&self, field: &str, own: &Option<T>, shown: &Option<T>) -> Option<T> {
        let is_cleared = self.extra.empty_shape(field).is_some();
        let shown = shown.as_ref().filter(|_| !is_cleared);
        own.as_ref().or(shown).cloned()
    }

    fn needed<T: Clone>(
        &self,
        field: &str,
        own: &Option<T>,
        shown: &Option<T>,
    ) -> Result<T, Error> {
        let value = self.or_shown(field, own, shown);
        value.ok_or_else(|| {
            Error::invalid_input(field, "a PUT needs it, and the product shows none")
        })
    }
}

impl Deal {
    /// The agents' e-mail addresses, from either of the two names that the service gives the field.
    // N66
    pub fn participants(&self) -> &[String] {
        let listed = self.agents.as_deref().or(self.agent.as_deref());
        listed.unwrap_or_default()
    }
}

impl FeedTaskEnvelope {
    /// The token to query the result with.
    pub fn token(&self) -> Option<&str> {
        self.result.as_ref()?.token.as_deref()
    }
}

impl FeedState {
    /// Whether the task has ended. An unknown state counts as not ended.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Success | Self::Failed)
    }
}

impl FeedResult {
    /// Whether the import has succeeded.
    pub fn is_success(&self) -> bool {
        self.state == Some(FeedState::Success)
    }
}
