//! A small disk that can be full: a file system in memory, mounted into the folder of a server.

use std::{
    fs::{self, File},
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
};

use crate::{binaries::give, server::Server};

/// Environment variable that turns a test that cannot mount into a failure.
const REQUIRE: &str = "SHOPWIRE_REQUIRE_FULL_DISK";

/// The disk. The guard of the server unmounts it.
pub(crate) struct SmallDisk(PathBuf);

impl SmallDisk {
    /// Mounts a disk of so many mebibytes. Where that is not allowed, it says that the test did not run.
    pub(crate) fn mount(server: &Server, mebibytes: u32) -> Option<Self> {
        let path = server.small_disk();
        fs::create_dir(&path).expect("a folder can be made");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={mebibytes}m"), "tmpfs"])
            .arg(&path)
            .stderr(Stdio::null())
            .status();
        if !mounted.is_ok_and(|status| status.success()) {
            let message =
                "not run: a small disk cannot be mounted here (it needs root and CAP_SYS_ADMIN)";
            assert!(std::env::var_os(REQUIRE).is_none(), "{message}");
            let test = std::thread::current().name().unwrap_or("test").to_owned();
            println!("{test}: {message}");
            return None;
        }
        give(&path);
        Some(Self(path))
    }

    /// Makes a folder on the disk, for the server.
    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::create_dir(&path).expect("a folder can be made");
        give(&path);
        path
    }

    /// Fills the disk, but for so many bytes.
    pub(crate) fn fill(&self, left: u64) {
        let mut ballast = File::create(self.ballast()).expect("a file can be made");
        // Whole pages: the file system counts in them.
        while ballast.write_all(&[1; 4_096]).is_ok() {}
        let full = ballast.metadata().expect("its size").len() / 4_096 * 4_096;
        ballast
            .set_len(full.saturating_sub(left))
            .expect("it can be shortened");
    }

    /// Gives the space back.
    pub(crate) fn empty(&self) {
        fs::remove_file(self.ballast()).expect("the ballast can be removed");
    }

    fn ballast(&self) -> PathBuf {
        self.0.join("ballast")
    }
}
