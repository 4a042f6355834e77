//! The bounded queue between callers and the writer.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::{Notify, oneshot};

use crate::{Commit, Done, Error, ErrorKind, engine::gather::Gather};

/// Maximum number of commits that share one transaction.
const MOST_JOBS: usize = 512;

/// Size of values from which a transaction is not enlarged.
const MOST_BYTES: usize = 8 << 20;

/// The step of Tokio's timer. A shorter wait is made of looks after which all other tasks had their turn.
const TICK: Duration = Duration::from_millis(1);

/// A commit with its caller.
pub(super) struct Job {
    pub(super) commit: Commit,
    answer: oneshot::Sender<Result<Vec<Done>, Error>>,
    /// It counts in the queue until it is answered.
    _place: Place,
}

impl Job {
    pub(super) fn answer(self, outcome: Result<Vec<Done>, Error>) {
        // A caller that went away has no use for the answer.
        let _ = self.answer.send(outcome);
    }
}

/// A counted place of a commit that was taken and is not answered.
pub(super) struct Place {
    queue: Arc<Queue>,
    weight: usize,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut waiting = self.queue.lock();
        waiting.number -= 1;
        waiting.bytes -= self.weight;
        let is_empty = waiting.number == 0;
        drop(waiting);
        if is_empty {
            self.queue.changed.notify_one();
            self.queue.emptied.notify_waiters();
        }
    }
}

/// The queue.
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    changed: Notify,
    emptied: Notify,
    most: usize,
    most_bytes: usize,
}

#[derive(Default)]
struct Waiting {
    jobs: VecDeque<Job>,
    number: usize,
    bytes: usize,
    is_closed: bool,
}

impl Queue {
    pub(super) fn new(most: usize, most_bytes: usize) -> Self {
        Self {
            waiting: Mutex::default(),
            changed: Notify::new(),
            emptied: Notify::new(),
            most,
            most_bytes,
        }
    }

    /// Takes a commit, or refuses it at once if the queue is full or closed.
    pub(super) fn take_in(
        self: &Arc<Self>,
        commit: Commit,
        answer: oneshot::Sender<Result<Vec<Done>, Error>>,
    ) -> Result<Job, Error> {
        let place = self.place(commit.weight())?;
        Ok(Job {
            commit,
            answer,
            _place: place,
        })
    }

    /// Counts one more piece of work of this size.
    pub(super) fn place(self: &Arc<Self>, weight: usize) -> Result<Place, Error> {
        let mut waiting = self.lock();
        if waiting.is_closed {
            return Err(Error::new(ErrorKind::Unavailable, "the store is closed"));
        }
        // A commit above the limit of bytes is taken while nothing waits: its own limits let it pass.
        let is_full = waiting.number >= self.most
            || (waiting.number > 0 && waiting.bytes + weight > self.most_bytes);
        if is_full {
            return Err(Error::new(
                ErrorKind::Busy,
                format!("the queue is full: {} commits wait", waiting.number),
            ));
        }
        waiting.number += 1;
        waiting.bytes += weight;
        Ok(Place {
            queue: Arc::clone(self),
            weight,
        })
    }

    /// Hands a commit to the writer.
    pub(super) fn push(&self, job: Job) {
        self.lock().jobs.push_back(job);
        self.changed.notify_one();
    }

    /// Gives a commit back that was taken too early.
    #[cfg(feature = "conformance")]
    pub(super) fn push_back_first(&self, job: Job) {
        self.lock().jobs.push_front(job);
        self.changed.notify_one();
    }

    /// Waits for commits and takes those that share the next transaction. `None` means that the queue is closed and
    /// empty.
    pub(super) async fn take(&self, gather: &mut Gather) -> Option<Vec<Job>> {
        loop {
            let changed = self.changed.notified();
            {
                let waiting = self.lock();
                if !waiting.jobs.is_empty() {
                    break;
                }
                // A commit that was counted and not pushed yet is on its way.
                if waiting.is_closed && waiting.number == 0 {
                    return None;
                }
            }
            changed.await;
        }
        self.gather(gather).await;
        Some(portion(&mut self.lock()))
    }

    /// Waits for more commits that share the next transaction.
    async fn gather(&self, gather: &mut Gather) {
        let before = self.lock().jobs.len();
        let Some(patience) = gather.wait(before) else {
            return;
        };
        let start = now();
        while self.is_short(gather) {
            match patience.saturating_sub(start.elapsed()) {
                Duration::ZERO => break,
                left if left < TICK => tokio::task::yield_now().await,
                left => drop(tokio::time::timeout(left, self.changed.notified()).await),
            }
        }
        gather.gathered(before, self.lock().jobs.len());
    }

    fn is_short(&self, gather: &Gather) -> bool {
        let waiting = self.lock();
        gather.is_short(waiting.jobs.len()) && !waiting.is_closed
    }

    /// Number of commits that wait for the writer.
    pub(super) fn waiting(&self) -> usize {
        self.lock().jobs.len()
    }

    /// Takes no more commits. Those that wait are still carried out.
    pub(super) fn close(&self) {
        self.lock().is_closed = true;
        self.changed.notify_one();
    }

    /// Returns the commits that wait, because there is no writer any more.
    pub(super) fn abandon(&self) -> Vec<Job> {
        self.lock().jobs.drain(..).collect()
    }

    /// Waits until all commits are answered.
    pub(super) async fn emptied(&self) {
        loop {
            let emptied = self.emptied.notified();
            tokio::pin!(emptied);
            // It hears what comes from now on, so nothing is missed between the look and the wait.
            emptied.as_mut().enable();
            if self.lock().number == 0 {
                return;
            }
            emptied.await;
        }
    }

    /// Number of commits that are not answered.
    #[cfg(any(test, feature = "conformance"))]
    pub(super) fn len(&self) -> usize {
        self.lock().number
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// Measures real syncs, whatever the clock of a test says.
#[allow(clippy::disallowed_methods)]
pub(super) fn now() -> Instant {
    Instant::now()
}

fn portion(waiting: &mut Waiting) -> Vec<Job> {
    let mut taken = Vec::new();
    let mut bytes = 0;
    while taken.len() < MOST_JOBS && bytes < MOST_BYTES {
        let Some(job) = waiting.jobs.pop_front() else {
            break;
        };
        bytes += job.commit.weight();
        taken.push(job);
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::NewEvent;

    fn take_in(queue: &Arc<Queue>, bytes: usize) -> Result<Job, Error> {
        let commit = Commit::new().append(NewEvent::new("s", vec![0; bytes]));
        queue.take_in(commit, oneshot::channel().0)
    }

    #[test]
    fn d2_a_full_queue_is_busy_at_once() {
        let queue = Arc::new(Queue::new(2, 10_000));
        let first = take_in(&queue, 1).unwrap();
        let _second = take_in(&queue, 1).unwrap();
        assert_eq!(take_in(&queue, 1).err().unwrap().kind(), ErrorKind::Busy);
        drop(first);
        assert_eq!(
            take_in(&queue, 20_000).err().unwrap().kind(),
            ErrorKind::Busy
        );
        assert_eq!(queue.len(), 1);
    }

    #[test]
    fn d2_one_large_commit_is_taken() {
        let queue = Arc::new(Queue::new(2, 10_000));
        assert!(take_in(&queue, 20_000).is_ok());
    }

    #[tokio::test]
    async fn d2_a_closed_queue_gives_what_waits() {
        let queue = Arc::new(Queue::new(2, 10_000));
        queue.push(take_in(&queue, 1).unwrap());
        queue.close();
        assert_eq!(
            take_in(&queue, 1).err().unwrap().kind(),
            ErrorKind::Unavailable
        );
        let mut gather = Gather::default();
        let jobs = queue.take(&mut gather).await.unwrap();
        drop(jobs);
        assert!(queue.take(&mut gather).await.is_none());
        queue.emptied().await;
    }

    #[tokio::test]
    async fn d2_callers_that_come_back_share_a_transaction() {
        let queue = Arc::new(Queue::new(100, 10_000));
        let mut gather = Gather::default();
        gather.note(8, Duration::from_secs(9));
        for _ in 0..8 {
            let queue = Arc::clone(&queue);
            tokio::spawn(async move { queue.push(take_in(&queue, 1).unwrap()) });
        }
        assert_eq!(queue.take(&mut gather).await.unwrap().len(), 8);
    }

    #[tokio::test]
    async fn d2_a_gather_ends_in_time() {
        let queue = Arc::new(Queue::new(100, 10_000));
        let mut gather = Gather::default();
        for commit in [2, 20] {
            gather.note(8, Duration::from_millis(commit));
            queue.push(take_in(&queue, 1).unwrap());
            assert_eq!(queue.take(&mut gather).await.unwrap().len(), 1);
        }
        queue.close();
        assert!(queue.take(&mut gather).await.is_none());
    }
}
