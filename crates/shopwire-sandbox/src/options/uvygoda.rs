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
    /// The port on 127.0.0.1; 0 (default) lets the system choose.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// What kind of account Uvygoda's seller has. Default: the PRO account that the API asks for.
    #[must_use]
    pub fn seller(mut self, seller: Seller) -> Self {
        self.seller = seller;
        self
    }

    /// Who ends the moderation of Uvygoda's cards. Default: time does.
    #[must_use]
    pub fn moderation(mut self, moderation: Moderation) -> Self {
        self.moderation = moderation;
        self
    }
}

/// The kind of account Uvygoda's seller has.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Seller {
    /// May use the API.
    #[default]
    Pro,
    /// Is told that a PRO account is needed.
    Basic,
}

/// How a card leaves moderation.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Moderation {
    /// After the pace of [`super::Options::pace`].
    #[default]
    Automatic,
    /// When the test says so.
    Manual,
}
