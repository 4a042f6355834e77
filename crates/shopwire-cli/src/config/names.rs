//! The names of all settings.

pub(super) use super::table::SETTINGS;
use crate::args::Service;

/// A setting and its names.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Setting {
    pub(super) service: Service,
    /// Its name in the environment.
    pub(super) variable: &'static str,
    /// Its name in the service's table of the file.
    pub(super) key: &'static str,
    pub(super) role: Role,
    /// The value without a setting.
    pub(super) default: Option<&'static str>,
    /// Its meaning, for the documentation.
    pub(super) about: &'static str,
}

impl Setting {
    /// Whether its value is never shown, and may come from a command.
    pub(super) fn is_secret(&self) -> bool {
        matches!(self.role, Role::Secret | Role::Incoming)
    }

    /// `retailcrm-url` for `RETAILCRM_URL`.
    pub(super) fn flag(&self) -> String {
        self.variable.to_ascii_lowercase().replace('_', "-")
    }
}

/// The end of the key whose value is a command: `api_key_command`.
pub(super) const COMMAND: &str = "_command";

/// The role of a setting in the protection of secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The address that secrets are sent to.
    Address,
    /// A secret that is sent to the address.
    Secret,
    /// A secret that senders bring. It is sent nowhere, so it may come from another source than the address.
    Incoming,
    /// Neither an address nor a secret.
    Other,
}

/// The name of a service's table in the file.
pub(super) const fn table(service: Service) -> &'static str {
    match service {
        Service::Nicechat => "nicechat",
        Service::Uvygoda => "uvygoda",
        Service::Retailcrm => "retailcrm",
    }
}

/// The settings of a service.
pub(super) fn of(service: Service) -> impl Iterator<Item = &'static Setting> {
    SETTINGS
        .iter()
        .filter(move |setting| setting.service == service)
}

/// Whether a call authenticates itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// The call needs the service's secrets.
    Identified,
    /// The call requests them.
    Anonymous,
    /// Nothing is sent; a signature is computed.
    Signing,
}

/// The required settings. The addresses of NiceChat and Uvygoda have defaults.
pub(super) const fn needed(service: Service, access: Access) -> &'static [&'static str] {
    match (service, access) {
        (Service::Nicechat, Access::Signing) => &["NICECHAT_API_SECRET"],
        (Service::Nicechat, _) => &["NICECHAT_API_KEY", "NICECHAT_API_SECRET"],
        (Service::Uvygoda, Access::Identified | Access::Signing) => &["UVYGODA_TOKEN"],
        (Service::Uvygoda, Access::Anonymous) => &[],
        (Service::Retailcrm, _) => &["RETAILCRM_URL", "RETAILCRM_API_KEY"],
    }
}
