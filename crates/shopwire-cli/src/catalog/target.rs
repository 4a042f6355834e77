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
    Device(BufWriter<File>, PathBuf),
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
                Ok(Self::Device(BufWriter::with_capacity(CHUNK, file), path))
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
        let place = self.place();
        let done = match self {
            Self::Stdout(mut out) => out.flush(),
            Self::Device(mut out, _) => out.flush(),
            Self::Beside(out, path) => Self::replace(out, &path, stop),
        };
        done.map_err(|error| named(&place, error))
    }

    fn replace(out: BufWriter<NamedTempFile>, path: &Path, stop: &Stop) -> io::Result<()> {
        let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        // From here on the file is complete.
        stop.beside(None);
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    }

    fn place(&self) -> String {
        match self {
            Self::Stdout(_) => "standard output".to_owned(),
            Self::Beside(_, path) | Self::Device(_, path) => path.display().to_string(),
        }
    }
}

/// An error of writing, which is not taken for one of the source. A reader that has gone is no error.
fn named(place: &str, error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::BrokenPipe | io::ErrorKind::Interrupted => error,
        kind => io::Error::new(kind, format!("{place} cannot be written: {error}")),
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
        let written = match self {
            Self::Stdout(out) => out.write(bytes),
            Self::Device(out, _) => out.write(bytes),
            Self::Beside(out, _) => out.write(bytes),
        };
        written.map_err(|error| named(&self.place(), error))
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = match self {
            Self::Stdout(out) => out.flush(),
            Self::Device(out, _) => out.flush(),
            Self::Beside(out, _) => out.flush(),
        };
        flushed.map_err(|error| named(&self.place(), error))
    }
}
