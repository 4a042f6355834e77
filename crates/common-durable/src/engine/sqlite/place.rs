//! The file of a store, as its reader knows it.

use std::{path::PathBuf, sync::Arc};

use super::{log::Log, session::Scale};

/// The file of a store, with what only its writer knows.
pub(super) struct Place {
    pub(super) path: PathBuf,
    pub(super) log: Arc<Log>,
    pub(super) scale: Scale,
}
