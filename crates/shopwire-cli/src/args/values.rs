//! Values that several commands take.

use std::{ffi::OsString, path::PathBuf};

use clap::ValueEnum;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Service {
    Nicechat,
    Uvygoda,
    Retailcrm,
}

impl Service {
    pub(crate) const ALL: [Self; 3] = [Self::Nicechat, Self::Uvygoda, Self::Retailcrm];
}

/// A file, or standard input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    Stdin,
    File(PathBuf),
}

impl From<OsString> for Source {
    fn from(text: OsString) -> Self {
        // `@file` as in curl; a file whose name begins with `@` is `./@file`.
        match text.to_str() {
            Some("-") => Self::Stdin,
            Some(name) if name.len() > 1 && name.starts_with('@') => Self::File(name[1..].into()),
            _ => Self::File(text.into()),
        }
    }
}
