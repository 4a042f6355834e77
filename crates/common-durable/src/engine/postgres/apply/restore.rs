//! A restored backup: what was sent since is not known.

use super::super::{failure::Trouble, restore, transaction::Open, writes::Then};

/// Makes all effects that are ready or sending unknown.
pub(super) async fn restored(open: &mut Open) -> Result<u64, Trouble> {
    open.flush(Then::GoOn).await?;
    let unknown = restore::at(open.link(), open.now.0).await?;
    open.lanes.forget();
    Ok(unknown)
}
