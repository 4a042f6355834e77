//! The location of the settings file.
//!
//! It is never a file in the current directory: an unpacked archive or a cloned repository could bring settings that
//! the user has not seen.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
};

const NAME: &str = "shopwire.toml";

/// The path of a settings file and the way it was chosen.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Location {
    pub(super) path: PathBuf,
    pub(super) chosen: Chosen,
}

/// The way a settings file was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Chosen {
    /// By `--config`.
    Flag,
    /// By the variable `SHOPWIRE_CONFIG`.
    Variable,
    /// By default, in the user's configuration folder. It need not exist.
    User,
}

/// The file to read; `None` if no file is named and the user has no configuration folder.
pub(super) fn locate(flag: Option<&Path>) -> Option<Location> {
    locate_in(flag, &|name| env::var_os(name))
}

/// The file in the user's configuration folder.
pub(super) fn user_file() -> Option<PathBuf> {
    user_file_in(&|name| env::var_os(name))
}

/// Whether the current directory has a `shopwire.toml` that is not in use.
pub(super) fn overlooked(used: Option<&Location>) -> bool {
    let here = Path::new(NAME);
    let is_same = |used: &Location| match (here.canonicalize(), used.path.canonicalize()) {
        (Ok(here), Ok(used)) => here == used,
        _ => false,
    };
    here.symlink_metadata().is_ok() && !used.is_some_and(is_same)
}

type Lookup<'a> = &'a dyn Fn(&str) -> Option<OsString>;

fn locate_in(flag: Option<&Path>, env: Lookup<'_>) -> Option<Location> {
    let located = |path: PathBuf, chosen| Some(Location { path, chosen });
    if let Some(path) = flag {
        return located(path.to_owned(), Chosen::Flag);
    }
    match filled(env("SHOPWIRE_CONFIG")) {
        Some(path) => located(path, Chosen::Variable),
        None => located(user_file_in(env)?, Chosen::User),
    }
}

/// The XDG specification ignores a relative folder, because it would depend on the current directory.
fn user_file_in(env: Lookup<'_>) -> Option<PathBuf> {
    let folder = |name| filled(env(name)).filter(|path| path.is_absolute());
    let configuration = if cfg!(windows) {
        folder("APPDATA")
    } else {
        folder("XDG_CONFIG_HOME").or_else(|| Some(folder("HOME")?.join(".config")))
    };
    Some(configuration?.join("shopwire").join(NAME))
}

/// The value of a variable. An empty value counts as absent.
fn filled(variable: Option<OsString>) -> Option<PathBuf> {
    variable.filter(|text| !text.is_empty()).map(PathBuf::from)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    // H9
    #[test]
    fn h9_a_file_is_named_or_lies_in_the_users_own_folder() {
        let located = |flag: Option<&str>, env: &[(&str, &str)]| {
            let lookup = |name: &str| {
                let row = env.iter().find(|row| row.0 == name);
                row.map(|row| OsString::from(row.1))
            };
            let located = locate_in(flag.map(Path::new), &lookup)?;
            Some((located.path.to_str()?.to_owned(), located.chosen))
        };
        let (home, xdg, config) = ("HOME", "XDG_CONFIG_HOME", "SHOPWIRE_CONFIG");
        for (flag, env, path, chosen) in [
            (
                Some("a.toml"),
                &[(config, "b.toml"), (home, "/h")][..],
                "a.toml",
                Chosen::Flag,
            ),
            (
                None,
                &[(config, "../b.toml"), (home, "/h")],
                "../b.toml",
                Chosen::Variable,
            ),
            (
                None,
                &[(config, ""), (home, "/h")],
                "/h/.config/shopwire/shopwire.toml",
                Chosen::User,
            ),
            (
                None,
                &[(xdg, "/x"), (home, "/h")],
                "/x/shopwire/shopwire.toml",
                Chosen::User,
            ),
            (
                None,
                &[(xdg, "/x/../y")],
                "/x/../y/shopwire/shopwire.toml",
                Chosen::User,
            ),
            (
                None,
                &[(xdg, ""), (home, "/h")],
                "/h/.config/shopwire/shopwire.toml",
                Chosen::User,
            ),
            (
                None,
                &[(xdg, "."), (home, "/h")],
                "/h/.config/shopwire/shopwire.toml",
                Chosen::User,
            ),
        ] {
            assert_eq!(
                located(flag, env),
                Some((path.to_owned(), chosen)),
                "{env:?}"
            );
        }
        for env in [
            &[][..],
            &[(home, "")],
            &[(home, ".")],
            &[(xdg, "here"), (home, "..")],
            &[(config, ""), (xdg, "")],
        ] {
            assert_eq!(located(None, env), None, "{env:?}");
        }
    }
}
