//! `--compare`: the requests of a recording, sent to the emulation.
use std::path::Path;

use crate::{args::Sandbox, failure::Failure};

pub(super) async fn run(_args: &Sandbox, file: &Path) -> Result<(), Failure> {
    super::play::read("compare", file).map(|_| ())
}
