//! Settings that libpq knows and `tokio_postgres` does not: certificates, the strict modes of TLS, files of passwords,
//! and the variables of the environment.

mod address;
mod passfile;
mod private;

use std::{ffi::OsString, path::PathBuf};

use tokio_postgres::{Config, config::SslMode};

pub(super) use self::{address::split, private::check as check_private};
use crate::{Error, ErrorKind};

/// A setting that stands beside `tokio_postgres`'s own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Setting {
    Mode,
    Root,
    Certificate,
    Key,
    PasswordFile,
}

impl Setting {
    const ALL: [Self; 5] = [
        Self::Mode,
        Self::Root,
        Self::Certificate,
        Self::Key,
        Self::PasswordFile,
    ];

    /// Its name in an address.
    const fn parameter(self) -> &'static str {
        match self {
            Self::Mode => "sslmode",
            Self::Root => "sslrootcert",
            Self::Certificate => "sslcert",
            Self::Key => "sslkey",
            Self::PasswordFile => "passfile",
        }
    }

    /// Its name in the environment.
    const fn variable(self) -> &'static str {
        match self {
            Self::Mode => "PGSSLMODE",
            Self::Root => "PGSSLROOTCERT",
            Self::Certificate => "PGSSLCERT",
            Self::Key => "PGSSLKEY",
            Self::PasswordFile => "PGPASSFILE",
        }
    }

    fn of_parameter(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|setting| setting.parameter() == name)
    }
}

/// A path, and the setting that names it.
#[derive(Debug, Clone)]
pub(super) struct NamedPath {
    pub(super) name: &'static str,
    pub(super) path: PathBuf,
}

impl NamedPath {
    /// An error about the file. It shows the path, never what is in the file.
    pub(super) fn error(&self, why: impl std::fmt::Display) -> Error {
        let Self { name, path } = self;
        Error::new(
            ErrorKind::InvalidInput,
            format!("{name}: {}: {why}", path.display()),
        )
    }

    /// An error of the system about the file.
    pub(super) fn of_system(&self, error: &std::io::Error) -> Error {
        match error.kind() {
            std::io::ErrorKind::NotFound => self.error("there is no such file"),
            kind => self.error(kind),
        }
    }
}

/// The settings that were given.
#[derive(Debug, Clone, Default)]
pub(super) struct Given {
    mode: Option<SslMode>,
    /// The file with the certificates that are trusted instead of the platform's.
    pub(super) root: Option<NamedPath>,
    pub(super) certificate: Option<NamedPath>,
    pub(super) key: Option<NamedPath>,
    password_file: Option<NamedPath>,
}

impl Given {
    /// Sets what is not set yet.
    fn set(&mut self, setting: Setting, name: &'static str, value: OsString) -> Result<(), Error> {
        if value.is_empty() {
            return Ok(());
        }
        let path = |value: OsString| NamedPath {
            name,
            path: value.into(),
        };
        match setting {
            Setting::Mode => {
                let mode = mode(name, &value)?;
                self.mode.get_or_insert(mode);
            }
            Setting::Root => drop(self.root.get_or_insert_with(|| path(value))),
            Setting::Certificate => drop(self.certificate.get_or_insert_with(|| path(value))),
            Setting::Key => drop(self.key.get_or_insert_with(|| path(value))),
            Setting::PasswordFile => drop(self.password_file.get_or_insert_with(|| path(value))),
        }
        Ok(())
    }

    /// Takes what is not set yet, and the password, from the variables of libpq.
    pub(super) fn fill(
        &mut self,
        config: &mut Config,
        variable: &dyn Fn(&str) -> Option<OsString>,
    ) -> Result<(), Error> {
        let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
        for setting in Setting::ALL {
            if let Some(value) = variable(setting.variable()) {
                self.set(setting, setting.variable(), value)?;
            }
        }
        if config.get_password().is_some() {
            return Ok(());
        }
        if let Some(password) = variable("PGPASSWORD") {
            let password = password
                .into_string()
                .map_err(|_| Error::new(ErrorKind::InvalidInput, "PGPASSWORD: it is not UTF-8"))?;
            config.password(password);
        } else if self.password_file.is_none() {
            self.password_file = passfile::of_the_user(&variable);
        }
        Ok(())
    }

    /// Looks the password up unless it is set.
    pub(super) fn find_password(&self, config: &mut Config) -> Result<(), Error> {
        let Some(file) = self.password_file.as_ref() else {
            return Ok(());
        };
        if config.get_password().is_none()
            && let Some(password) = passfile::find(file, config)?
        {
            config.password(password);
        }
        Ok(())
    }

    /// The mode of TLS. "Allow" and "prefer" would send everything in plain text if somebody on the way says that there
    /// is no TLS: they mean plain text on this machine and TLS to any other.
    pub(super) fn mode(&self, is_local: bool) -> SslMode {
        match self.mode {
            Some(SslMode::Prefer) | None if is_local && self.root.is_none() => SslMode::Disable,
            Some(SslMode::Disable) => SslMode::Disable,
            _ => SslMode::Require,
        }
    }
}

fn mode(name: &str, value: &std::ffi::OsStr) -> Result<SslMode, Error> {
    match value.to_str() {
        Some("disable") => Ok(SslMode::Disable),
        Some("allow" | "prefer") => Ok(SslMode::Prefer),
        // The certificate and its name are checked in any case.
        Some("require" | "verify-ca" | "verify-full") => Ok(SslMode::Require),
        _ => Err(Error::new(
            ErrorKind::InvalidInput,
            format!("{name}: it is disable, allow, prefer, require, verify-ca or verify-full"),
        )),
    }
}
