//! Reading files and standard input.

use std::{fs, io::Read as _, path::Path};

use crate::{args::Source, failure::Failure};

impl Source {
    /// All of it.
    pub(crate) fn read(&self) -> Result<Vec<u8>, Failure> {
        match self {
            Self::File(path) => read_file(path),
            Self::Stdin => {
                let mut bytes = Vec::new();
                std::io::stdin()
                    .read_to_end(&mut bytes)
                    .map_err(|error| Failure::new(format_args!("standard input: {error}")))?;
                Ok(bytes)
            }
        }
    }
}

/// All of a file; the error names it.
pub(crate) fn read_file(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| Failure::new(format_args!("{}: {error}", path.display())))
}
