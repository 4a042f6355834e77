//! `--record`, `--replay`, and `shopwire har`.

use std::{io, path::Path};

use common_api::cassette::{self, Player, Recorder};
use common_transport::Error;
use shopwire::Config;

use super::mask;
use crate::{
    args::{Call, Har},
    failure::Failure,
    input, output,
};

/// The recording that a call is written to, or answered from.
pub(super) enum Cassette {
    None,
    Record(Recorder),
    Replay(Player),
}

impl Cassette {
    /// Opens the file before anything is sent.
    ///
    /// # Errors
    /// [`Error::is_invalid_input`] names the option and the file.
    pub(super) fn of(call: &Call, params: &str) -> Result<Self, Error> {
        if let Some(path) = &call.record {
            let recorder = Recorder::open(path).map_err(|error| refused("record", path, &error))?;
            for secret in mask::secrets(params) {
                recorder.hide(secret);
            }
            return Ok(Self::Record(recorder));
        }
        if let Some(path) = &call.replay {
            let recording = cassette::Cassette::read(path);
            let recording = recording.map_err(|error| refused("replay", path, &error))?;
            return Ok(Self::Replay(recording.player()));
        }
        Ok(Self::None)
    }

    /// Puts it into the stack of the clients.
    pub(super) fn insert(&self, config: Config) -> Config {
        match self {
            Self::None => config,
            Self::Record(recorder) => config.client(|client| client.layer(recorder.clone())),
            Self::Replay(player) => config.client(|client| client.service(player.clone())),
        }
    }

    /// Warns if an exchange was not written: the call itself was made.
    pub(super) fn finish(&self) {
        if let Self::Record(recorder) = self
            && let Err(error) = recorder.finish()
        {
            output::warning(&format!("the exchange was not recorded: {error}"));
        }
    }
}

fn refused(option: &str, path: &Path, error: &io::Error) -> Error {
    Error::invalid_input(option, format!("{}: {error}", input::shown(path)))
}

/// Prints a recording as an HTTP Archive.
pub(crate) fn har(har: &Har) -> Result<(), Failure> {
    let path = &har.recording;
    let recording = cassette::Cassette::read(path)
        .map_err(|error| Failure::new(format_args!("{}: {error}", input::shown(path))))?;
    output::json_line(&recording.to_har())
}
