//! Settings of the emulated Uvygoda.

/// Settings of [`crate::Uvygoda`]; see [`super::Options::uvygoda`].
#[non_exhaustive]
#[derive(Clone, Debug, Default)]
pub struct UvygodaOptions {
    pub(crate) port: u16,
    pub(crate) moderation: Moderation,
    pub(crate) seller: Seller,
}

impl UvygodaOptions {
    /// Sets the port on 127.0.0.1. Default: 0, the system chooses.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Sets the kind of the seller's account. Default: the PRO account that the API requires.
    #[must_use]
    pub fn seller(mut self, seller: Seller) -> Self {
        self.seller = seller;
        self
    }

    /// Sets how the moderation of cards ends. Default: by itself after a time.
    #[must_use]
    pub fn moderation(mut self, moderation: Moderation) -> Self {
        self.moderation = moderation;
        self
    }
}

/// The kind of the seller's account.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Seller {
    /// An account that may use the API.
    #[default]
    Pro,
    /// An account whose calls fail because a PRO account is needed.
    Basic,
}

/// The way in which a card leaves moderation.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Moderation {
    /// By itself, after the pace of [`super::Options::pace`].
    #[default]
    Automatic,
    /// By [`crate::Uvygoda::moderate`].
    Manual,
}
