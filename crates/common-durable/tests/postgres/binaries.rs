//! The programs of PostgreSQL: found on this machine, or a test says that it did not run.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Environment variable that turns a test that cannot run into a failure.
const REQUIRE: &str = "SHOPWIRE_REQUIRE_POSTGRES";

/// The user that servers run as when the tests run as root, which PostgreSQL refuses to run as.
const USER: &str = "postgres";

/// A folder with the programs of one version.
pub(crate) struct Binaries(PathBuf);

impl Binaries {
    /// Looks for the newest version.
    pub(crate) fn find() -> Option<Self> {
        installed().into_iter().next_back().map(Self)
    }

    /// A command that runs one of the programs, not as root.
    pub(crate) fn command(&self, program: &str) -> Command {
        let program = self.0.join(program);
        let mut command = match is_root() {
            true => {
                let mut command = Command::new("runuser");
                command.arg("-u").arg(USER).arg("--").arg(program);
                command
            }
            false => Command::new(program),
        };
        // A server that outlives a command must not keep the command's output open.
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }
}

/// Says by name that a test did not run. It panics if the tests are required to run.
pub(crate) fn not_run() {
    let message = "not run: no PostgreSQL server is installed (Debian: apt-get install postgresql)";
    assert!(env::var_os(REQUIRE).is_none(), "{message}");
    let test = std::thread::current().name().unwrap_or("test").to_owned();
    println!("{test}: {message}");
}

/// Folders with a server, the oldest version first.
fn installed() -> Vec<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, path)| path.join("postgres").exists())
        .collect();
    versions.sort();
    let mut paths: Vec<_> = versions.into_iter().map(|(_, path)| path).collect();
    if paths.is_empty() {
        let path = env::var_os("PATH").unwrap_or_default();
        paths.extend(env::split_paths(&path).find(|path| path.join("postgres").exists()));
    }
    paths
}

pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Gives a folder to the user that servers run as.
pub(crate) fn give(path: &Path) {
    if is_root() {
        let status = Command::new("chown").arg(USER).arg(path).status();
        assert!(
            status.is_ok_and(|status| status.success()),
            "{USER} gets the folder"
        );
    }
}
