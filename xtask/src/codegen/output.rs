//! Files on disk: written, or compared.

use std::{collections::BTreeMap, fs, path::Path};

/// What to do with generated files.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Mode {
    Write,
    Check,
}

/// Puts `files` into `directory`; a file of the same kind (`extension`) that is not among them is stale too.
pub(crate) fn put_all(
    directory: &Path,
    extension: &str,
    files: &BTreeMap<String, String>,
    mode: Mode,
) -> Result<(), String> {
    if mode == Mode::Write {
        fs::create_dir_all(directory).map_err(|error| failed(directory, &error))?;
    }
    let mut stale = Vec::new();
    for (name, text) in files {
        let path = directory.join(name);
        let old = fs::read_to_string(&path).unwrap_or_default();
        if old.replace("\r\n", "\n") == *text {
            continue;
        }
        match mode {
            Mode::Write => fs::write(&path, text).map_err(|error| failed(&path, &error))?,
            Mode::Check => stale.push(path),
        }
    }
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if files.contains_key(&name) || path.extension().is_none_or(|found| found != extension) {
            continue;
        }
        match mode {
            Mode::Write => fs::remove_file(&path).map_err(|error| failed(&path, &error))?,
            Mode::Check => stale.push(path),
        }
    }
    let lines: Vec<String> = stale
        .iter()
        .map(|path| format!("{} is stale: run `cargo xtask codegen`", path.display()))
        .collect();
    match lines.is_empty() {
        true => Ok(()),
        false => Err(lines.join("\n")),
    }
}

fn failed(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn x11_check_names_stale_files_and_the_command() {
        let directory = std::env::temp_dir().join(format!("codegen-output-{}", std::process::id()));
        let files = BTreeMap::from([("a.rs".to_owned(), "new\n".to_owned())]);
        put_all(&directory, "rs", &files, Mode::Write).unwrap();
        put_all(&directory, "rs", &files, Mode::Check).unwrap();
        fs::write(directory.join("a.rs"), "edited\n").unwrap();
        fs::write(directory.join("left-over.rs"), "old\n").unwrap();
        let error = put_all(&directory, "rs", &files, Mode::Check).unwrap_err();
        for part in [
            "a.rs is stale",
            "left-over.rs is stale",
            "cargo xtask codegen",
        ] {
            assert!(error.contains(part), "{error}");
        }
        put_all(&directory, "rs", &files, Mode::Write).unwrap();
        put_all(&directory, "rs", &files, Mode::Check).unwrap();
        fs::remove_dir_all(&directory).unwrap();
    }
}
