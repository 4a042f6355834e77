//! Refuses settings files that are not the user's alone.

use std::{fs, path::Path};

/// Refuses a file with secrets that others can read, and one with secrets or addresses that others can change. The
/// error says which command mends it.
#[cfg(unix)]
pub(super) fn check(
    path: &Path,
    file: &fs::File,
    has_secrets: bool,
    has_addresses: bool,
) -> Result<(), String> {
    use std::os::unix::fs::MetadataExt as _;

    if !has_secrets && !has_addresses {
        return Ok(());
    }
    // Of the opened file: the path may lead to another one by now.
    let metadata = file.metadata().map_err(|error| error.to_string())?;
    let (mode, quoted) = (metadata.mode(), quoted(path));
    if !is_trusted(metadata.uid()) {
        return Err(format!(
            "it belongs to another user, who can change it: sudo chown \"$(id -un)\" {quoted} && chmod 600 {quoted}"
        ));
    }
    if has_secrets && mode & 0o077 != 0 {
        let what = match mode & 0o022 {
            0 => "read",
            _ => "change",
        };
        return Err(format!(
            "it holds secrets, and others can {what} it: chmod 600 {quoted}"
        ));
    }
    if mode & 0o022 != 0 {
        return Err(format!(
            "it says where secrets are sent, and others can change it: chmod go-w {quoted}"
        ));
    }
    match metadata.is_file() {
        true => check_folders(path),
        // A pipe has no place where another file could be put.
        false => Ok(()),
    }
}

/// On other systems files of a user's folder are the user's alone by default.
#[cfg(not(unix))]
pub(super) fn check(_: &Path, _: &fs::File, _: bool, _: bool) -> Result<(), String> {
    Ok(())
}

/// Whoever can write to a folder can put another file in place of this one: into that of the name, and into that of
/// the file where the name is a link.
#[cfg(unix)]
fn check_folders(path: &Path) -> Result<(), String> {
    use std::os::unix::fs::MetadataExt as _;

    const STICKY: u32 = 0o1000;
    let resolved = path.canonicalize().map_err(|error| error.to_string())?;
    for path in [path, &resolved] {
        let folder = match path.parent() {
            None => continue,
            Some(folder) if folder.as_os_str().is_empty() => Path::new("."),
            Some(folder) => folder,
        };
        let metadata = folder.metadata().map_err(|error| error.to_string())?;
        let mode = metadata.mode();
        // Many systems give each user a group of one, and let it write.
        let is_group_foreign = metadata.gid() != rustix::process::getegid().as_raw();
        let is_open = mode & 0o002 != 0 || (mode & 0o020 != 0 && is_group_foreign);
        if is_open && mode & STICKY == 0 {
            return Err(format!(
                "others can put another file in its place: chmod go-w {}",
                quoted(folder)
            ));
        }
    }
    Ok(())
}

/// The user, and the administrator, whom nothing is kept from.
#[cfg(unix)]
fn is_trusted(owner: u32) -> bool {
    owner == 0 || owner == rustix::process::geteuid().as_raw()
}

/// As a shell takes it.
#[cfg(unix)]
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-".contains(letter);
    match text.chars().all(is_plain) && !text.starts_with('-') {
        true => text,
        false => format!("'{}'", text.replace('\'', "'\\''")),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    // F24
    #[test]
    fn f24_a_command_can_be_pasted() {
        for (path, text) in [
            ("/home/a/shopwire.toml", "/home/a/shopwire.toml"),
            ("/My Shop/it's.toml", "'/My Shop/it'\\''s.toml'"),
            ("-rf", "'-rf'"),
        ] {
            assert_eq!(quoted(Path::new(path)), text);
        }
    }
}
