//! The layers of settings (flags, environment, file), and the origin of each setting.

use std::{env, path::Path};

use common_transport::Error;

use super::{
    file::File,
    location,
    names::{self, Access, Role, Setting},
};
use crate::args::{Service, Settings};

/// The sources of settings.
#[derive(Debug)]
pub(super) struct Layers<'s> {
    flags: &'s Settings,
    file: Option<File>,
}

/// A setting's text and its origin.
#[derive(Debug)]
pub(super) struct Found<'l> {
    pub(super) text: String,
    origin: Origin<'l>,
}

/// A source of settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin<'l> {
    /// A flag of this run.
    Flag,
    Environment,
    File(&'l Path),
}

impl Origin<'_> {
    fn name(self) -> String {
        match self {
            Self::Flag => "a flag".to_owned(),
            Self::Environment => "the environment".to_owned(),
            Self::File(path) => path.display().to_string(),
        }
    }
}

impl<'s> Layers<'s> {
    /// Reads the settings file, if there is one.
    ///
    /// # Errors
    /// [`Error::is_invalid_input`] names the file.
    pub(super) fn open(flags: &'s Settings) -> Result<Self, Error> {
        let location = location::locate(flags.file.config.as_deref());
        let file = location.map_or(Ok(None), |location| File::open(&location))?;
        Ok(Self { flags, file })
    }

    /// The setting from the first layer that has it. An empty text counts as absent.
    pub(super) fn find(&self, setting: &Setting) -> Option<Found<'_>> {
        let found = |text: String, origin| Found { text, origin };
        flag(self.flags, setting.variable)
            .map(|text| found(text, Origin::Flag))
            .or_else(|| Some(found(variable(setting)?, Origin::Environment)))
            .or_else(|| {
                let file = self.file.as_ref()?;
                Some(found(file.value(setting)?, Origin::File(file.path())))
            })
    }

    /// Names the setting of an error as the user wrote it: as a flag, or with file and line. Of a wrong address it
    /// shows what was given, if that is a mere host.
    pub(super) fn placed(&self, error: Error) -> Error {
        let variable = error.field().unwrap_or_default();
        let setting = names::SETTINGS
            .iter()
            .find(|setting| setting.variable == variable);
        let Some((setting, found)) =
            setting.and_then(|setting| Some((setting, self.find(setting)?)))
        else {
            return error;
        };
        let given = match setting.role {
            Role::Address if is_host(&found.text) => {
                format!(
                    "; given is {}, which may mean https://{}",
                    found.text, found.text
                )
            }
            _ => String::new(),
        };
        Error::invalid_input(
            self.place(setting, found.origin),
            error.message().to_owned() + &given,
        )
    }

    /// The name of a setting in the layer that has it.
    fn place(&self, setting: &Setting, origin: Origin<'_>) -> String {
        match origin {
            Origin::Environment => setting.variable.to_owned(),
            Origin::Flag => format!("--{}", flag_name(setting.variable)),
            Origin::File(path) => {
                let line = self.file.as_ref().and_then(|file| file.line(setting));
                let line = line.map_or(String::new(), |line| format!(", line {line}"));
                format!(
                    "`{}` in the table [{}] of {}{line}",
                    setting.key,
                    names::table(setting.service),
                    path.display()
                )
            }
        }
    }

    /// Refuses variables that are not UTF-8. If they were ignored, the file's setting would apply.
    pub(super) fn check_encoding(&self, service: Service) -> Result<(), Error> {
        let is_broken = |setting: &&Setting| {
            env::var_os(setting.variable).is_some_and(|value| value.to_str().is_none())
        };
        match names::of(service).find(is_broken) {
            None => Ok(()),
            Some(setting) => Err(Error::invalid_input(
                setting.variable,
                "the variable's text is not UTF-8",
            )),
        }
    }

    /// Refuses an address from another source than its secrets: a file by another author could send them
    /// anywhere. An address given as a flag, and the default address, are allowed.
    pub(super) fn check_origins(&self, service: Service) -> Result<(), Error> {
        let Some((address, origin)) = names::of(service)
            .filter(|setting| setting.role == Role::Address)
            .find_map(|setting| Some((setting, self.find(setting)?.origin)))
        else {
            return Ok(());
        };
        if origin == Origin::Flag {
            return Ok(());
        }
        for secret in names::of(service).filter(|setting| setting.role == Role::Secret) {
            let Some(found) = self.find(secret) else {
                continue;
            };
            if found.origin != origin {
                return Err(Error::invalid_input(
                    self.place(address, origin),
                    format!(
                        "the address comes from {}, but {} from {}: a secret is sent to an address of its own \
                         source alone; set both in one place, or give the address with --{}",
                        origin.name(),
                        secret.variable,
                        found.origin.name(),
                        flag_name(address.variable),
                    ),
                ));
            }
        }
        Ok(())
    }

    /// Refuses settings without a value that the service needs. The error tells where to put it.
    pub(super) fn check_missing(&self, service: Service, access: Access) -> Result<(), Error> {
        let missing: Vec<&Setting> = names::of(service)
            .filter(|setting| names::needed(service, access).contains(&setting.variable))
            .filter(|setting| self.find(setting).is_none())
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let listed = |name: fn(&Setting) -> &str, and: &str| {
            let names: Vec<&str> = missing.iter().map(|setting| name(setting)).collect();
            names.join(and)
        };
        let (are, them) = match missing.len() {
            1 => ("it is", "it"),
            _ => ("they are", "them"),
        };
        let message = format!(
            "{are} not set; put {them} into the environment, or `{}` into the table [{}] of {}",
            listed(|setting| setting.key, "` and `"),
            names::table(service),
            self.file_to_write(),
        );
        let variables = listed(|setting| setting.variable, " and ");
        Err(Error::invalid_input(variables, message))
    }

    /// The path of the settings file, which may not exist yet.
    fn file_to_write(&self) -> String {
        let used = self.file.as_ref().map(|file| file.path().to_owned());
        used.or_else(location::user_file).map_or_else(
            || "a file for --config".to_owned(),
            |path| path.display().to_string(),
        )
    }
}

/// Whether the text is a host, perhaps with a port: short words of small letters, a dot or `localhost`. Keys and
/// passwords do not look like this.
fn is_host(text: &str) -> bool {
    const LONGEST: usize = 40;
    let (host, port) = text.split_once(':').unwrap_or((text, ""));
    let is_word = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
    };
    let is_host = host == "localhost" || (host.contains('.') && host.split('.').all(is_word));
    text.len() <= LONGEST
        && is_host
        && port.len() <= 5
        && port.bytes().all(|byte| byte.is_ascii_digit())
}

/// `retailcrm-url` for `RETAILCRM_URL`.
fn flag_name(variable: &str) -> String {
    variable.to_ascii_lowercase().replace('_', "-")
}

fn flag(flags: &Settings, variable: &str) -> Option<String> {
    let flag = match variable {
        "NICECHAT_URL" => &flags.nicechat_url,
        "UVYGODA_URL" => &flags.uvygoda_url,
        "RETAILCRM_URL" => &flags.retailcrm_url,
        "RETAILCRM_SITE" => &flags.retailcrm_site,
        _ => &None,
    };
    flag.clone().filter(|text| !text.is_empty())
}

fn variable(setting: &Setting) -> Option<String> {
    let value = env::var_os(setting.variable)?;
    let text = value.to_str().map(ToOwned::to_owned);
    text.filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::is_host;

    // C14, H13
    #[test]
    fn c14_a_host_is_told_from_what_may_be_a_secret() {
        for host in [
            "demo.retailcrm.ru",
            "localhost",
            "localhost:8080",
            "my-shop.example:443",
        ] {
            assert!(is_host(host), "{host}");
        }
        for text in [
            "hunter2",
            "hunter2.example",
            "KFNW44NF3ACMY8Y9",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sig",
            "user:pass@demo.example",
            "demo.example:pass",
            "demo.example/?key=x",
            "word",
            "",
        ] {
            assert!(!is_host(text), "{text}");
        }
    }
}
