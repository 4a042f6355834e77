//! Masking of secrets in answers.

use common_model::{Map, Value as Json, from_json};
use common_transport::Secret;
use shopwire::Config;

/// Names of members that hold a secret, in lower case and without underscores.
const NAMES: [&str; 6] = [
    "token",
    "apikey",
    "apisecret",
    "secret",
    "password",
    "authorization",
];

/// Masks the secrets of settings and parameters wherever they occur in an answer, and every member with a name of a
/// secret.
#[derive(Default)]
pub(crate) struct Mask {
    secrets: Vec<Secret>,
    known: common_transport::Mask,
}

impl Mask {
    /// Adds the secrets of the settings.
    pub(crate) fn add(&mut self, config: &Config) {
        let secrets = [
            &config.nicechat.api_key,
            &config.nicechat.api_secret,
            &config.uvygoda.token,
            &config.retailcrm.api_key,
        ];
        let secrets = secrets.into_iter().flatten();
        self.know(secrets.cloned());
    }

    fn know(&mut self, secrets: impl Iterator<Item = Secret>) {
        self.secrets.extend(secrets);
        self.known = common_transport::Mask::new(self.secrets.iter().cloned());
    }

    /// Adds the secrets of the parameters.
    pub(crate) fn with_params(mut self, params: &str) -> Self {
        self.know(secrets(params).into_iter());
        self
    }

    pub(crate) fn text(&self, text: &str) -> String {
        self.known.text(text).into_owned()
    }

    pub(crate) fn json(&self, value: Json) -> Json {
        match value {
            Json::String(text) => Json::String(self.text(&text)),
            Json::Array(items) => {
                Json::Array(items.into_iter().map(|item| self.json(item)).collect())
            }
            Json::Object(members) => {
                let members = members.into_iter();
                Json::Object(
                    members
                        .map(|(name, value)| self.member(&name, value))
                        .collect(),
                )
            }
            other => other,
        }
    }

    fn member(&self, name: &str, value: Json) -> (String, Json) {
        let is_hidden = is_secret(name) && value.as_str().is_some();
        let value = match is_hidden {
            true => Json::String(common_transport::Mask::HIDDEN.into()),
            false => self.json(value),
        };
        (self.text(name), value)
    }
}

/// The secrets that the parameters hold, at any depth.
pub(crate) fn secrets(params: &str) -> Vec<Secret> {
    let params: Json = from_json(params).unwrap_or_default();
    let (mut left, mut found) = (vec![&params], Vec::new());
    while let Some(value) = left.pop() {
        left.extend(value.as_array().into_iter().flatten());
        let members = value.as_object().into_iter().flat_map(Map::iter);
        for (name, member) in members {
            match member {
                Json::String(text) if is_secret(name) => found.push(text.as_str().into()),
                Json::Number(number) if is_secret(name) => found.push(number.to_string().into()),
                _ => left.push(member),
            }
        }
    }
    found
}

pub(crate) fn is_secret(name: &str) -> bool {
    let name = name.to_lowercase().replace(['_', '-'], "");
    NAMES.iter().any(|known| name.ends_with(known))
}

#[cfg(test)]
mod tests {
    use super::*;
    use common_model::to_json;

    // F5, X7
    #[test]
    fn x7_what_comes_back_shows_no_secret() {
        let mut config = Config::new();
        config.retailcrm.api_key = Some("key-123".into());
        let mut mask = Mask::default().with_params(r#"{"LOGIN":"me","PASSWORD":"pass-1"}"#);
        mask.add(&config);
        let came = r#"{"TOKEN":"t-new","a":[{"api_key":"x","tokens":5}],"said key-123":"key-123?","p":"pass-1"}"#;
        assert_eq!(
            to_json(&mask.json(from_json(came).unwrap())),
            r#"{"TOKEN":"[hidden]","a":[{"api_key":"[hidden]","tokens":5}],"said [hidden]":"[hidden]?","p":"[hidden]"}"#
        );
        assert_eq!(mask.text("wrong key key-123"), "wrong key [hidden]");
    }

    // F5, X7
    #[test]
    fn x7_a_secret_within_a_parameter_is_masked_too() {
        let params =
            r#"{"module":{"bots":[{"token":"t-12345","name":"ann"}],"password":73915284}}"#;
        let mask = Mask::default().with_params(params);
        assert_eq!(
            mask.text("no bot t-12345 of ann with 73915284"),
            "no bot [hidden] of ann with [hidden]"
        );
    }
}
