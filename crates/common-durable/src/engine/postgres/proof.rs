//! Whether a commit is stored whose answer was lost.
//!
//! Every transaction writes a random number of its own into the row of its connection, its slot. After a lost answer the
//! engine locks the row, which waits for a transaction that is still under way, and compares. `pg_xact_status` cannot be used:
//! the numbers of transactions that a crash ended are given to others after it, which commit.

use super::{
    epoch::Epoch,
    link::{Link, Sql},
};
use crate::{Error, ErrorKind, Token};

/// The mark by which the end of a transaction is found out.
#[derive(Debug, Clone)]
pub(super) struct Sealed {
    pub(super) slot: String,
    pub(super) proof: Token,
    /// The server that was reached.
    pub(super) epoch: Epoch,
}

/// Writes the proof into the slot of the connection. It changes one row, or the slot is gone.
pub(super) const WRITE: &str = "update durable_proof set proof = $1, used_at = now()
    where slot = current_setting('durable.slot') returning slot";

/// Makes the slot of a new connection.
pub(super) async fn make_slot(link: Link<'_>) -> Result<(), Sql> {
    let slot: String = Token::random()
        .as_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    link.run("insert into durable_proof (slot) values ($1)", &[&slot])
        .await?;
    link.run("select set_config('durable.slot', $1, false)", &[&slot])
        .await?;
    // Slots of connections that are gone.
    link.run(
        "delete from durable_proof where slot in (
             select slot from durable_proof where used_at < now() - interval '7 days'
             order by slot limit 100 for update skip locked)",
        &[],
    )
    .await?;
    Ok(())
}

/// Returns whether the transaction is committed. It waits until it has ended.
pub(super) async fn is_committed(link: Link<'_>, sealed: &Sealed) -> Result<Option<bool>, Sql> {
    let row = link
        .first(
            "select proof from durable_proof where slot = $1 for update",
            &[&sealed.slot],
        )
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let proof: Option<&[u8]> = row.try_get(0)?;
    Ok(Some(proof == Some(sealed.proof.as_bytes().as_slice())))
}

/// The fate of a commit cannot be found out.
pub(super) fn unknown(why: &str) -> Error {
    Error::new(
        ErrorKind::Unknown,
        format!("commit: its answer was lost, and {why}"),
    )
}
