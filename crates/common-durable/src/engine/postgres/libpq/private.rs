//! Files with secrets: they are the user's alone, as libpq demands.

use std::fs::File;

use super::NamedPath;
use crate::Error;

/// Refuses a file that others can read.
#[cfg(unix)]
pub(in super::super) fn check(named: &NamedPath, file: &File) -> Result<(), Error> {
    use std::os::unix::fs::MetadataExt as _;

    let metadata = file.metadata().map_err(|error| named.of_system(&error))?;
    // A key of the system may belong to the administrator and be readable by a group.
    let forbidden = match metadata.uid() {
        0 => 0o027,
        _ => 0o077,
    };
    match metadata.mode() & forbidden {
        0 => Ok(()),
        _ => Err(named.error("it holds a secret, and others can read it: chmod 600")),
    }
}

/// On other systems only the user has access to the user's folder by default.
#[cfg(not(unix))]
pub(in super::super) fn check(_: &NamedPath, _: &File) -> Result<(), Error> {
    Ok(())
}
