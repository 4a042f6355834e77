//! The writer thread: it owns the connection that writes, and all transactions.

use std::{
    io,
    sync::Arc,
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use super::{batch, log::Log, open::Opened, queue::Queue, session::Session};
use crate::engine::gather::Gather;

/// Starts the writer on an opened store.
pub(super) fn start(opened: Opened, queue: Arc<Queue>) -> io::Result<JoinHandle<()>> {
    thread::Builder::new()
        .name("durable-writer".to_owned())
        .spawn(move || {
            // Whatever ends the thread, nobody waits for it in vain.
            let closing = Closing(&queue);
            write(opened, &queue);
            drop(closing);
        })
}

struct Closing<'a>(&'a Queue);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.abandon();
    }
}

fn write(opened: Opened, queue: &Queue) {
    let Opened {
        session,
        again,
        log,
    } = opened;
    let mut connected = Some(session);
    let mut gather = Gather::default();
    while let Some(jobs) = queue.take(&mut gather) {
        // After a failed sync the store is opened anew with the next jobs, until it can be.
        let session = match connected.take().map_or_else(|| again.connect(), Ok) {
            Ok(session) => connected.insert(session),
            Err(error) => {
                jobs.into_iter().for_each(|job| job.fail(error.clone()));
                continue;
            }
        };
        session.reach("sqlite.taken");
        let number = jobs.len();
        let start = now();
        let mut in_flight = None;
        let end = batch::run(session, jobs, &mut || {
            // Callers come back with the answers, and would be counted twice.
            in_flight.get_or_insert(number + queue.len());
        });
        if let Some(in_flight) = in_flight {
            gather.note(in_flight, start.elapsed());
        }
        match end {
            batch::End::Answered => checkpoint(session, &log),
            // The failed sync may have lost pages that a later sync would not report.
            batch::End::Broken => connected = None,
        }
    }
}

/// Copies the log into the file when it has grown, after the answers: its syncs make no sender wait for its own event.
fn checkpoint(session: &Session, log: &Log) {
    // What was erased leaves the log too. A reader can hold that back; then it is tried again after the next commit.
    if session.log_is_stale.get() && session.empty_log(Duration::ZERO) {
        log.copied(0, 0, session.scale.now());
        return;
    }
    if !log.is_long() {
        return;
    }
    session.reach("sqlite.checkpoint");
    // A reader can hold it back. Then it is tried again after the next commit.
    let outcome: rusqlite::Result<(i64, i64)> = session
        .connection
        .prepare_cached("pragma wal_checkpoint(passive)")
        .and_then(|mut statement| statement.query_row([], |row| Ok((row.get(1)?, row.get(2)?))));
    if let Ok((all, copied)) = outcome {
        log.copied(all, copied, session.scale.now());
    }
}

// Measures real syncs, whatever the clock of the store says.
#[allow(clippy::disallowed_methods)]
fn now() -> Instant {
    Instant::now()
}
