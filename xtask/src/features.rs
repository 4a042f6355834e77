//! `cargo xtask features`: each crate builds alone, with no features, with each feature alone, with all of them.
//!
//! Features unify across a workspace build, so a crate that forgot one of its own is only seen alone.

use std::process::Command;

use serde_json::Value;

/// A group of a generated client is one module like its siblings: this many of them stand for all.
const GROUPS_CHECKED: usize = 2;

/// A program that builds only if nothing it stands on links `std`.
const NO_STD: &str = "crates/nicechat-sign/tests/no_std/Cargo.toml";

/// Checks every combination; collects all failures before it reports them.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    if !args.is_empty() {
        return Err("usage: cargo xtask features".into());
    }
    let mut failures = Vec::new();
    for package in packages()? {
        for flags in combinations(&package) {
            let shown = format!("cargo check -p {} {}", package.name, flags.join(" "));
            println!("{shown}");
            if !check(&package.name, &flags)? {
                failures.push(format!("failed: {shown}"));
            }
        }
    }
    println!("cargo build --manifest-path {NO_STD}");
    if !build_without_std()? {
        failures.push(format!("failed: cargo build --manifest-path {NO_STD}"));
    }
    if failures.is_empty() {
        Ok(())
    } else {
        Err(failures.join("\n"))
    }
}

struct Package {
    name: String,
    /// Names of the features but `default`; those behind `full` (one a group) kept apart.
    features: Vec<String>,
    groups: Vec<String>,
}

fn packages() -> Result<Vec<Package>, String> {
    let output = cargo()
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .output()
        .map_err(|e| e.to_string())?;
    let metadata: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("cargo metadata: {error}"))?;
    let members = metadata["packages"].as_array().into_iter().flatten();
    let libraries = members.filter(|package| package["publish"].is_null());
    Ok(libraries.map(package).collect())
}

fn package(metadata: &Value) -> Package {
    let table = &metadata["features"];
    let groups: Vec<String> = table["full"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect();
    let names = table
        .as_object()
        .into_iter()
        .flat_map(|features| features.keys().cloned());
    let features = names
        .filter(|name| name != "default" && !groups.contains(name))
        .collect();
    Package {
        name: metadata["name"].as_str().unwrap_or_default().to_owned(),
        features,
        groups,
    }
}

fn combinations(package: &Package) -> Vec<Vec<String>> {
    let alone = |feature: &String| {
        vec![
            "--no-default-features".into(),
            "--features".into(),
            feature.clone(),
        ]
    };
    let mut combinations = vec![
        vec!["--no-default-features".into()],
        vec![],
        vec!["--all-features".into()],
    ];
    combinations.extend(package.features.iter().map(alone));
    combinations.extend(package.groups.iter().take(GROUPS_CHECKED).map(alone));
    if package.features.is_empty() {
        combinations.truncate(1);
    }
    combinations
}

fn check(package: &str, flags: &[String]) -> Result<bool, String> {
    let status = cargo()
        .args(["check", "--quiet", "--package", package])
        .args(flags)
        .status();
    Ok(status.map_err(|error| error.to_string())?.success())
}

fn build_without_std() -> Result<bool, String> {
    let status = cargo()
        .args(["build", "--quiet", "--manifest-path", NO_STD])
        .args(["--target-dir", "target/no_std"])
        .status();
    Ok(status.map_err(|error| error.to_string())?.success())
}

fn cargo() -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(crate::root());
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn x11_each_feature_is_checked_alone_and_groups_by_two() {
        let metadata = serde_json::json!({"name": "a", "features": {
            "default": ["client"], "client": [], "serde": [],
            "full": ["costs", "orders", "store"], "costs": [], "orders": [], "store": [],
        }});
        let shown: Vec<String> = combinations(&package(&metadata))
            .iter()
            .map(|flags| flags.join(" "))
            .collect();
        let alone = |name: &str| format!("--no-default-features --features {name}");
        let mut expected = vec![
            "--no-default-features".to_owned(),
            String::new(),
            "--all-features".to_owned(),
        ];
        expected.extend(["client", "full", "serde", "costs", "orders"].map(alone));
        assert_eq!(shown, expected);
        let bare = serde_json::json!({"name": "b", "features": {}});
        assert_eq!(combinations(&package(&bare)).len(), 1);
    }

    #[test]
    fn x11_every_library_of_the_workspace_is_in_the_matrix() {
        let packages = packages().unwrap();
        let mut names: Vec<&str> = packages.iter().map(|package| &*package.name).collect();
        names.sort_unstable();
        let crates = std::fs::read_dir(crate::root().join("crates")).unwrap();
        let mut folders: Vec<String> = crates
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        folders.sort_unstable();
        assert_eq!(names, folders);
        let crm = packages
            .iter()
            .find(|package| package.name == "retailcrm-v5")
            .unwrap();
        assert!(crm.groups.len() > GROUPS_CHECKED && crm.features.contains(&"serde".to_owned()));
        assert!(
            !check(
                "retailcrm-v5",
                &["--features".into(), "no-such-feature".into()]
            )
            .unwrap()
        );
    }
}
