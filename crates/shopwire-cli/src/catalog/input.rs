//! The feed or table that is read: a file or standard input, once or several times.

use std::{
    fs::File,
    io::{self, Read, Seek as _, SeekFrom},
};

use encoding_rs::Encoding;

use super::feed::{self, Format};
use crate::{args::Source, failure::Failure};

/// How often an input is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Readings {
    Once,
    Several,
}

/// An input.
pub(super) struct Input {
    /// Its name in reports.
    pub(super) name: String,
    content: Content,
}

enum Content {
    /// A file that can be read again: what it was named by, or a copy of standard input without a name.
    File(File),
    /// Standard input or a pipe.
    Stream(Box<dyn Read>),
}

impl Input {
    /// Opens an input. A stream that is read several times is copied to a temporary file.
    pub(super) fn open(source: &Source, readings: Readings) -> Result<Self, Failure> {
        let name = match source {
            Source::Stdin => "standard input".to_owned(),
            Source::File(_) => source.to_string(),
        };
        let failed = |error: io::Error| Failure::new(format_args!("{name}: {error}"));
        let stream: Box<dyn Read> = match source {
            Source::Stdin => Box::new(io::stdin()),
            Source::File(path) => {
                let file = File::open(path).map_err(failed)?;
                if file.metadata().map_err(failed)?.is_file() {
                    return Ok(Self {
                        name,
                        content: Content::File(file),
                    });
                }
                Box::new(file)
            }
        };
        let content = match readings {
            Readings::Once => Content::Stream(stream),
            Readings::Several => Content::File(copied(stream).map_err(failed)?),
        };
        Ok(Self { name, content })
    }

    /// Reads from the beginning; a stream, from where it is.
    pub(super) fn reader(&mut self) -> io::Result<&mut dyn Read> {
        match &mut self.content {
            Content::File(file) => {
                file.seek(SeekFrom::Start(0))?;
                Ok(file)
            }
            Content::Stream(stream) => Ok(stream),
        }
    }

    /// The format that the user gave, or the format that the feed looks like. A stream is copied for that.
    pub(super) fn format(
        &mut self,
        given: Option<Format>,
        encoding: Option<&'static Encoding>,
    ) -> io::Result<Format> {
        if let Some(format) = given {
            return Ok(format);
        }
        if let Content::Stream(stream) = &mut self.content {
            self.content = Content::File(copied(stream)?);
        }
        feed::read::guess(self.reader()?, encoding)
    }

    /// A failure of this input.
    pub(super) fn failed(&self, error: &io::Error) -> Failure {
        Failure::new(format_args!("{}: {error}", self.name))
    }
}

fn copied(mut stream: impl Read) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    io::copy(&mut stream, &mut file)?;
    Ok(file)
}
