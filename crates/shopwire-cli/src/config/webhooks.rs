//! The settings of receivers.

use common_transport::{Error, Secret};
use shopwire::uvygoda::events::Rules;

use super::{
    file::Given,
    layers::Layers,
    location,
    names::{self, Setting},
};
use crate::args::{Service, Settings, SettingsFile};

/// Shortest path secret. Shorter ones can be guessed.
const SHORTEST: usize = 16;

/// Longest path secret and account.
const LONGEST: usize = 128;

/// A service whose events are received.
#[derive(Debug)]
pub(crate) struct Hook {
    pub(crate) service: Service,
    /// The last segment of the path.
    pub(crate) secret: Secret,
    /// The account, for the name of the source.
    pub(crate) account: String,
    /// Rules that tell Uvygoda's events apart.
    pub(crate) rules: Rules,
}

impl Hook {
    /// The name of the source in the inbox: `uvygoda:main`.
    pub(crate) fn source(&self) -> String {
        format!("{}:{}", names::table(self.service), self.account)
    }

    /// The first segment of the path, and the name in the settings.
    pub(crate) fn name(&self) -> &'static str {
        names::table(self.service)
    }
}

/// The services with a path secret.
///
/// # Errors
/// [`Error::is_invalid_input`] names the setting, without its value.
pub(crate) fn hooks(file: &SettingsFile) -> Result<Vec<Hook>, Error> {
    let flags = Settings {
        file: file.clone(),
        ..Settings::default()
    };
    let layers = Layers::open(&flags)?;
    let mut hooks = Vec::new();
    for service in Service::ALL {
        layers.check_encoding(service)?;
        hooks.extend(hook(&layers, service).map_err(|error| layers.placed(error))?);
    }
    if hooks.is_empty() {
        let file = location::user_file();
        let file = file.map_or("a settings file".to_owned(), |file| {
            file.display().to_string()
        });
        return Err(Error::invalid_input(
            "UVYGODA_WEBHOOK_SECRET, NICECHAT_WEBHOOK_SECRET or RETAILCRM_WEBHOOK_SECRET",
            format!(
                "none is set, so there is nothing to receive; put a path secret, such as the output of `openssl rand \
                 -hex 16`, into the environment, or as `webhook_secret` into the service's table of {file}"
            ),
        ));
    }
    Ok(hooks)
}

/// The path secrets alone, to be hidden: also one that no receiver would take, and those beside it.
pub(crate) fn path_secrets(file: &SettingsFile) -> Vec<Secret> {
    let flags = Settings {
        file: file.clone(),
        ..Settings::default()
    };
    let Ok(layers) = Layers::open(&flags) else {
        return Vec::new();
    };
    let secrets = Service::ALL.into_iter().filter_map(|service| {
        let (_, secret) = found(&layers, service, "webhook_secret").ok()??;
        Some(secret.into())
    });
    secrets.collect()
}

/// A setting of a service and its text.
fn found(
    layers: &Layers<'_>,
    service: Service,
    key: &str,
) -> Result<Option<(&'static Setting, String)>, Error> {
    let setting = names::of(service).find(|setting| setting.key == key);
    let found = setting.and_then(|setting| Some((setting, layers.find(setting)?)));
    found
        .map(|(setting, found)| {
            let text = match &found.given {
                Given::Text(text) => text.clone(),
                Given::Command(command) => layers.run(setting, &found, command)?,
            };
            Ok((setting, text))
        })
        .transpose()
}

fn hook(layers: &Layers<'_>, service: Service) -> Result<Option<Hook>, Error> {
    let found = |key: &str| found(layers, service, key);
    let Some((setting, secret)) = found("webhook_secret")? else {
        return Ok(None);
    };
    check(setting, &secret, SHORTEST)?;
    let account = match found("webhook_account")? {
        Some((setting, account)) => {
            check(setting, &account, 1)?;
            account
        }
        None => "main".to_owned(),
    };
    let rules = match found("webhook_rules")? {
        Some((setting, rules)) => Rules::from_json(&rules)
            .map_err(|error| Error::invalid_input(setting.variable, error.message().to_owned()))?,
        None => Rules::default(),
    };
    Ok(Some(Hook {
        service,
        secret: secret.into(),
        account,
        rules,
    }))
}

/// Both stand in paths and names without being encoded.
fn check(setting: &Setting, text: &str, shortest: usize) -> Result<(), Error> {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.~".contains(letter);
    if (shortest..=LONGEST).contains(&text.len()) && text.chars().all(is_plain) {
        return Ok(());
    }
    Err(Error::invalid_input(
        setting.variable,
        format!("it has {shortest} to {LONGEST} letters (a-z, A-Z), digits, `-`, `_`, `.` or `~`"),
    ))
}
