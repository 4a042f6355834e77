//! The names of all settings.

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
}

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

const fn setting(
    service: Service,
    variable: &'static str,
    key: &'static str,
    role: Role,
) -> Setting {
    Setting {
        service,
        variable,
        key,
        role,
    }
}

/// All settings, by service.
pub(super) const SETTINGS: [Setting; 22] = {
    use Role::{Address, Incoming, Other, Secret};
    use Service::{Nicechat, Retailcrm, Uvygoda};
    [
        setting(Nicechat, "NICECHAT_URL", "url", Address),
        setting(Nicechat, "NICECHAT_API_KEY", "api_key", Secret),
        setting(Nicechat, "NICECHAT_API_SECRET", "api_secret", Secret),
        setting(Nicechat, "NICECHAT_DIALECT", "dialect", Other),
        setting(Nicechat, "NICECHAT_QUERY_RULE", "query_rule", Other),
        setting(Nicechat, "NICECHAT_ENCODING", "encoding", Other),
        setting(Nicechat, "NICECHAT_KEY_HEADER", "key_header", Other),
        setting(
            Nicechat,
            "NICECHAT_SIGNATURE_HEADER",
            "signature_header",
            Other,
        ),
        setting(Nicechat, "NICECHAT_KEY_PARAMETER", "key_parameter", Other),
        setting(
            Nicechat,
            "NICECHAT_SIGNATURE_PARAMETER",
            "signature_parameter",
            Other,
        ),
        setting(
            Nicechat,
            "NICECHAT_WEBHOOK_SECRET",
            "webhook_secret",
            Incoming,
        ),
        setting(
            Nicechat,
            "NICECHAT_WEBHOOK_ACCOUNT",
            "webhook_account",
            Other,
        ),
        setting(Uvygoda, "UVYGODA_URL", "url", Address),
        setting(Uvygoda, "UVYGODA_TOKEN", "token", Secret),
        setting(
            Uvygoda,
            "UVYGODA_WEBHOOK_SECRET",
            "webhook_secret",
            Incoming,
        ),
        setting(Uvygoda, "UVYGODA_WEBHOOK_ACCOUNT", "webhook_account", Other),
        setting(Uvygoda, "UVYGODA_WEBHOOK_RULES", "webhook_rules", Other),
        setting(Retailcrm, "RETAILCRM_URL", "url", Address),
        setting(Retailcrm, "RETAILCRM_API_KEY", "api_key", Secret),
        setting(Retailcrm, "RETAILCRM_SITE", "site", Other),
        setting(
            Retailcrm,
            "RETAILCRM_WEBHOOK_SECRET",
            "webhook_secret",
            Incoming,
        ),
        setting(
            Retailcrm,
            "RETAILCRM_WEBHOOK_ACCOUNT",
            "webhook_account",
            Other,
        ),
    ]
};

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
