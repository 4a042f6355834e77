//! The table of all settings, from which the documentation and `config keys` are made.

use super::names::{
    Role::{self, Address, Incoming, Other, Secret},
    Setting,
};
use crate::args::Service::{self, Nicechat, Retailcrm, Uvygoda};

const fn setting(
    service: Service,
    variable: &'static str,
    key: &'static str,
    role: Role,
    about: &'static str,
) -> Setting {
    Setting {
        service,
        variable,
        key,
        role,
        default: None,
        about,
    }
}

impl Setting {
    const fn or(mut self, default: &'static str) -> Self {
        self.default = Some(default);
        self
    }
}

/// All settings, by service.
pub(super) const SETTINGS: [Setting; 22] = [
    setting(Nicechat, "NICECHAT_URL", "url", Address, "The address of NiceChat.").or("https://account.nice.chat"),
    setting(Nicechat, "NICECHAT_API_KEY", "api_key", Secret, "The public half of the key pair."),
    setting(Nicechat, "NICECHAT_API_SECRET", "api_secret", Secret, "The secret half of the key pair, with which requests are signed."),
    setting(Nicechat, "NICECHAT_DIALECT", "dialect", Other, "The canonical form of signed forms: php, php81, python or prose.").or("php"),
    setting(Nicechat, "NICECHAT_QUERY_RULE", "query_rule", Other, "Whether the query of a GET is signed: unsigned or signed.").or("unsigned"),
    setting(Nicechat, "NICECHAT_ENCODING", "encoding", Other, "The encoding of bodies and the place of the signature: json-with-headers, form-with-headers, form-with-parameters, multipart-with-headers or multipart-with-parameters.").or("json-with-headers"),
    setting(Nicechat, "NICECHAT_KEY_HEADER", "key_header", Other, "The header with the key.").or("X-API-Key"),
    setting(Nicechat, "NICECHAT_SIGNATURE_HEADER", "signature_header", Other, "The header with the signature.").or("X-API-Sign"),
    setting(Nicechat, "NICECHAT_KEY_PARAMETER", "key_parameter", Other, "The parameter with the key.").or("_key"),
    setting(Nicechat, "NICECHAT_SIGNATURE_PARAMETER", "signature_parameter", Other, "The parameter with the signature.").or("_sign"),
    setting(Nicechat, "NICECHAT_WEBHOOK_SECRET", "webhook_secret", Incoming, "The end of the path at which `webhooks` takes callbacks: 16 to 128 letters and digits."),
    setting(Nicechat, "NICECHAT_WEBHOOK_ACCOUNT", "webhook_account", Other, "The account in the name of the source of events.").or("main"),
    setting(Uvygoda, "UVYGODA_URL", "url", Address, "The address of Uvygoda.").or("https://uvygoda.ru"),
    setting(Uvygoda, "UVYGODA_TOKEN", "token", Secret, "The token of the shop; `shopwire call uvygoda getToken` issues one."),
    setting(Uvygoda, "UVYGODA_WEBHOOK_SECRET", "webhook_secret", Incoming, "The end of the path at which `webhooks` takes events: 16 to 128 letters and digits."),
    setting(Uvygoda, "UVYGODA_WEBHOOK_ACCOUNT", "webhook_account", Other, "The account in the name of the source of events.").or("main"),
    setting(Uvygoda, "UVYGODA_WEBHOOK_RULES", "webhook_rules", Other, "The rules that tell events apart, as a JSON list of {kind, at, equals, event_id, subject}."),
    setting(Retailcrm, "RETAILCRM_URL", "url", Address, "The address of the account, such as https://demo.retailcrm.ru."),
    setting(Retailcrm, "RETAILCRM_API_KEY", "api_key", Secret, "The key of the account."),
    setting(Retailcrm, "RETAILCRM_SITE", "site", Other, "The symbolic code of the shop, for keys with access to several shops."),
    setting(Retailcrm, "RETAILCRM_WEBHOOK_SECRET", "webhook_secret", Incoming, "The end of the path at which `webhooks` takes notices: 16 to 128 letters and digits."),
    setting(Retailcrm, "RETAILCRM_WEBHOOK_ACCOUNT", "webhook_account", Other, "The account in the name of the source of events.").or("main"),
];
