//! The layers of settings (flags, profile, environment, file), and the origin of each setting.

use std::{env, path::Path};

use common_transport::Error;

use super::{
    command::Program,
    file::{File, Given},
    host::is_host,
    location,
    names::{self, Access, Role, Setting},
    profile::{self, Profile},
};
use crate::args::{Service, Settings};

/// The sources of settings.
#[derive(Debug)]
pub(super) struct Layers<'s> {
    flags: &'s Settings,
    pub(super) file: Option<File>,
    pub(super) profile: Option<Profile>,
}

/// A setting's value and its origin.
#[derive(Debug)]
pub(super) struct Found<'l> {
    pub(super) given: Given,
    pub(super) origin: Origin<'l>,
    /// Its line in the file.
    pub(super) line: Option<usize>,
}

impl Found<'_> {
    /// The text; `None` for the output of a command, which is not run here.
    pub(super) fn text(self) -> Option<String> {
        match self.given {
            Given::Text(text) => Some(text),
            Given::Command(_) => None,
        }
    }
}

/// A source of settings. A profile is one of its own: the tables of a file may belong to different accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin<'l> {
    /// A flag of this run.
    Flag,
    Environment,
    File {
        path: &'l Path,
        profile: Option<&'l str>,
    },
}

impl Origin<'_> {
    fn name(self) -> String {
        match self {
            Self::Flag => "a flag".to_owned(),
            Self::Environment => "the environment".to_owned(),
            Self::File {
                path,
                profile: None,
            } => path.display().to_string(),
            Self::File {
                path,
                profile: Some(profile),
            } => format!("the profile `{profile}` of {}", path.display()),
        }
    }
}

impl<'s> Layers<'s> {
    /// Reads the settings file, if there is one.
    ///
    /// # Errors
    /// [`Error::is_invalid_input`] names the file, or the profile that it does not have.
    pub(super) fn open(flags: &'s Settings) -> Result<Self, Error> {
        let location = location::locate(flags.file.config.as_deref());
        let file = location.as_ref().map(File::open).transpose()?.flatten();
        let profile = profile::chosen(flags.file.profile.as_deref())?;
        if let Some(profile) = &profile {
            profile.check(file.as_ref(), location.as_ref())?;
        }
        Ok(Self {
            flags,
            file,
            profile,
        })
    }

    /// The setting from the first layer that has it. An empty text counts as absent.
    ///
    /// A profile stands where its name was given: that of a flag before the environment, that of a variable behind.
    pub(super) fn find(&self, setting: &Setting) -> Option<Found<'_>> {
        let text = |text: String, origin| Found {
            given: Given::Text(text),
            origin,
            line: None,
        };
        let profile = |is_flag: bool| {
            let profile = self.profile.as_ref()?;
            (profile.is_flag() == is_flag).then(|| self.in_file(setting, Some(profile.name())))?
        };
        flag(self.flags, setting.variable)
            .map(|found| text(found, Origin::Flag))
            .or_else(|| profile(true))
            .or_else(|| Some(text(variable(setting)?, Origin::Environment)))
            .or_else(|| profile(false))
            .or_else(|| self.in_file(setting, None))
    }

    fn in_file<'l>(&'l self, setting: &Setting, profile: Option<&'l str>) -> Option<Found<'l>> {
        let file = self.file.as_ref()?;
        let value = file.value(setting, profile)?;
        Some(Found {
            given: value.given.clone(),
            origin: Origin::File {
                path: file.path(),
                profile,
            },
            line: Some(value.line),
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
        let given = match &found.given {
            Given::Text(text) if setting.role == Role::Address && is_host(text) => {
                format!("; given is {text}, which may mean https://{text}")
            }
            _ => String::new(),
        };
        Error::invalid_input(place(setting, &found), error.message().to_owned() + &given)
    }

    /// Runs the command of a setting.
    ///
    /// # Errors
    /// [`Error::is_invalid_input`] names the setting, without the command's output.
    pub(super) fn run(
        &self,
        setting: &Setting,
        found: &Found<'_>,
        command: &Program,
    ) -> Result<String, Error> {
        let output = command.output();
        output.map_err(|why| Error::invalid_input(place(setting, found), why))
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
    /// anywhere, and a profile the key of one account to another. An address given as a flag, and the default address,
    /// are allowed.
    pub(super) fn check_origins(&self, service: Service) -> Result<(), Error> {
        let Some((address, found)) = names::of(service)
            .filter(|setting| setting.role == Role::Address)
            .find_map(|setting| Some((setting, self.find(setting)?)))
        else {
            return Ok(());
        };
        let origin = found.origin;
        if origin == Origin::Flag {
            return Ok(());
        }
        for setting in names::of(service).filter(|setting| setting.role == Role::Secret) {
            let Some(secret) = self.find(setting) else {
                continue;
            };
            if secret.origin != origin {
                return Err(Error::invalid_input(
                    place(address, &found),
                    format!(
                        "the address comes from {}, but {} from {}: a secret is sent to an address of its own \
                         source alone; set both in one place, or give the address with --{}",
                        origin.name(),
                        setting.variable,
                        secret.origin.name(),
                        address.flag(),
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
        let profile = self.profile.as_ref();
        let prefix = profile.map_or(String::new(), |profile| {
            format!("profile.{}.", profile.name())
        });
        let message = format!(
            "{are} not set; put {them} into the environment, or `{}` into the table [{prefix}{}] of {}",
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

/// The name of a setting in the layer that has it.
fn place(setting: &Setting, found: &Found<'_>) -> String {
    let Origin::File { path, profile } = found.origin else {
        return match found.origin {
            Origin::Flag => format!("--{}", setting.flag()),
            _ => setting.variable.to_owned(),
        };
    };
    let command = match found.given {
        Given::Command(_) => names::COMMAND,
        Given::Text(_) => "",
    };
    let prefix = profile.map_or(String::new(), |profile| format!("profile.{profile}."));
    let line = found
        .line
        .map_or(String::new(), |line| format!(", line {line}"));
    format!(
        "`{}{command}` in the table [{prefix}{}] of {}{line}",
        setting.key,
        names::table(setting.service),
        path.display()
    )
}

/// The flag of a variable; `None` if it has none.
fn flag_of<'f>(flags: &'f Settings, variable: &str) -> Option<&'f Option<String>> {
    match variable {
        "NICECHAT_URL" => Some(&flags.nicechat_url),
        "UVYGODA_URL" => Some(&flags.uvygoda_url),
        "RETAILCRM_URL" => Some(&flags.retailcrm_url),
        "RETAILCRM_SITE" => Some(&flags.retailcrm_site),
        _ => None,
    }
}

/// Whether a setting can be given as a flag.
pub(super) fn has_flag(setting: &Setting) -> bool {
    flag_of(&Settings::default(), setting.variable).is_some()
}

fn flag(flags: &Settings, variable: &str) -> Option<String> {
    let flag = flag_of(flags, variable)?;
    flag.clone().filter(|text| !text.is_empty())
}

fn variable(setting: &Setting) -> Option<String> {
    let value = env::var_os(setting.variable)?;
    let text = value.to_str().map(ToOwned::to_owned);
    text.filter(|text| !text.is_empty())
}
