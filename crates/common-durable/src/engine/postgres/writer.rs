//! The writer: one task and one connection, on which appends and ends of many callers share a commit.
//!
//! A transaction holds the locks of its lanes until its sync. If every sender had its own, a key with many senders
//! would stand still at one event a sync.

use std::sync::Arc;

use super::{
    Shared,
    attempt::{Body, Failed, Outcome, carry_out},
    connect::Connection,
    queue::{self, Job, Queue},
};
use crate::{Error, ErrorKind, engine::gather::Gather};

/// Carries out shared commits until the queue is closed and empty.
pub(super) async fn write(shared: Arc<Shared>, queue: Arc<Queue>) {
    // Whatever ends the task, no caller waits in vain.
    let closing = Closing(Arc::clone(&queue));
    let mut kept = None;
    let mut gather = Gather::default();
    loop {
        #[cfg(feature = "conformance")]
        shared.test.released().await;
        let Some(jobs) = queue.take(&mut gather).await else {
            break;
        };
        #[cfg(feature = "conformance")]
        if shared.test.is_held() {
            jobs.into_iter()
                .rev()
                .for_each(|job| queue.push_back_first(job));
            continue;
        }
        shared.reach("postgres.taken");
        let start = queue::now();
        let outcome = carry_out(&shared, &mut kept, Body::Group(&jobs)).await;
        // Callers come back with the answers, and would be counted twice.
        gather.note(jobs.len() + queue.waiting(), start.elapsed());
        match outcome {
            Ok(Outcome::Each(each)) => {
                for (job, outcome) in jobs.into_iter().zip(each) {
                    job.answer(outcome);
                }
                shared.reach("postgres.answered");
            }
            Ok(_) => fail(jobs, &mixed_up()),
            Err(Failed::Itself(_)) if jobs.len() > 1 => each_beside(&shared, jobs),
            Err(Failed::Full(_)) if jobs.len() > 1 => each_in_turn(&shared, &mut kept, jobs).await,
            Err(failed) => fail(jobs, &failed.into_error()),
        }
    }
    if let Some(connection) = kept {
        connection.give_back();
    }
    drop(closing);
}

struct Closing(Arc<Queue>);

impl Drop for Closing {
    fn drop(&mut self) {
        self.0.close();
        let error = Error::new(ErrorKind::Unavailable, "the writer has stopped");
        fail(self.0.abandon(), &error);
    }
}

/// Carries out each commit in a transaction of its own, beside the writer. A lock that is held for long fails those that
/// it must, and no others.
fn each_beside(shared: &Arc<Shared>, jobs: Vec<Job>) {
    for job in jobs {
        tokio::spawn(alone(Arc::clone(shared), job));
    }
}

/// Carries out each commit in a transaction of its own, on the writer's connection: a new connection writes a row, and a
/// full disk has no place for it.
async fn each_in_turn(shared: &Arc<Shared>, kept: &mut Option<Connection>, jobs: Vec<Job>) {
    for job in jobs {
        carry_out_alone(shared, kept, job).await;
    }
}

/// Carries out a commit that has a transaction and a connection for itself.
pub(super) async fn alone(shared: Arc<Shared>, job: Job) {
    #[cfg(feature = "conformance")]
    shared.test.released().await;
    // The semaphore is never closed.
    let _permit = shared.alone.acquire().await;
    shared.reach("postgres.taken");
    let mut kept = None;
    carry_out_alone(&shared, &mut kept, job).await;
    if let Some(connection) = kept {
        connection.give_back();
    }
}

async fn carry_out_alone(shared: &Arc<Shared>, kept: &mut Option<Connection>, job: Job) {
    let outcome = carry_out(shared, kept, Body::Alone(&job.commit)).await;
    job.answer(match outcome {
        Ok(Outcome::Done(done)) => Ok(done),
        Ok(_) => Err(mixed_up()),
        Err(failed) => Err(failed.into_error()),
    });
    shared.reach("postgres.answered");
}

fn fail(jobs: Vec<Job>, error: &Error) {
    for job in jobs {
        job.answer(Err(error.clone()));
    }
}

pub(super) fn mixed_up() -> Error {
    Error::new(ErrorKind::Unknown, "the engine mixed up two answers")
}
