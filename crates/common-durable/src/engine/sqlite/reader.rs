//! The reader thread: looks neither wait for commits nor hold them back.

use std::{
    io,
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    thread,
    time::Duration,
};

use rusqlite::{Connection, OpenFlags};
use tokio::sync::oneshot;

use super::{failure, look};
use crate::{Error, ErrorKind, Look, Page};

/// Number of looks that may wait.
const WAITING: usize = 64;

type Ask = (Look, oneshot::Sender<Result<Page, Error>>);

/// The sending side of the reader. The thread ends when it is dropped.
#[derive(Debug)]
pub(super) struct Reader {
    asks: SyncSender<Ask>,
}

impl Reader {
    /// Starts the reader of a file that the writer has opened.
    pub(super) fn start(path: PathBuf, patience: Duration) -> Result<Self, Error> {
        let connection = connect(&path, patience)
            .map_err(|error| failure::of(&path.display().to_string(), &error))?;
        let (asks, asked) = sync_channel(WAITING);
        spawn(path, connection, asked).map_err(|error| {
            Error::new(
                ErrorKind::Unavailable,
                format!("the reader's thread cannot be started: {}", error.kind()),
            )
        })?;
        Ok(Self { asks })
    }

    /// Hands a look to the reader.
    pub(super) fn ask(&self, look: Look, answer: oneshot::Sender<Result<Page, Error>>) {
        let (refused, error) = match self.asks.try_send((look, answer)) {
            Ok(()) => return,
            Err(TrySendError::Full(refused)) => (
                refused,
                Error::new(ErrorKind::Busy, "too many looks wait for the reader"),
            ),
            Err(TrySendError::Disconnected(refused)) => (
                refused,
                Error::new(ErrorKind::Unavailable, "the reader has stopped"),
            ),
        };
        drop(refused.1.send(Err(error)));
    }
}

fn spawn(path: PathBuf, connection: Connection, asked: Receiver<Ask>) -> io::Result<()> {
    thread::Builder::new()
        .name("durable-reader".to_owned())
        .spawn(move || serve(&path, &connection, &asked))
        .map(drop)
}

fn serve(path: &Path, connection: &Connection, asked: &Receiver<Ask>) {
    for (look, answer) in asked {
        drop(answer.send(look::answer(connection, &look, Some(path))));
    }
}

fn connect(path: &Path, patience: Duration) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(patience)?;
    connection.execute_batch("pragma query_only = on; pragma cache_size = -2048")?;
    Ok(connection)
}
