//! The steps of a commit.
//!
//! Appends and ends are decided in memory, over lanes that are locked, so that those of many commits share a round
//! trip. The other steps run statements of their own.

mod append;
mod cursor;
mod effect;
mod end;
mod erase;
mod operate;
mod own;
mod purge;
mod restore;
mod text;

pub(super) use append::subject_rows;
pub(super) use effect::{lost_while_sending, park, repeat_newest_edit};
pub(super) use own::{check_deferred, limit, no_limit, of_caller};
pub(super) use text::check_in_closure;

use super::{failure::Trouble, transaction::Open};
use crate::{Commit, Done, Error, Step};

/// Whether a commit has only steps that [`in_memory`] carries out, so that it can share a transaction: none of them
/// can fail in the database.
pub(super) fn can_share(commit: &Commit) -> bool {
    commit.steps().iter().all(is_in_memory)
}

fn is_in_memory(step: &Step) -> bool {
    matches!(
        step,
        Step::Append(_)
            | Step::Finish(_)
            | Step::Retry { .. }
            | Step::Dead { .. }
            | Step::Renew(..)
            | Step::RenewEffect(..)
    )
}

/// Carries out the appends and ends of a commit. The others have no result yet. After an error of a step nothing of
/// the commit is left, so that others in the transaction are unharmed.
pub(super) fn in_memory(open: &mut Open, commit: &Commit) -> Result<Vec<Option<Done>>, Trouble> {
    open.lanes.begin();
    let mark = open.writes.mark();
    let mut done = vec![None; commit.steps().len()];
    // Ends can be refused, appends cannot. So nothing is appended that would have to be taken back.
    for (place, step) in commit.steps().iter().enumerate() {
        match end::step(open, step) {
            Ok(result) => done[place] = result,
            Err(error) => {
                open.lanes.undo();
                open.writes.undo(mark);
                return Err(error.at_step(place).into());
            }
        }
    }
    for (place, step) in commit.steps().iter().enumerate() {
        if let Step::Append(event) = step {
            done[place] = Some(Done::Appended(append::event(open, event)?));
        }
    }
    Ok(done)
}

/// Carries out all steps of a commit that has the transaction for itself.
pub(super) async fn all(open: &mut Open, commit: &Commit) -> Result<Vec<Done>, Trouble> {
    let mut done = in_memory(open, commit)?;
    for (place, step) in commit.steps().iter().enumerate() {
        if done[place].is_none() {
            let result = with_statements(open, step).await;
            done[place] = Some(result.map_err(|trouble| at_step(trouble, place))?);
        }
    }
    if commit
        .steps()
        .iter()
        .any(|step| matches!(step, Step::Own(_)))
    {
        own::check_deferred(open).await?;
    }
    Ok(done.into_iter().flatten().collect())
}

fn at_step(trouble: Trouble, place: usize) -> Trouble {
    match trouble {
        Trouble::Refused(error) => Trouble::Refused(error.at_step(place)),
        other => other,
    }
}

async fn with_statements(open: &mut Open, step: &Step) -> Result<Done, Trouble> {
    match step {
        Step::Replay(event) => {
            let replayed = operate::replay(open, event.0).await?;
            Ok(Done::Replayed(vec![replayed]))
        }
        Step::ReplaySince {
            source,
            since,
            at_most,
        } => {
            let replayed = operate::replay_since(open, source, *since, *at_most).await?;
            Ok(Done::Replayed(replayed))
        }
        Step::Bury { event, reason } => operate::bury(open, event.0, reason).await,
        Step::Purge {
            bodies_before,
            ids_before,
            at_most,
        } => {
            let purged = purge::portion(open, *bodies_before, *ids_before, *at_most).await?;
            Ok(Done::Purged(purged))
        }
        Step::Erase(key) => erase::key(open, key).await.map(Done::Erased),
        Step::MoveCursor(step) => cursor::compare_and_move(open, step).await,
        Step::Intend(effect) => effect::intend(open, effect).await.map(Done::Intended),
        Step::Send {
            ticket,
            within,
            note,
        } => effect::send(open, ticket, *within, note).await,
        Step::Settle(ticket, end) => effect::settle(open, ticket, end).await.map(Done::Settled),
        Step::Decide(effect, decision) => {
            let (effect, state) = effect::decide(open, effect.0, decision).await?;
            Ok(Done::Decided { effect, state })
        }
        Step::Restored => restore::restored(open).await.map(Done::Restored),
        Step::Own(statement) => own::run(open, statement).await.map(Done::Ran),
        Step::Append(_)
        | Step::Finish(_)
        | Step::Retry { .. }
        | Step::Dead { .. }
        | Step::Renew(..)
        | Step::RenewEffect(..) => Err(Trouble::Refused(Error::new(
            crate::ErrorKind::Unavailable,
            "a step was carried out twice",
        ))),
    }
}
