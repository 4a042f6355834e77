//! Where a feed is written: standard output, or a file that is replaced when all is written.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Stdout, Write},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use super::stop::Stop;
use crate::failure::Failure;

/// Bytes that are written at once.
const CHUNK: usize = 64 * 1024;

/// The output of a command.
pub(super) enum Target {
    Stdout(BufWriter<Stdout>),
    /// A file beside the named file, which takes its place in the end.
    Beside(BufWriter<NamedTempFile>, PathBuf),
    /// A device or a pipe.
    Device(BufWriter<File>),
}

impl Target {
    /// Opens the output: standard output without a path.
    pub(super) fn open(path: Option<&Path>, stop: &Stop) -> Result<Self, Failure> {
        let Some(path) = path.filter(|path| *path != Path::new("-")) else {
            return Ok(Self::Stdout(BufWriter::with_capacity(CHUNK, io::stdout())));
        };
        let failed = |error: io::Error| Failure::new(format_args!("{}: {error}", path.display()));
        // The file that a link leads to is replaced, not the link.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        match fs::metadata(&path) {
            Ok(known) if known.is_dir() => Err(failed(io::ErrorKind::IsADirectory.into())),
            Ok(known) if !known.is_file() => {
                let file = OpenOptions::new().write(true).open(&path).map_err(failed)?;
                Ok(Self::Device(BufWriter::with_capacity(CHUNK, file)))
            }
            known => {
                let file =
                    beside(&path, known.ok().map(|known| known.permissions())).map_err(failed)?;
                stop.beside(Some(file.path()));
                Ok(Self::Beside(BufWriter::with_capacity(CHUNK, file), path))
            }
        }
    }

    /// Whether what was written can be taken back.
    pub(super) fn is_beside(&self) -> bool {
        matches!(self, Self::Beside(..))
    }

    /// Makes what was written the content of the file.
    pub(super) fn commit(self, stop: &Stop) -> io::Result<()> {
        match self {
            Self::Stdout(mut out) => out.flush(),
            Self::Device(mut out) => out.flush(),
            Self::Beside(out, path) => {
                let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.as_file().sync_all()?;
                // From here on the file is complete.
                stop.beside(None);
                file.persist(path).map_err(|error| error.error)?;
                Ok(())
            }
        }
    }
}

fn beside(path: &Path, known: Option<fs::Permissions>) -> io::Result<NamedTempFile> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let mut prefix = std::ffi::OsString::from(".");
    prefix.push(path.file_name().unwrap_or_default());
    prefix.push(".");
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // A web server reads the file: it gets the permissions of the one before, or those of any new file.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let file = builder.tempfile_in(folder)?;
    if let Some(known) = known {
        file.as_file().set_permissions(known)?;
    }
    Ok(file)
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(out) => out.write(bytes),
            Self::Device(out) => out.write(bytes),
            Self::Beside(out, _) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(out) => out.flush(),
            Self::Device(out) => out.flush(),
            Self::Beside(out, _) => out.flush(),
        }
    }
}
