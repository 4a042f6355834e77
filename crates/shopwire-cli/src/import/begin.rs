//! The files of an import: begun, or gone on with.

use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::{checkpoint::Checkpoint, kind::Kind, plan::Plan, rejects::Rejects, send::Goal};
use crate::{
    args::{Import, ImportMode},
    failure::Failure,
    job::files::beside,
};

/// The name of an import: a digest of its rows, their kind and the account.
pub(super) fn name(
    (kind, mode): (&Kind, ImportMode),
    plan: &Plan,
    account: &str,
    site: Option<&str>,
) -> String {
    let told = format!(
        "{:?}",
        (kind.name, mode, account, site, &plan.digest, plan.rows)
    );
    let digest = Sha256::digest(told.as_bytes());
    let digest = digest.iter().take(16);
    digest.map(|byte| format!("{byte:02x}")).collect()
}

/// The checkpoint and the file of refused rows. Those of an earlier run are dropped only on demand.
pub(super) fn open(
    args: &Import,
    plan: &Plan,
    goal: &Goal,
    name: &str,
    path: &Path,
) -> Result<(Checkpoint, Rejects), Failure> {
    let place = beside(path, "checkpoint");
    let header = plan.header.as_ref();
    match (args.resume, args.restart, place.exists()) {
        (true, _, true) => {
            let checkpoint = Checkpoint::open(&place, name)?;
            let bytes = checkpoint.state.rejects;
            let rejects = Rejects::open(path, header, goal.method, bytes)?;
            Ok((checkpoint, rejects))
        }
        (false, false, true) => Err(Failure::usage(format_args!(
            "{} is there: this file was imported, in whole or in part; --resume goes on with it, --restart begins anew",
            place.display()
        ))),
        (_, true, _) => {
            let checkpoint = Checkpoint::create(&place, name)?;
            Ok((checkpoint, Rejects::open(path, header, goal.method, 0)?))
        }
        (_, false, false) => {
            let rejects = Rejects::create(path, header, goal.method)?;
            Ok((Checkpoint::create(&place, name)?, rejects))
        }
    }
}
