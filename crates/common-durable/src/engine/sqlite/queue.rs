//! The bounded queue between callers and the writer thread.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::oneshot;

use super::session::Session;
use crate::{Claim, Claimed, Commit, Done, Error, ErrorKind, engine::gather::Gather};

/// Maximum number of jobs that share one sync.
const MOST_JOBS: usize = 512;

/// Size of values from which a batch is not enlarged.
const MOST_BYTES: usize = 8 << 20;

/// Work for the writer.
pub(super) enum Job {
    Commit {
        commit: Commit,
        answer: oneshot::Sender<Result<Vec<Done>, Error>>,
    },
    Claim {
        claim: Claim,
        answer: oneshot::Sender<Result<Vec<Claimed>, Error>>,
    },
    Call(Box<dyn Call>),
    /// Copies the log into the file and empties it.
    EmptyLog(oneshot::Sender<Result<bool, Error>>),
    #[cfg(feature = "conformance")]
    Tamper {
        sql: &'static str,
        answer: oneshot::Sender<Result<(), Error>>,
    },
}

/// A closure of the caller's, with its answer.
pub(super) trait Call: Send {
    /// Runs the closure in the open transaction. An error rolls it back.
    fn run(&mut self, session: &mut Session) -> Result<(), Error>;
    /// Tells the caller how it ended.
    fn answer(self: Box<Self>, outcome: Result<(), Error>);
}

impl Job {
    fn weight(&self) -> usize {
        match self {
            Self::Commit { commit, .. } => commit.weight(),
            _ => 256,
        }
    }

    /// Whether the work is lost work at worst if a power cut forgets it.
    pub(super) fn needs_no_sync(&self) -> bool {
        matches!(self, Self::Claim { .. })
    }

    pub(super) fn fail(self, error: Error) {
        // A caller that went away has no use for the answer.
        match self {
            Self::Commit { answer, .. } => drop(answer.send(Err(error))),
            Self::Claim { answer, .. } => drop(answer.send(Err(error))),
            Self::Call(call) => call.answer(Err(error)),
            Self::EmptyLog(answer) => drop(answer.send(Err(error))),
            #[cfg(feature = "conformance")]
            Self::Tamper { answer, .. } => drop(answer.send(Err(error))),
        }
    }
}

/// The queue.
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    changed: Condvar,
    most: usize,
    most_bytes: usize,
}

#[derive(Default)]
struct Waiting {
    jobs: VecDeque<Job>,
    bytes: usize,
    is_closed: bool,
    is_paused: bool,
}

impl Queue {
    pub(super) fn new(most: usize, most_bytes: usize) -> Self {
        Self {
            waiting: Mutex::default(),
            changed: Condvar::new(),
            most,
            most_bytes,
        }
    }

    /// Hands a job to the writer. A full or closed queue refuses it at once.
    pub(super) fn push(&self, job: Job) -> Result<(), (Job, Error)> {
        let weight = job.weight();
        let mut waiting = self.lock();
        if waiting.is_closed {
            let error = Error::new(ErrorKind::Unavailable, "the store is closed");
            return Err((job, error));
        }
        // A job above the limit of bytes is taken while nothing waits: its own limits let it pass.
        let is_full = waiting.jobs.len() >= self.most
            || (!waiting.jobs.is_empty() && waiting.bytes + weight > self.most_bytes);
        if is_full {
            let error = Error::new(
                ErrorKind::Busy,
                format!(
                    "the queue is full: {} jobs wait for the writer",
                    waiting.jobs.len()
                ),
            );
            return Err((job, error));
        }
        waiting.bytes += weight;
        waiting.jobs.push_back(job);
        drop(waiting);
        self.changed.notify_one();
        Ok(())
    }

    /// Waits for jobs and takes those that share the next sync. `None` means that the queue is closed and empty.
    pub(super) fn take(&self, gather: &mut Gather) -> Option<Vec<Job>> {
        let mut waiting = self.lock();
        while waiting.is_paused || waiting.jobs.is_empty() {
            if waiting.is_closed && waiting.jobs.is_empty() {
                return None;
            }
            waiting = self
                .changed
                .wait(waiting)
                .unwrap_or_else(PoisonError::into_inner);
        }
        if let Some(patience) = gather.wait(waiting.jobs.len()) {
            waiting = self.gathered(waiting, gather, patience);
        }
        Some(portion(&mut waiting))
    }

    fn gathered<'a>(
        &self,
        waiting: MutexGuard<'a, Waiting>,
        gather: &mut Gather,
        patience: Duration,
    ) -> MutexGuard<'a, Waiting> {
        let before = waiting.jobs.len();
        let is_short =
            |waiting: &mut Waiting| gather.is_short(waiting.jobs.len()) && !waiting.is_closed;
        let (waiting, _) = self
            .changed
            .wait_timeout_while(waiting, patience, is_short)
            .unwrap_or_else(PoisonError::into_inner);
        gather.gathered(before, waiting.jobs.len());
        waiting
    }

    /// Takes no more jobs. Those that wait are still carried out.
    pub(super) fn close(&self) {
        self.lock().is_closed = true;
        self.changed.notify_all();
    }

    /// Takes no more jobs and fails those that wait, because there is no writer any more.
    pub(super) fn abandon(&self) {
        let error = Error::new(ErrorKind::Unavailable, "the writer has stopped");
        let jobs = {
            let mut waiting = self.lock();
            waiting.is_closed = true;
            waiting.bytes = 0;
            std::mem::take(&mut waiting.jobs)
        };
        jobs.into_iter().for_each(|job| job.fail(error.clone()));
    }

    /// Holds the writer back, so that tests can fill the queue.
    #[cfg(any(test, feature = "conformance"))]
    pub(super) fn pause(&self, is_paused: bool) {
        self.lock().is_paused = is_paused;
        self.changed.notify_all();
    }

    /// Number of jobs that wait.
    pub(super) fn len(&self) -> usize {
        self.lock().jobs.len()
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn portion(waiting: &mut Waiting) -> Vec<Job> {
    let mut taken = Vec::new();
    let mut bytes = 0;
    while taken.len() < MOST_JOBS && bytes < MOST_BYTES {
        let Some(job) = waiting.jobs.pop_front() else {
            break;
        };
        bytes += job.weight();
        taken.push(job);
    }
    waiting.bytes = waiting.bytes.saturating_sub(bytes);
    taken
}
