//! The files of an import: begun, or gone on with.

use std::{fs, path::Path};

use sha2::{Digest as _, Sha256};

use super::{
    checkpoint::{Begun, Checkpoint},
    kind::Kind,
    plan::Plan,
    rejects::{self, Rejects},
    send::Goal,
};
use crate::{
    args::{Import, ImportMode, Source},
    failure::Failure,
    job::files::beside,
    output,
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
    // An empty one is of an import that ended before it began.
    let is_there = fs::metadata(&place).is_ok_and(|data| data.len() > 0);
    match (args.resume, args.restart, is_there) {
        (true, _, true) => {
            let mut checkpoint = Checkpoint::open(&place, name)?;
            let rejects = Rejects::resume(path, header, goal.method, &mut checkpoint)?;
            Ok((checkpoint, rejects))
        }
        // Beginning here could double rows: the checkpoint of the earlier run may lie elsewhere.
        (true, _, false) => Err(Failure::usage(format_args!(
            "{} is not there, so there is nothing to go on with: --rejects must name the same file as before; without \
             --resume, the import begins",
            place.display()
        ))),
        (false, false, true) => Err(Failure::usage(format_args!(
            "{} is there: this file was imported, in whole or in part; --resume goes on with it, --restart begins anew",
            place.display()
        ))),
        (false, is_restart, _) => {
            let begun = Begun::lock(&place, is_restart)?;
            if is_restart && let Some(kept) = rejects::keep(path)? {
                output::warning(&format!(
                    "{} has refused rows of the earlier import; it is kept as {}",
                    path.display(),
                    kept.display()
                ));
            }
            match Rejects::create(path, header, goal.method) {
                Ok(rejects) => Ok((begun.write(name)?, rejects)),
                Err(failure) => {
                    begun.undo();
                    Err(failure)
                }
            }
        }
    }
}

/// # Errors
/// The file of refused rows is the file that is imported.
pub(super) fn check_apart(args: &Import, rejects: &Path) -> Result<(), Failure> {
    let Some(Source::File(file)) = &args.file else {
        return Ok(());
    };
    let (file, rejects) = (fs::canonicalize(file), fs::canonicalize(rejects));
    match file.is_ok_and(|file| rejects.is_ok_and(|rejects| file == rejects)) {
        true => Err(Failure::usage(
            "--rejects names the file that is imported: its rows would be written over",
        )),
        false => Ok(()),
    }
}
