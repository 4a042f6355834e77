//! Programs of others, in the versions that a folder of `tests/` locks. They are installed below `target/`, once for
//! each text of the lock.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// A folder of `tests/` with lock files, and the folder below `target/` with what they name.
pub(crate) struct Locked {
    sources: PathBuf,
    scratch: PathBuf,
}

impl Locked {
    /// Prepares the folder below `target/`.
    pub(crate) fn new(name: &str) -> Result<Self, String> {
        let scratch = crate::root().join("target").join(name);
        fs::create_dir_all(&scratch).map_err(|error| format!("{}: {error}", scratch.display()))?;
        let sources = crate::root().join("tests").join(name);
        Ok(Self { sources, scratch })
    }

    /// Returns a file of the folder in `tests/`.
    pub(crate) fn source(&self, file: &str) -> PathBuf {
        self.sources.join(file)
    }

    /// Returns the folder below `target/`.
    pub(crate) fn scratch(&self) -> &Path {
        &self.scratch
    }

    /// Returns a program of the Python environment.
    pub(crate) fn python(&self, program: &str) -> PathBuf {
        self.scratch.join("venv/bin").join(program)
    }

    /// Installs the packages of `requirements.txt` into a Python environment.
    pub(crate) fn install_python(&self) -> Result<(), String> {
        self.once("requirements.txt", || {
            let venv = self.scratch.join("venv");
            run("python3", &["-m", "venv", "--clear", &text(&venv)])?;
            let lock = text(&self.source("requirements.txt"));
            let quiet = ["install", "--quiet", "--disable-pip-version-check"];
            let args = [&quiet[..], &["--no-deps", "-r", &lock]].concat();
            run(&text(&self.python("pip")), &args)
        })
    }

    /// Installs the packages of `package-lock.json`, without their scripts.
    pub(crate) fn install_node(&self) -> Result<(), String> {
        self.once("package-lock.json", || {
            for file in ["package.json", "package-lock.json"] {
                let copied = fs::copy(self.source(file), self.scratch.join(file));
                copied.map_err(|error| format!("{file}: {error}"))?;
            }
            let folder = text(&self.scratch);
            let quiet = [
                "ci",
                "--silent",
                "--no-audit",
                "--no-fund",
                "--ignore-scripts",
            ];
            run("npm", &[&quiet[..], &["--prefix", &folder]].concat())
        })
    }

    /// Installs unless it was done for this text of the lock file.
    pub(crate) fn once(
        &self,
        lock: &str,
        install: impl FnOnce() -> Result<(), String>,
    ) -> Result<(), String> {
        let wanted = fs::read(self.source(lock)).map_err(|error| format!("{lock}: {error}"))?;
        let stamp = self.scratch.join(format!("{lock}.installed"));
        if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
            return Ok(());
        }
        println!("installing what {lock} names");
        install()?;
        fs::write(&stamp, wanted).map_err(|error| format!("{}: {error}", stamp.display()))
    }
}

/// Runs a program in the root of the repository.
pub(crate) fn run(program: &str, args: &[&str]) -> Result<(), String> {
    let shown = format!("{program} {}", args.join(" "));
    let status = Command::new(program)
        .current_dir(crate::root())
        .args(args)
        .status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{shown}: {status}")),
        Err(error) => Err(format!("{shown}: {error}")),
    }
}

/// Returns the path as an argument.
pub(crate) fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
