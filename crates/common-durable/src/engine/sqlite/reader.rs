//! The reader thread: looks neither wait for commits nor hold them back.

use std::{
    io,
    path::Path,
    sync::{
        Mutex, MutexGuard, PoisonError,
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags};
use tokio::sync::oneshot;

use super::{failure, look, place::Place};
use crate::{Error, ErrorKind, Look, Page};

/// Number of looks that may wait.
const WAITING: usize = 64;

type Ask = (Look, oneshot::Sender<Result<Page, Error>>);

/// The sending side of the reader. The thread ends when it is dropped.
pub(super) struct Reader {
    /// `None` after the end.
    asks: Mutex<Option<SyncSender<Ask>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Reader {
    /// Starts the reader of a file that the writer has opened.
    pub(super) fn start(place: Place, patience: Duration) -> Result<Self, Error> {
        let connection = connect(&place.path, patience)
            .map_err(|error| failure::of(&place.path.display().to_string(), &error))?;
        let (asks, asked) = sync_channel(WAITING);
        let thread = spawn(place, connection, asked).map_err(|error| {
            Error::new(
                ErrorKind::Unavailable,
                format!("the reader's thread cannot be started: {}", error.kind()),
            )
        })?;
        Ok(Self {
            asks: Mutex::new(Some(asks)),
            thread: Mutex::new(Some(thread)),
        })
    }

    /// Hands a look to the reader.
    pub(super) fn ask(&self, look: Look, answer: oneshot::Sender<Result<Page, Error>>) {
        let asks = lock(&self.asks).clone();
        let Some(asks) = asks else {
            drop(answer.send(Err(stopped())));
            return;
        };
        let (refused, error) = match asks.try_send((look, answer)) {
            Ok(()) => return,
            Err(TrySendError::Full(refused)) => (
                refused,
                Error::new(ErrorKind::Busy, "too many looks wait for the reader"),
            ),
            Err(TrySendError::Disconnected(refused)) => (refused, stopped()),
        };
        drop(refused.1.send(Err(error)));
    }

    /// Takes no more looks, and returns the thread that is still answering the last ones.
    pub(super) fn stop(&self) -> Option<JoinHandle<()>> {
        lock(&self.asks).take();
        lock(&self.thread).take()
    }
}

fn lock<T>(value: &Mutex<T>) -> MutexGuard<'_, T> {
    value.lock().unwrap_or_else(PoisonError::into_inner)
}

fn stopped() -> Error {
    Error::new(ErrorKind::Unavailable, "the store is closed")
}

fn spawn(place: Place, connection: Connection, asked: Receiver<Ask>) -> io::Result<JoinHandle<()>> {
    thread::Builder::new()
        .name("durable-reader".to_owned())
        .spawn(move || serve(&place, &connection, &asked))
}

fn serve(place: &Place, connection: &Connection, asked: &Receiver<Ask>) {
    for (look, answer) in asked {
        drop(answer.send(look::answer(connection, &look, Some(place))));
    }
}

fn connect(path: &Path, patience: Duration) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(patience)?;
    connection.execute_batch("pragma query_only = on; pragma cache_size = -2048")?;
    Ok(connection)
}
