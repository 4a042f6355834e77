//! A folder of a test's own, removed at its end.

use std::{
    fs,
    path::{Path, PathBuf},
};

use common_durable::Token;

/// A new folder below the system's folder for temporary files.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        let name: String = Token::random()
            .as_bytes()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let path = std::env::temp_dir().join(format!("common-durable-{name}"));
        fs::create_dir(&path).expect("a new folder can be made");
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
