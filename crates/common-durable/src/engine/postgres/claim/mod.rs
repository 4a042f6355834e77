//! Claims: due lanes are locked and leased, each with its first open work.

mod effects;
mod events;

use super::{
    Shared, Work, failure::Trouble, lane::Lane, link::Link, transaction::Open, wants::Wants,
};
use crate::{Claim, Claimed, Lease, Queue, Token};

/// Returns the lanes that a claim must lock.
pub(super) async fn wants(
    link: Link<'_>,
    shared: &Shared,
    claim: &Claim,
) -> Result<Option<Wants>, Trouble> {
    let work = match claim.queue {
        Queue::Events(_) => Work::Event,
        Queue::Effects(_) => Work::Effect,
    };
    let queue = shared.find_queue(link, work, claim.queue.name()).await?;
    Ok(queue.map(|queue| Wants::due(queue, claim.at_most)))
}

/// Gives due work to a worker. The lanes are locked.
///
/// They were locked in one statement, and their work is read in the next: a statement sees what was committed before it
/// began, not what its lock has waited for. Lanes that somebody else has locked were skipped.
pub(super) async fn claim(open: &mut Open, claim: &Claim) -> Result<Vec<Claimed>, Trouble> {
    let due = std::mem::take(&mut open.due);
    match &claim.queue {
        Queue::Events(source) => events::first_of_each(open, due, source, claim).await,
        Queue::Effects(account) => {
            let mut claimed = Vec::with_capacity(due.len());
            for lane in due {
                claimed.extend(effects::first(open, lane, account, claim).await?);
            }
            Ok(claimed)
        }
    }
}

/// Writes the lease of a claim into its lane.
fn lease(open: &mut Open, lane: i64, work: i64, claim: &Claim) -> Result<Lease, Trouble> {
    let until = open.now.after(claim.lease);
    let token = Token::random();
    let claims = edit(open, lane)?.lease(work, token, until);
    Ok(Lease {
        lane,
        token,
        claims,
        most_claims: claim.most_claims,
        later: claim.later,
    })
}

fn edit(open: &mut Open, lane: i64) -> Result<&mut Lane, Trouble> {
    open.lanes.edit(lane).ok_or(Trouble::Again)
}
