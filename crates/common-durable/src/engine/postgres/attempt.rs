//! How a transaction is carried out to its end: again after a collision, and to the bottom of a lost answer.

use std::{sync::Arc, time::Duration};

use tokio::time::{Instant, sleep};

use super::{
    Shared,
    call::Call,
    connect::Connection,
    failure,
    failure::Trouble,
    link::Link,
    proof::{self, Sealed},
    queue::Job,
    transaction::Open,
    wants::Wants,
    writes::Then,
    {apply, claim},
};
use crate::{Claim, Claimed, Commit, Done, Error};

/// How often a transaction is done again after collisions with others.
const COLLISIONS: u32 = 20;

/// How often it is done again on another connection. After a restart of the server, all that were in the pool are gone.
const LOSSES: u32 = 3;

/// The content of a transaction. It can be done again whole.
pub(super) enum Body<'a> {
    /// Commits that share the transaction.
    Group(&'a [Job]),
    /// A commit that has it for itself.
    Alone(&'a Commit),
    /// A closure of the caller's.
    Call(&'a mut dyn Call),
    Claim(&'a Claim),
}

/// The result of a transaction.
pub(super) enum Outcome {
    /// One result for each commit of a group.
    Each(Vec<Result<Vec<Done>, Error>>),
    Done(Vec<Done>),
    Called,
    Claimed(Vec<Claimed>),
}

/// Why a transaction is not committed.
pub(super) enum Failed {
    /// The server cannot be reached or used. Others will fare no better now.
    Store(Error),
    /// The server's disk is full. A part that is small may still fit.
    Full(Error),
    /// The transaction itself failed. A part of it may succeed without the rest.
    Itself(Error),
}

impl Failed {
    pub(super) fn into_error(self) -> Error {
        match self {
            Self::Store(error) | Self::Full(error) | Self::Itself(error) => error,
        }
    }
}

/// Carries out a transaction.
///
/// # Errors
/// Nothing of it is stored, unless the error says that its fate is unknown.
pub(super) async fn carry_out(
    shared: &Arc<Shared>,
    kept: &mut Option<Connection>,
    mut body: Body<'_>,
) -> Result<Outcome, Failed> {
    let mut collisions = 0;
    let mut losses = 0;
    loop {
        let connection = match kept.take() {
            Some(connection) if !connection.is_closed() => connection,
            _ => shared.connect().await.map_err(Failed::Store)?,
        };
        let (connection, failed) = match attempt(shared, connection, &mut body).await {
            Attempt::Committed(connection, outcome) => {
                *kept = Some(connection);
                return Ok(outcome);
            }
            Attempt::Unanswered(sealed, outcome) => {
                if matches!(body, Body::Claim(_)) {
                    // Nobody has its tokens. The leases run out.
                    return Ok(Outcome::Claimed(Vec::new()));
                }
                let is_committed = resolve(shared, &sealed).await.map_err(Failed::Store)?;
                #[cfg(feature = "conformance")]
                shared.test.count_fate(is_committed);
                match is_committed {
                    true => return Ok(outcome),
                    false => continue,
                }
            }
            Attempt::Failed(connection, trouble) => (connection, trouble),
        };
        if failed.is_gone() {
            connection.discard();
            losses += 1;
            if losses < LOSSES {
                continue;
            }
            return Err(Failed::Store(failed.into_error("commit")));
        }
        match connection.batch_execute("rollback").await {
            Ok(()) => *kept = Some(connection),
            Err(_) => connection.discard(),
        }
        if failed.is_collision() && collisions < COLLISIONS {
            collisions += 1;
            sleep(pause(collisions)).await;
            continue;
        }
        let failure = match failed.is_full() {
            true => Failed::Full,
            false => Failed::Itself,
        };
        return Err(failure(failed.into_error("commit")));
    }
}

/// A pause that grows and that no two transactions have in common.
fn pause(collisions: u32) -> Duration {
    let most = 1_u64 << collisions.min(7);
    Duration::from_millis(u64::from(Open::chance()) % most)
}

enum Attempt {
    Committed(Connection, Outcome),
    /// `COMMIT` was sent, and its answer was lost.
    Unanswered(Sealed, Outcome),
    /// It is not committed.
    Failed(Connection, Trouble),
}

async fn attempt(shared: &Arc<Shared>, connection: Connection, body: &mut Body<'_>) -> Attempt {
    let wants = match wants(shared, Link::of(&connection), body).await {
        Ok(Some(wants)) => wants,
        Ok(None) => return Attempt::Committed(connection, Outcome::Claimed(Vec::new())),
        Err(trouble) => return Attempt::Failed(connection, trouble),
    };
    let mut open = match Open::begin(connection, shared, &wants).await {
        Ok(open) => open,
        Err((connection, trouble)) => return Attempt::Failed(connection, trouble),
    };
    shared.reach("postgres.locked");
    let outcome = match run(&mut open, body).await {
        Ok(outcome) => outcome,
        Err(trouble) => return Attempt::Failed(open.into_connection(), trouble),
    };
    shared.reach("postgres.steps_done");
    #[cfg(feature = "conformance")]
    if shared.test.loses_answer("steps_done") {
        let _ = open.flush(Then::GoOn).await;
        return Attempt::Unanswered(open.sealed.clone(), outcome);
    }
    let ended = open.flush(Then::Commit);
    #[cfg(feature = "conformance")]
    let ended = shared.test.sent(ended);
    let ended = ended.await;
    #[cfg(feature = "conformance")]
    if shared.test.loses_answer("committed") {
        return Attempt::Unanswered(open.sealed.clone(), outcome);
    }
    match ended {
        Ok(()) => {
            shared.reach("postgres.committed");
            Attempt::Committed(open.into_connection(), outcome)
        }
        Err(error) if failure::is_lost(&error) => Attempt::Unanswered(open.sealed.clone(), outcome),
        Err(error) => Attempt::Failed(open.into_connection(), error.into()),
    }
}

/// Returns the rows that must be locked and read. `None` means that there is nothing to do.
async fn wants(
    shared: &Arc<Shared>,
    link: Link<'_>,
    body: &mut Body<'_>,
) -> Result<Option<Wants>, Trouble> {
    let mut wants = Wants::default();
    match body {
        Body::Group(jobs) => {
            for job in *jobs {
                shared.make_queues(link, &job.commit).await?;
                wants.add(shared, &job.commit)?;
            }
        }
        Body::Alone(commit) => {
            shared.make_queues(link, commit).await?;
            wants.add(shared, commit)?;
        }
        Body::Call(_) => {}
        Body::Claim(claim) => return claim::wants(link, shared, claim).await,
    }
    Ok(Some(wants))
}

async fn run(open: &mut Open, body: &mut Body<'_>) -> Result<Outcome, Trouble> {
    match body {
        Body::Group(jobs) => {
            let mut each = Vec::with_capacity(jobs.len());
            for job in *jobs {
                each.push(match apply::in_memory(open, &job.commit) {
                    Ok(done) => Ok(done.into_iter().flatten().collect()),
                    Err(Trouble::Refused(error)) => Err(error),
                    Err(trouble) => return Err(trouble),
                });
            }
            Ok(Outcome::Each(each))
        }
        Body::Alone(commit) => apply::all(open, commit).await.map(Outcome::Done),
        Body::Call(call) => {
            call.run(open).await?;
            Ok(Outcome::Called)
        }
        Body::Claim(claim) => claim::claim(open, claim).await.map(Outcome::Claimed),
    }
}

/// Finds out whether a transaction was committed whose answer was lost.
///
/// # Errors
/// [`Unknown`](crate::ErrorKind::Unknown) if the server cannot be asked in time, or is another one.
async fn resolve(shared: &Arc<Shared>, sealed: &Sealed) -> Result<bool, Error> {
    let deadline = Instant::now() + shared.patience;
    let mut pause = Duration::from_millis(10);
    loop {
        if let Some(is_committed) = ask(shared, sealed).await? {
            return Ok(is_committed);
        }
        if Instant::now() >= deadline {
            return Err(proof::unknown(
                "the server could not say in time how it ended",
            ));
        }
        sleep(pause).await;
        pause = (pause * 2).min(Duration::from_millis(500));
    }
}

async fn ask(shared: &Arc<Shared>, sealed: &Sealed) -> Result<Option<bool>, Error> {
    let Ok(connection) = shared.connect().await else {
        return Ok(None);
    };
    if shared.epoch() != sealed.epoch {
        connection.give_back();
        return Err(proof::unknown(
            "the server is another one now: a standby was promoted or a backup restored",
        ));
    }
    match proof::is_committed(Link::of(&connection), sealed).await {
        Ok(Some(is_committed)) => {
            connection.give_back();
            Ok(Some(is_committed))
        }
        Ok(None) => {
            connection.give_back();
            Err(proof::unknown("the server knows nothing of the connection"))
        }
        Err(_) => Ok(None),
    }
}
