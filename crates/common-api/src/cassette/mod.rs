//! Recordings of exchanges with a service, and their playback without it.
//!
//! [`Recorder`] is a layer around each attempt. It appends one line of JSON for each exchange, with every known secret
//! masked: those of the client, and those under a name that says so, such as `Authorization` or a member `token` of an
//! answer. [`Player`] stands in place of the network and gives the recorded answers.
//!
//! ```
//! use common_api::cassette::{Cassette, Recorder};
//! use common_transport::{BoxError, Client, Idempotency, Metadata};
//! use http::{Method, Request, Response};
//!
//! static PING: Metadata = Metadata::new("demo", "ping", Method::GET, "/ping", Idempotency::Idempotent);
//! fn ping() -> Request<bytes::Bytes> {
//!     Request::get("/ping?n=1").body(bytes::Bytes::new()).expect("a constant")
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), BoxError> {
//! # let folder = std::env::temp_dir().join(format!("cassette-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! # let network = tower::service_fn(async |_: Request<bytes::Bytes>| {
//! #     Ok::<_, BoxError>(Response::new(bytes::Bytes::from_static(b"pong")))
//! # });
//! let file = folder.join("ping.jsonl");
//! let recorder = Recorder::open(&file)?;
//! let client = Client::builder("https://demo.example".parse()?)
//!     .layer(recorder.clone())
//! #   .service(network)
//!     .build()?;
//! client.execute(&PING, ping()).await?;
//! recorder.finish()?;
//!
//! let player = Cassette::read(&file)?.player();
//! let client = Client::builder("https://demo.example".parse()?).service(player).build()?;
//! assert_eq!(client.execute(&PING, ping()).await?.body(), "pong");
//!
//! // It was recorded once.
//! let error = client.execute(&PING, ping()).await.unwrap_err();
//! assert!(error.to_string().contains("recorded once"), "{error}");
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok(())
//! # }
//! ```

mod exchange;
mod file;
mod har;
mod key;
mod learned;
mod nearest;
mod player;
mod recorder;
#[cfg(test)]
mod tests;

use std::{fmt, fs, io, path::Path, str::FromStr};

pub use exchange::{Exchange, Outcome};
pub use player::{Player, PlayerFuture};
pub use recorder::{Recorded, Recorder};

use crate::masked::is_secret_parameter;

/// Recorded exchanges, in their order.
#[derive(Debug, Clone)]
pub struct Cassette {
    exchanges: Vec<Exchange>,
}

impl Cassette {
    /// Reads a recording. An incomplete last line, as a crash leaves it, is left out.
    ///
    /// # Errors
    /// The file cannot be read, or [`InvalidCassette`] (as [`io::ErrorKind::InvalidData`]).
    pub fn read(path: impl AsRef<Path>) -> io::Result<Self> {
        let mut bytes = fs::read(path)?;
        // The crash may have cut a letter.
        let whole = bytes.iter().rposition(|byte| *byte == b'\n');
        let whole = whole.map_or(0, |at| at + 1);
        if Exchange::from_bytes(&bytes[whole..]).is_none() && file::is_torn(&bytes[whole..]) {
            bytes.truncate(whole);
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let before = valid.iter().filter(|byte| **byte == b'\n').count();
            InvalidCassette { line: before + 1 }
        });
        text.and_then(|text| text.parse())
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
    }

    /// Returns the number of exchanges.
    pub fn len(&self) -> usize {
        self.exchanges.len()
    }

    /// Returns whether nothing was recorded.
    pub fn is_empty(&self) -> bool {
        self.exchanges.is_empty()
    }

    /// Returns the exchanges, in the order in which their answers came.
    pub fn exchanges(&self) -> &[Exchange] {
        &self.exchanges
    }

    /// Returns a service that gives the recorded answers.
    pub fn player(self) -> Player {
        Player::new(self.exchanges)
    }

    /// Writes the recording as an HTTP Archive, version 1.2, for browsers and other tools.
    pub fn to_har(&self) -> String {
        har::write(&self.exchanges)
    }
}

impl FromStr for Cassette {
    type Err = InvalidCassette;

    fn from_str(text: &str) -> Result<Self, InvalidCassette> {
        let mut exchanges = Vec::new();
        for (index, line) in text.split_inclusive('\n').enumerate() {
            match Exchange::from_line(line) {
                Some(exchange) => exchanges.push(exchange),
                None if line.trim().is_empty() || file::is_torn(line.as_bytes()) => {}
                None => return Err(InvalidCassette { line: index + 1 }),
            }
        }
        Ok(Self { exchanges })
    }
}

/// Whether recordings leave out the values of parameters with this name: keys, signatures, logins and their like.
///
/// ```
/// use common_api::cassette::hides;
///
/// assert!(hides("apiKey") && hides("_sign") && !hides("page"));
/// ```
pub fn hides(parameter: &str) -> bool {
    is_secret_parameter(parameter)
}

/// A line of a file that is no recorded exchange. The text of the line is not shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidCassette {
    line: usize,
}

impl fmt::Display for InvalidCassette {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} is no recorded exchange", self.line)
    }
}

impl std::error::Error for InvalidCassette {}
