//! `cargo xtask attack [--short] [--seed N] [NAME...]`: the attacks of `tests/attack`, all or those that are named.
//!
//! The long form is built optimised and takes minutes; the short form uses the build of the tests, for CI.

use std::process::Command;

/// Hands the arguments on: the program knows its attacks.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let is_short = args.iter().any(|arg| arg == "--short");
    let profile = if is_short { "dev" } else { "release" };
    let status = Command::new(env!("CARGO"))
        .current_dir(crate::root())
        .args(["run", "--quiet", "--package", "shopwire-attack"])
        .args(["--profile", profile, "--"])
        .args(args)
        .status()
        .map_err(|error| error.to_string())?;
    match status.success() {
        true => Ok(()),
        false => Err("an attack succeeded, or was not understood".into()),
    }
}
