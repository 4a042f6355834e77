//! The names of the three services, and of what each of them posts by itself.

use std::fmt;

use crate::invalid::{self, Invalid};

/// One of the emulated services.
///
/// ```
/// use shopwire_sandbox::ServiceName;
///
/// let service: ServiceName = "retailcrm".parse()?;
/// assert_eq!(service, ServiceName::RetailCrm);
/// let error = "retailcm".parse::<ServiceName>().unwrap_err();
/// assert_eq!(error.to_string(), "service: unknown \"retailcm\"; did you mean \"retailcrm\"?");
/// # Ok::<(), shopwire_sandbox::Invalid>(())
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ServiceName {
    /// `nicechat`
    NiceChat,
    /// `uvygoda`
    Uvygoda,
    /// `retailcrm`
    RetailCrm,
}

impl ServiceName {
    /// All services, in the order in which the sandbox lists them.
    pub const ALL: [Self; 3] = [Self::NiceChat, Self::Uvygoda, Self::RetailCrm];

    /// Returns the name that JSON uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NiceChat => "nicechat",
            Self::Uvygoda => "uvygoda",
            Self::RetailCrm => "retailcrm",
        }
    }

    /// Returns the names of the webhooks that the emulated service posts by itself. RetailCRM posts none; the
    /// callbacks of its modules can be sent by hand, under any name.
    pub fn events(self) -> &'static [&'static str] {
        match self {
            Self::NiceChat => &["import"],
            Self::Uvygoda => &[
                "product_status",
                "new_order",
                "order_status",
                "chat_message",
                "incoming_message",
                "raw",
            ],
            Self::RetailCrm => &[],
        }
    }

    /// Checks the name of an event. The error is of the field `event`.
    pub(crate) fn check_event(self, event: &str) -> Result<(), Invalid> {
        if event.is_empty() || event.len() > 100 {
            return Err(Invalid::new("event", "must have 1 to 100 bytes"));
        }
        let known = self.events();
        if known.is_empty() || known.contains(&event) {
            return Ok(());
        }
        Err(invalid::unknown("event", event, known.iter().copied()))
    }
}

impl fmt::Display for ServiceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for ServiceName {
    type Err = Invalid;

    fn from_str(name: &str) -> Result<Self, Invalid> {
        Self::ALL
            .into_iter()
            .find(|one| one.as_str() == name)
            .ok_or_else(|| invalid::unknown("service", name, Self::ALL.map(Self::as_str)))
    }
}
