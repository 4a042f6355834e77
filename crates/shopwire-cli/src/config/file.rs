//! The settings file: a table of settings for each service, and such tables for each profile.
//!
//! Errors name lines, tables and keys, never values.

use std::{
    fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use common_transport::Error;

use super::{
    command::Program,
    guard::{self, Holds},
    location::{Chosen, Location},
    names::{Role, Setting},
    parse::parse,
};
use crate::input;

/// Maximum size of a settings file; a larger file was named by mistake.
const MOST_BYTES: u64 = 1 << 20;

/// A settings file, with known keys only.
#[derive(Debug)]
pub(super) struct File {
    path: PathBuf,
    values: Vec<Value>,
    /// The names of the profiles, in the order of the file.
    profiles: Vec<String>,
}

/// A setting as the file has it.
#[derive(Debug)]
pub(super) struct Value {
    pub(super) setting: &'static Setting,
    /// The profile that has it; `None` outside of profiles.
    pub(super) profile: Option<String>,
    pub(super) given: Given,
    pub(super) line: usize,
}

/// A value as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Given {
    Text(String),
    /// The value is the output of a command.
    Command(Program),
}

/// The content of a settings file.
#[derive(Debug, Default)]
pub(super) struct Content {
    pub(super) values: Vec<Value>,
    pub(super) profiles: Vec<String>,
}

impl File {
    /// Reads a file; `None` if the user has no file at the default location.
    ///
    /// # Errors
    /// [`Error::is_invalid_input`] names the file: it cannot be read, it is wrong, or others have access to it.
    pub(super) fn open(location: &Location) -> Result<Option<Self>, Error> {
        let path = &location.path;
        let refused = |why: String| match location.chosen {
            Chosen::Variable => {
                let why = format!("{}: {why}", input::shown(path));
                Error::invalid_input("SHOPWIRE_CONFIG", why)
            }
            _ => Error::invalid_input(input::shown(path), why),
        };
        let mut opened = match fs::File::open(path) {
            Ok(opened) => opened,
            Err(error)
                if location.chosen == Chosen::User
                    && matches!(
                        error.kind(),
                        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                    ) =>
            {
                return Ok(None);
            }
            Err(error) => return Err(refused(error.to_string())),
        };
        let content = read(&mut opened)
            .and_then(|text| parse(&text))
            .map_err(refused)?;
        guard::check(path, &opened, holds(&content.values)).map_err(refused)?;
        Ok(Some(Self {
            path: path.clone(),
            values: content.values,
            profiles: content.profiles,
        }))
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn profiles(&self) -> &[String] {
        &self.profiles
    }

    /// The setting of a profile, or that outside of profiles. An empty text counts as absent.
    pub(super) fn value(&self, setting: &Setting, profile: Option<&str>) -> Option<&Value> {
        let mut values = self.values.iter();
        values.find(|value| {
            value.setting == setting
                && value.profile.as_deref() == profile
                && value.given != Given::Text(String::new())
        })
    }
}

/// The kinds of content that others must not read or change.
fn holds(values: &[Value]) -> Holds {
    let has = |is: fn(&Value) -> bool| values.iter().any(is);
    Holds {
        secrets: has(|value| value.setting.is_secret() && matches!(value.given, Given::Text(_))),
        commands: has(|value| matches!(value.given, Given::Command(_))),
        addresses: has(|value| value.setting.role == Role::Address),
    }
}

fn read(file: &mut fs::File) -> Result<String, String> {
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| error.to_string())?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err("it is longer than 1 MiB: no settings file".to_owned());
    }
    input::text(&bytes).map(str::to_owned)
}
