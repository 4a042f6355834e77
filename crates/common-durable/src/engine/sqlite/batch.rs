//! One transaction for many jobs: a savepoint each, so that a failed neighbour harms no other.

use std::time::Duration;

use super::{apply, claim, failure, queue::Job, session::Session};
use crate::{Claimed, Done, Error, ErrorKind};

/// How long a caller's wish for an empty log may hold commits back.
const LOG_WAIT: Duration = Duration::from_millis(100);

/// A job that was carried out, with the answer that waits for the sync.
struct Carried {
    job: Job,
    outcome: Outcome,
}

enum Outcome {
    Commit(Vec<Done>),
    Claim(Vec<Claimed>),
    Call,
}

/// How a batch ended, for the writer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// All jobs have their answers.
    Answered,
    /// The same, but the connection must be opened anew: a sync failed.
    Broken,
}

/// Carries out jobs in one transaction, and answers them after its sync. `committed` is called between the two.
pub(super) fn run(session: &mut Session, jobs: Vec<Job>, committed: &mut dyn FnMut()) -> End {
    session.now = session.scale.now();
    let jobs = without_log_jobs(session, jobs);
    #[cfg(feature = "conformance")]
    let jobs = without_tampering(session, jobs);
    if jobs.is_empty() {
        return End::Answered;
    }
    let Some(jobs) = without_idle_claims(session, jobs) else {
        return End::Answered;
    };
    if let Err(error) = begin(session, &jobs) {
        for job in jobs {
            job.fail(error.clone());
        }
        return End::Answered;
    }
    let mut carried = Vec::with_capacity(jobs.len());
    let mut jobs = jobs.into_iter();
    while let Some(mut job) = jobs.next() {
        match in_savepoint(session, &mut job) {
            Ok(outcome) => carried.push(Carried { job, outcome }),
            Err(error) => {
                job.fail(error);
                // A full disk rolls the whole transaction back, and the savepoints with it.
                if session.connection.is_autocommit() {
                    session.rolled_back();
                    let others = carried.into_iter().map(|carried| carried.job).chain(jobs);
                    return each_alone(session, others.collect(), committed);
                }
            }
        }
    }
    #[cfg(feature = "conformance")]
    if session.fault == Some(super::Fault::AnswerBeforeCommit) {
        carried.drain(..).for_each(answer);
    }
    session.reach("sqlite.steps_done");
    commit(session, carried, committed)
}

#[cfg(feature = "conformance")]
fn without_tampering(session: &Session, jobs: Vec<Job>) -> Vec<Job> {
    let mut others = Vec::new();
    for job in jobs {
        match job {
            Job::Tamper { sql, answer } => {
                let outcome = session.connection.execute_batch(sql);
                drop(answer.send(outcome.map_err(|error| failure::of_own(&error))));
            }
            job => others.push(job),
        }
    }
    others
}

/// Empties the log for those who ask for it: that is possible outside of a transaction only.
fn without_log_jobs(session: &Session, jobs: Vec<Job>) -> Vec<Job> {
    let mut others = Vec::with_capacity(jobs.len());
    for job in jobs {
        match job {
            Job::EmptyLog(answer) => drop(answer.send(Ok(session.empty_log(LOG_WAIT)))),
            job => others.push(job),
        }
    }
    others
}

/// Answers claims that would find nothing, if there is nothing else to do.
fn without_idle_claims(session: &mut Session, jobs: Vec<Job>) -> Option<Vec<Job>> {
    if !jobs.iter().all(Job::needs_no_sync) {
        return Some(jobs);
    }
    let mut busy = Vec::new();
    for job in jobs {
        match &job {
            Job::Claim { claim, .. } => match claim::has_due(session, claim) {
                Ok(true) => busy.push(job),
                Ok(false) => answer(Carried {
                    job,
                    outcome: Outcome::Claim(Vec::new()),
                }),
                Err(error) => job.fail(error),
            },
            _ => busy.push(job),
        }
    }
    (!busy.is_empty()).then_some(busy)
}

fn begin(session: &mut Session, jobs: &[Job]) -> Result<(), Error> {
    // A claim that a power cut forgets is a lease that ran out: it needs no sync of its own.
    session
        .sync(!jobs.iter().all(Job::needs_no_sync))
        .and_then(|()| run_cached(session, "begin immediate"))
        .map_err(|error| failure::of("begin", &error))
}

fn in_savepoint(session: &mut Session, job: &mut Job) -> Result<Outcome, Error> {
    savepoint(session, "savepoint job")?;
    let outcome = carry_out(session, job);
    if session.connection.is_autocommit() {
        return outcome.and(Err(Error::new(
            ErrorKind::Statement,
            "a step ended the transaction",
        )));
    }
    let ended = match &outcome {
        Ok(_) => savepoint(session, "release job"),
        Err(_) => {
            session.rolled_back();
            savepoint(session, "rollback to job").and_then(|()| savepoint(session, "release job"))
        }
    };
    if let Err(error) = ended {
        // A savepoint that cannot be ended could leave half of a job in the transaction.
        roll_back(session);
        return outcome.and(Err(error));
    }
    outcome
}

fn savepoint(session: &Session, sql: &str) -> Result<(), Error> {
    run_cached(session, sql).map_err(|error| failure::of("savepoint", &error))
}

fn run_cached(session: &Session, sql: &str) -> rusqlite::Result<()> {
    let mut statement = session.connection.prepare_cached(sql)?;
    statement.raw_execute().map(drop)
}

fn carry_out(session: &mut Session, job: &mut Job) -> Result<Outcome, Error> {
    match job {
        Job::Commit { commit, .. } => apply::commit(session, commit).map(Outcome::Commit),
        Job::Claim { claim, .. } => claim::claim(session, claim).map(Outcome::Claim),
        Job::Call(call) => call.run(session).map(|()| Outcome::Call),
        // It was answered before the transaction.
        Job::EmptyLog(_) => Ok(Outcome::Call),
        #[cfg(feature = "conformance")]
        Job::Tamper { .. } => Ok(Outcome::Call),
    }
}

fn commit(session: &mut Session, carried: Vec<Carried>, committed: &mut dyn FnMut()) -> End {
    match run_cached(session, "commit") {
        Ok(()) => {
            session.reach("sqlite.committed");
            committed();
            session.tell_owner();
            carried.into_iter().for_each(answer);
            session.reach("sqlite.answered");
            End::Answered
        }
        Err(error) if failure::is_refused(&error) => {
            roll_back(session);
            let jobs = carried.into_iter().map(|carried| carried.job).collect();
            refused(session, jobs, &error, committed)
        }
        Err(error) => {
            roll_back(session);
            let error = failure::of_commit(&error);
            for carried in carried {
                carried.job.fail(error.clone());
            }
            End::Broken
        }
    }
}

/// A deferred constraint of one job failed the commit of all.
fn refused(
    session: &mut Session,
    mut jobs: Vec<Job>,
    error: &rusqlite::Error,
    committed: &mut dyn FnMut(),
) -> End {
    if jobs.len() > 1 {
        return each_alone(session, jobs, committed);
    }
    if let Some(job) = jobs.pop() {
        job.fail(Error::new(
            ErrorKind::Statement,
            failure::of_own(error).to_string(),
        ));
    }
    End::Answered
}

fn each_alone(session: &mut Session, jobs: Vec<Job>, committed: &mut dyn FnMut()) -> End {
    let mut jobs = jobs.into_iter();
    while let Some(job) = jobs.next() {
        if run(session, vec![job], committed) == End::Broken {
            let error = Error::new(ErrorKind::Unavailable, "the store is being opened anew");
            jobs.for_each(|job| job.fail(error.clone()));
            return End::Broken;
        }
    }
    End::Answered
}

fn roll_back(session: &mut Session) {
    if !session.connection.is_autocommit() {
        // If even this fails, the next `begin` says so.
        let _ = session.connection.execute_batch("rollback");
    }
    session.rolled_back();
}

fn answer(carried: Carried) {
    // A caller that went away has no use for the answer.
    match (carried.job, carried.outcome) {
        (Job::Commit { answer, .. }, Outcome::Commit(done)) => drop(answer.send(Ok(done))),
        (Job::Claim { answer, .. }, Outcome::Claim(claimed)) => drop(answer.send(Ok(claimed))),
        (Job::Call(call), Outcome::Call) => call.answer(Ok(())),
        (job, _) => job.fail(Error::new(
            ErrorKind::Unavailable,
            "the writer mixed up two answers",
        )),
    }
}
