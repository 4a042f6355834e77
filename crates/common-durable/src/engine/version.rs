//! Versions of the schema, and who may work with which.

use crate::{Error, ErrorKind};

/// The version that this crate writes.
pub(crate) const VERSION: i64 = 1;

/// The oldest version of this crate that can work with a store of [`VERSION`]. A change that older workers can live
/// with leaves it, so that workers can be renewed one after another.
pub(crate) const MIN_READER: i64 = 1;

/// Whether a store that was found must be migrated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fit {
    /// It can be used as it is.
    Use,
    /// It is older and is migrated from this version.
    MigrateFrom(i64),
}

/// Decides about a store by its version and the oldest reader that it names.
pub(crate) fn fit(version: i64, min_reader: i64) -> Result<Fit, Error> {
    if min_reader > VERSION {
        return Err(Error::new(
            ErrorKind::Newer,
            format!(
                "the store has version {version} and needs a program of version {min_reader} or later; this one has \
                 {VERSION}"
            ),
        ));
    }
    Ok(if version < VERSION {
        Fit::MigrateFrom(version)
    } else {
        Fit::Use
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d19_the_oldest_reader_decides() {
        assert_eq!(fit(VERSION, MIN_READER).unwrap(), Fit::Use);
        assert_eq!(fit(VERSION + 1, VERSION).unwrap(), Fit::Use);
        assert_eq!(fit(0, 0).unwrap(), Fit::MigrateFrom(0));
        let error = fit(VERSION + 2, VERSION + 1).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Newer);
    }
}
