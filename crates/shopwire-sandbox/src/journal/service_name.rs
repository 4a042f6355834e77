//! The name of an emulated service.

use std::fmt;
use std::str::FromStr;

/// One of the emulated services. Its text is `nicechat`, `uvygoda` or `retailcrm`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ServiceName {
    /// NiceChat.
    NiceChat,
    /// Uvygoda.
    Uvygoda,
    /// RetailCRM.
    RetailCrm,
}

impl ServiceName {
    /// All services.
    pub const ALL: [Self; 3] = [Self::NiceChat, Self::Uvygoda, Self::RetailCrm];

    /// Returns the name as text.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NiceChat => "nicechat",
            Self::Uvygoda => "uvygoda",
            Self::RetailCrm => "retailcrm",
        }
    }
}

impl fmt::Display for ServiceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The text names no service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownService(());

impl fmt::Display for UnknownService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("service: must be nicechat, uvygoda or retailcrm")
    }
}

impl std::error::Error for UnknownService {}

impl FromStr for ServiceName {
    type Err = UnknownService;

    fn from_str(text: &str) -> Result<Self, UnknownService> {
        let mut all = Self::ALL.into_iter();
        all.find(|name| name.as_str() == text)
            .ok_or(UnknownService(()))
    }
}
