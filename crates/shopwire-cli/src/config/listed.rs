//! All settings with their values and sources, for people. Secrets are never among the values.

use std::path::PathBuf;

use common_transport::{BaseUrl, Error};

use super::{
    file::Given,
    layers::{self, Layers},
    location,
    names::{self, COMMAND, Role, SETTINGS, Setting},
    read,
};
use crate::args::{Service, Settings};

/// The settings of a run.
#[derive(Debug)]
pub(crate) struct Listed {
    /// The file that was read.
    pub(crate) file: Option<PathBuf>,
    /// The file that would be read, if it were there.
    pub(crate) no_file: Option<PathBuf>,
    /// The profile, and the flag or variable that chose it.
    pub(crate) profile: Option<(String, &'static str)>,
    /// All profiles of the file.
    pub(crate) profiles: Vec<String>,
    pub(crate) settings: Vec<(Described, Shown, Origin)>,
    /// The reasons why settings cannot be used.
    pub(crate) problems: Vec<(Service, String)>,
}

/// A setting with its names and its documentation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Described(&'static Setting);

/// A value that may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shown {
    Nothing,
    /// A secret that is set.
    Secret,
    Text(String),
    /// A text that may hold a secret, although it should not.
    Hidden(&'static str),
}

/// The source of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A flag, by its name.
    Flag(String),
    Environment,
    File {
        path: PathBuf,
        line: usize,
        profile: Option<String>,
        is_command: bool,
    },
    Default,
    Nowhere,
}

/// All settings with their documentation.
pub(crate) fn described() -> impl Iterator<Item = Described> {
    SETTINGS.iter().map(Described)
}

impl Described {
    pub(crate) fn service(self) -> Service {
        self.0.service
    }

    /// The name of the service's table.
    pub(crate) fn table(self) -> &'static str {
        names::table(self.0.service)
    }

    pub(crate) fn key(self) -> &'static str {
        self.0.key
    }

    /// The key whose value is a command, of a secret.
    pub(crate) fn command_key(self) -> Option<String> {
        let key = || format!("{}{COMMAND}", self.0.key);
        self.0.is_secret().then(key)
    }

    pub(crate) fn variable(self) -> &'static str {
        self.0.variable
    }

    /// The flag, if there is one.
    pub(crate) fn flag(self) -> Option<String> {
        layers::has_flag(self.0).then(|| format!("--{}", self.0.flag()))
    }

    pub(crate) fn default(self) -> Option<&'static str> {
        self.0.default
    }

    pub(crate) fn about(self) -> &'static str {
        self.0.about
    }
}

/// Whether a setting that the service cannot do without is given: some of the user's own.
///
/// # Errors
/// As [`listed`].
pub(crate) fn is_configured(settings: &Settings, service: Service) -> Result<bool, Error> {
    let layers = Layers::open(settings)?;
    let own =
        names::of(service).filter(|setting| matches!(setting.role, Role::Address | Role::Secret));
    Ok(own
        .into_iter()
        .any(|setting| layers.find(setting).is_some()))
}

/// The settings of all services. No command is run.
///
/// # Errors
/// [`Error::is_invalid_input`]: the file cannot be read, or it has no such profile.
pub(crate) fn listed(settings: &Settings) -> Result<Listed, Error> {
    let layers = Layers::open(settings)?;
    let location = location::locate(settings.file.config.as_deref());
    let file = layers.file.as_ref();
    let profile = layers.profile.as_ref();
    Ok(Listed {
        file: file.map(|file| file.path().to_owned()),
        no_file: location
            .map(|location| location.path)
            .filter(|_| file.is_none()),
        profile: profile.map(|profile| (profile.name().to_owned(), profile.by())),
        profiles: file.map_or_else(Vec::new, |file| file.profiles().to_vec()),
        settings: SETTINGS
            .iter()
            .map(|setting| one(&layers, setting))
            .collect(),
        problems: problems(&layers),
    })
}

fn one(layers: &Layers<'_>, setting: &'static Setting) -> (Described, Shown, Origin) {
    let described = Described(setting);
    let Some(found) = layers.find(setting) else {
        return match setting.default {
            Some(default) => (described, Shown::Text(default.to_owned()), Origin::Default),
            None => (described, Shown::Nothing, Origin::Nowhere),
        };
    };
    let is_command = matches!(found.given, Given::Command(_));
    let origin = match found.origin {
        layers::Origin::Flag => Origin::Flag(format!("--{}", setting.flag())),
        layers::Origin::Environment => Origin::Environment,
        layers::Origin::File { path, profile } => Origin::File {
            path: path.to_owned(),
            line: found.line.unwrap_or_default(),
            profile: profile.map(str::to_owned),
            is_command,
        },
    };
    let shown = match found.given {
        _ if setting.is_secret() => Shown::Secret,
        Given::Command(_) => Shown::Secret,
        Given::Text(text) if setting.role == Role::Address && text.parse::<BaseUrl>().is_err() => {
            Shown::Hidden("not shown: it is no address that can be used")
        }
        Given::Text(text) if is_a_secret(layers, &text) => {
            Shown::Hidden("not shown: it is the value of a secret too")
        }
        Given::Text(text) => Shown::Text(text),
    };
    (described, shown, origin)
}

/// Whether a secret has this value, so that it was put in the wrong place as well.
fn is_a_secret(layers: &Layers<'_>, text: &str) -> bool {
    let mut secrets = SETTINGS.iter().filter(|setting| setting.is_secret());
    secrets.any(|secret| {
        let found = layers.find(secret);
        found.is_some_and(|found| found.given == Given::Text(text.to_owned()))
    })
}

fn problems(layers: &Layers<'_>) -> Vec<(Service, String)> {
    let problem = |service| {
        let origins = layers.check_origins(service);
        let read = origins.and_then(|()| read(layers, service, &Vec::new()));
        read.err().map(|error| (service, error.to_string()))
    };
    Service::ALL.into_iter().filter_map(problem).collect()
}
