//! The names of all settings.

use crate::args::Service;

/// One setting and what it is called in each place.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Setting {
    pub(super) service: Service,
    /// Of the environment.
    pub(super) variable: &'static str,
    /// In the file's table of the service.
    pub(super) key: &'static str,
    pub(super) role: Role,
}

/// What a setting means for the safety of secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Where secrets are sent.
    Address,
    /// What nobody else may see.
    Secret,
    /// Neither.
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
pub(super) const SETTINGS: [Setting; 15] = {
    use Role::{Address, Other, Secret};
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
        setting(Uvygoda, "UVYGODA_URL", "url", Address),
        setting(Uvygoda, "UVYGODA_TOKEN", "token", Secret),
        setting(Retailcrm, "RETAILCRM_URL", "url", Address),
        setting(Retailcrm, "RETAILCRM_API_KEY", "api_key", Secret),
        setting(Retailcrm, "RETAILCRM_SITE", "site", Other),
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

/// Whether a call shows who is asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// It needs the service's secrets.
    Identified,
    /// It asks for them.
    Anonymous,
}

/// What cannot be left out. Without an address NiceChat and Uvygoda are the public ones.
pub(super) const fn needed(service: Service, access: Access) -> &'static [&'static str] {
    match (service, access) {
        (Service::Nicechat, _) => &["NICECHAT_API_KEY", "NICECHAT_API_SECRET"],
        (Service::Uvygoda, Access::Identified) => &["UVYGODA_TOKEN"],
        (Service::Uvygoda, Access::Anonymous) => &[],
        (Service::Retailcrm, _) => &["RETAILCRM_URL", "RETAILCRM_API_KEY"],
    }
}
