//! Checks that only the user has access to a settings file.

use std::{fs, path::Path};

/// The kinds of content of a file that others must not change, and partly not read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Holds {
    pub(super) secrets: bool,
    /// Commands, which run with the user's rights. A file of another author rarely has the mode that is needed: an
    /// archive or a repository gives files that others can read.
    pub(super) commands: bool,
    pub(super) addresses: bool,
}

/// Refuses a file with secrets or commands that others can read, and a file with secrets, commands or addresses that
/// others can change. The error shows the command that corrects it.
#[cfg(unix)]
pub(super) fn check(path: &Path, file: &fs::File, holds: Holds) -> Result<(), String> {
    use std::os::unix::fs::MetadataExt as _;

    if !holds.secrets && !holds.commands && !holds.addresses {
        return Ok(());
    }
    // The metadata of the opened file: the path may name another file by now.
    let metadata = file.metadata().map_err(|error| error.to_string())?;
    let (mode, quoted) = (metadata.mode(), quoted(path));
    if !is_trusted(metadata.uid()) {
        return Err(format!(
            "it belongs to another user, who can change it: sudo chown \"$(id -un)\" {quoted} && chmod 600 {quoted}"
        ));
    }
    if (holds.secrets || holds.commands) && mode & 0o077 != 0 {
        let what = match holds.secrets {
            true => "secrets",
            false => "commands that give secrets",
        };
        let can = match mode & 0o022 {
            0 => "read",
            _ => "change",
        };
        return Err(format!(
            "it holds {what}, and others can {can} it: chmod 600 {quoted}"
        ));
    }
    if mode & 0o022 != 0 {
        return Err(format!(
            "it says where secrets are sent, and others can change it: chmod go-w {quoted}"
        ));
    }
    match metadata.is_file() {
        true => check_folders(path),
        // A pipe has no folder in which it could be replaced.
        false => Ok(()),
    }
}

/// On other systems only the user has access to the user's folder by default.
#[cfg(not(unix))]
pub(super) fn check(_: &Path, _: &fs::File, _: Holds) -> Result<(), String> {
    Ok(())
}

/// Maximum number of links on the way to a file, as in Linux.
#[cfg(unix)]
const MOST_LINKS: usize = 40;

/// Checks each folder on the way to the file, from the root, and on the way of each link. A user who can write to a
/// folder can replace any file, folder or link in it.
#[cfg(unix)]
fn check_folders(path: &Path) -> Result<(), String> {
    use std::path::{Component, PathBuf};

    let path = std::path::absolute(path).map_err(|error| error.to_string())?;
    let mut folder = PathBuf::from("/");
    // The parts still to check, the next one last.
    let parts = |path: &Path| -> Vec<PathBuf> {
        let parts = path.components().rev();
        parts.map(|part| PathBuf::from(part.as_os_str())).collect()
    };
    let (mut left, mut links) = (parts(&path), 0);
    while let Some(name) = left.pop() {
        match name.components().next() {
            Some(Component::RootDir | Component::Prefix(_)) => folder = PathBuf::from("/"),
            Some(Component::ParentDir) => drop(folder.pop()),
            Some(Component::CurDir) | None => {}
            Some(Component::Normal(_)) => {
                check_folder(&folder)?;
                let place = folder.join(&name);
                let metadata = place.symlink_metadata();
                if !metadata.map_err(|error| error.to_string())?.is_symlink() {
                    folder = place;
                    continue;
                }
                links += 1;
                if links > MOST_LINKS {
                    return Err("it is a link of too many links".to_owned());
                }
                let target = place.read_link().map_err(|error| error.to_string())?;
                left.extend(parts(&target));
            }
        }
    }
    Ok(())
}

#[cfg(unix)]
fn check_folder(folder: &Path) -> Result<(), String> {
    use std::os::unix::fs::MetadataExt as _;

    const STICKY: u32 = 0o1000;
    let metadata = folder.metadata().map_err(|error| error.to_string())?;
    let mode = metadata.mode();
    // On many systems each user has a group of its own with write access.
    let is_group_foreign = metadata.gid() != rustix::process::getegid().as_raw();
    let is_open = mode & 0o002 != 0 || (mode & 0o020 != 0 && is_group_foreign);
    match is_open && mode & STICKY == 0 {
        true => Err(format!(
            "others can put another file in its place: chmod go-w {}",
            quoted(folder)
        )),
        false => Ok(()),
    }
}

/// Whether the owner is the user, or the administrator, who has access to everything.
#[cfg(unix)]
fn is_trusted(owner: u32) -> bool {
    owner == 0 || owner == rustix::process::geteuid().as_raw()
}

/// The path quoted for a shell.
#[cfg(unix)]
fn quoted(path: &Path) -> String {
    crate::terminal::quoted(&path.display().to_string())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    // H9, F24
    #[test]
    fn h9_each_folder_on_the_way_to_a_file_is_looked_at() {
        let root = std::env::temp_dir().join(format!("shopwire-guard-{}", std::process::id()));
        let at = |name: &str| root.join(name);
        for folder in ["home/.config/shopwire", "home/links", "home/real"] {
            fs::create_dir_all(at(folder)).expect("a folder");
        }
        fs::write(at("home/real/y.toml"), "").expect("a file");
        fs::write(at("home/.config/shopwire/a.toml"), "").expect("a file");
        symlink(at("home/real/y.toml"), at("home/links/middle.toml")).expect("a link");
        let relative = Path::new("../../links/../links/middle.toml");
        symlink(relative, at("home/.config/shopwire/b.toml")).expect("a link");
        let mode = |folder: &str, mode: u32| {
            fs::set_permissions(at(folder), fs::Permissions::from_mode(mode)).expect("a mode");
        };
        let plain = || check_folders(&at("home/.config/shopwire/a.toml"));
        let linked = || check_folders(&at("home/.config/shopwire/b.toml"));
        assert_eq!((plain(), linked()), (Ok(()), Ok(())));
        for (folder, is_plain, is_linked) in [
            ("home/.config/shopwire", true, true),
            ("home/.config", true, true),
            ("home", true, true),
            ("home/links", false, true),
            ("home/real", false, true),
        ] {
            mode(folder, 0o777);
            assert_eq!(
                (plain().is_err(), linked().is_err()),
                (is_plain, is_linked),
                "{folder}"
            );
            mode(folder, 0o1777);
            assert_eq!((plain(), linked()), (Ok(()), Ok(())), "{folder}: sticky");
            mode(folder, 0o755);
        }
        symlink(at("loop"), at("loop")).expect("a link");
        assert!(check_folders(&at("loop")).is_err());
        fs::remove_dir_all(&root).expect("to clean up");
    }

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
