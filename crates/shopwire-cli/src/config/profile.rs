//! The profile: the tables of the settings file that stand before those without a profile.

use std::env;

use common_transport::Error;

use super::{
    file::File,
    location::{self, Location},
};
use crate::{input, suggest};

/// The variable that chooses a profile.
const VARIABLE: &str = "SHOPWIRE_PROFILE";

/// A profile by its name, and the way it was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Profile {
    /// By `--profile`.
    Flag(String),
    /// By the variable `SHOPWIRE_PROFILE`.
    Variable(String),
}

/// The profile that was chosen. An empty name counts as none.
///
/// # Errors
/// [`Error::is_invalid_input`]: the variable is not UTF-8.
pub(super) fn chosen(flag: Option<&str>) -> Result<Option<Profile>, Error> {
    if let Some(name) = flag.filter(|name| !name.is_empty()) {
        return Ok(Some(Profile::Flag(name.to_owned())));
    }
    let Some(name) = env::var_os(VARIABLE).filter(|name| !name.is_empty()) else {
        return Ok(None);
    };
    let name = name
        .to_str()
        .ok_or_else(|| Error::invalid_input(VARIABLE, "the variable's text is not UTF-8"))?;
    Ok(Some(Profile::Variable(name.to_owned())))
}

impl Profile {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Flag(name) | Self::Variable(name) => name,
        }
    }

    pub(super) fn is_flag(&self) -> bool {
        matches!(self, Self::Flag(_))
    }

    /// The flag or variable that chose it.
    pub(super) fn by(&self) -> &'static str {
        match self {
            Self::Flag(_) => "--profile",
            Self::Variable(_) => VARIABLE,
        }
    }

    /// Refuses a profile that the file does not have: another account would be used without a word. The error does not
    /// show the name: it may be a key that was typed in its place.
    pub(super) fn check(
        &self,
        file: Option<&File>,
        location: Option<&Location>,
    ) -> Result<(), Error> {
        let refused = |why: String| Err(Error::invalid_input(self.by(), why));
        let Some(file) = file else {
            let path = location.map(|location| location.path.clone());
            let path = path.or_else(location::user_file);
            let path = path.map_or("no folder for it".to_owned(), |path| {
                input::shown(&path).to_string()
            });
            return refused(format!("there is no settings file with profiles: {path}"));
        };
        let profiles = file.profiles();
        if profiles.iter().any(|profile| profile == self.name()) {
            return Ok(());
        }
        let path = input::shown(file.path());
        let nearest = suggest::nearest(self.name(), profiles.iter().map(String::as_str));
        match (nearest.first(), profiles) {
            (Some(nearest), _) => refused(format!(
                "{path} has no such profile; did you mean `{nearest}`?"
            )),
            (None, []) => refused(format!(
                "{path} has no profiles: write [profile.NAME.retailcrm]"
            )),
            (None, profiles) => refused(format!(
                "{path} has no such profile; there are {}",
                profiles.join(", ")
            )),
        }
    }
}
