//! `cargo xtask invariants`: what `docs/architecture.md` says that no crate has.
//!
//! The clocks are held by `clippy.toml`, what may enter the tree at all by `deny.toml`, secrets without `Display`
//! by `compile_fail` examples beside each.

use std::{collections::BTreeSet, process::Command};

use serde_json::Value;

/// A crate as it is built, and the crates that its tree must not hold.
struct Absence {
    package: &'static str,
    /// Flags of cargo that choose features.
    features: &'static [&'static str],
    absent: &'static [&'static str],
}

const RUNTIME: &[&str] = &["tokio", "hyper", "hyper-util", "rustls"];

const ABSENCES: &[Absence] = &[
    Absence {
        package: "nicechat-sign",
        features: &["--no-default-features"],
        absent: &["http", "bytes", "serde", "serde_json", "tokio"],
    },
    Absence {
        package: "nicechat-sign",
        features: &["--all-features"],
        absent: &["serde", "serde_json", "tokio", "hyper"],
    },
    Absence {
        package: "common-transport",
        features: &["--all-features"],
        absent: &["serde", "serde_json", "common-model", "nicechat-sign"],
    },
    Absence {
        package: "common-transport",
        features: &["--no-default-features"],
        absent: RUNTIME,
    },
    Absence {
        package: "common-model",
        features: &["--all-features"],
        absent: &["http", "tokio", "hyper", "tower-service"],
    },
    Absence {
        package: "common-durable",
        features: &["--all-features"],
        absent: &[
            "http",
            "hyper",
            "serde_json",
            "common-transport",
            "common-model",
        ],
    },
    Absence {
        package: "common-durable",
        features: &["--no-default-features"],
        absent: RUNTIME,
    },
    Absence {
        package: "common-limit-redis",
        features: &["--all-features"],
        absent: &["hyper", "serde", "serde_json", "common-model", "common-api"],
    },
    Absence {
        package: "common-api",
        features: &["--no-default-features"],
        absent: RUNTIME,
    },
    Absence {
        package: "common-api",
        features: &["--no-default-features", "--features", "receivers"],
        absent: &["hyper", "hyper-util", "rustls"],
    },
    Absence {
        package: "nicechat-api",
        features: &["--no-default-features", "--features", "serde"],
        absent: RUNTIME,
    },
    Absence {
        package: "uvygoda-rpc",
        features: &["--no-default-features", "--features", "serde"],
        absent: RUNTIME,
    },
    Absence {
        package: "retailcrm-v5",
        features: &["--no-default-features", "--features", "full,serde,webhooks"],
        absent: RUNTIME,
    },
    // The facade brings what was asked for, and no more.
    Absence {
        package: "shopwire",
        features: &["--no-default-features"],
        absent: &[
            "nicechat-api",
            "nicechat-sign",
            "retailcrm-v5",
            "uvygoda-rpc",
        ],
    },
    Absence {
        package: "shopwire",
        features: &["--no-default-features", "--features", "sign"],
        absent: &["nicechat-api", "retailcrm-v5", "uvygoda-rpc"],
    },
    Absence {
        package: "shopwire",
        features: &["--no-default-features", "--features", "nicechat"],
        absent: &["retailcrm-v5", "uvygoda-rpc"],
    },
    Absence {
        package: "shopwire",
        features: &[
            "--no-default-features",
            "--features",
            "uvygoda,receivers,serde",
        ],
        absent: &["nicechat-api", "nicechat-sign", "retailcrm-v5"],
    },
    Absence {
        package: "shopwire",
        features: &[
            "--no-default-features",
            "--features",
            "retailcrm,receivers,serde",
        ],
        absent: &["nicechat-api", "nicechat-sign", "uvygoda-rpc"],
    },
    Absence {
        package: "shopwire-sandbox",
        features: &["--all-features"],
        absent: &[
            "common-model",
            "common-api",
            "common-transport",
            "nicechat-api",
            "uvygoda-rpc",
            "retailcrm-v5",
        ],
    },
];

/// Which member may stand on which: the arrows of the first picture in `docs/architecture.md`.
const ARROWS: &[(&str, &[&str])] = &[
    ("nicechat-sign", &[]),
    ("common-transport", &[]),
    ("common-model", &[]),
    ("common-durable", &[]),
    ("common-limit-redis", &["common-transport"]),
    ("common-api", &["common-model", "common-transport"]),
    (
        "nicechat-api",
        &[
            "common-api",
            "common-model",
            "common-transport",
            "nicechat-sign",
        ],
    ),
    (
        "uvygoda-rpc",
        &["common-api", "common-model", "common-transport"],
    ),
    (
        "retailcrm-v5",
        &["common-api", "common-model", "common-transport"],
    ),
    ("shopwire-sandbox", &["nicechat-sign"]),
    (
        "shopwire",
        &[
            "common-api",
            "common-durable",
            "common-limit-redis",
            "common-model",
            "common-transport",
            "nicechat-api",
            "nicechat-sign",
            "retailcrm-v5",
            "uvygoda-rpc",
        ],
    ),
];

/// Members that stand on everything, and are stood on by nothing.
const TOPS: &[&str] = &[
    "shopwire-cli",
    "shopwire-tests",
    "shopwire-attack",
    "shopwire-guide",
    "xtask",
];

/// Checks every absence and every arrow; collects all breaches before it reports them.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    if !args.is_empty() {
        return Err("usage: cargo xtask invariants".into());
    }
    let metadata = cargo(&["metadata", "--no-deps", "--format-version", "1"])?;
    let metadata: Value = serde_json::from_str(&metadata).map_err(|error| error.to_string())?;
    let mut breaches = wrong_arrows(&members(&metadata));
    for absence in ABSENCES {
        let flags = absence.features.join(" ");
        println!(
            "{} {flags}: no {}",
            absence.package,
            absence.absent.join(", ")
        );
        let mut tree = vec![
            "tree", "--edges", "normal", "--prefix", "none", "--format", "{p}",
        ];
        tree.extend(["--package", absence.package]);
        tree.extend(absence.features);
        let found = present(&cargo(&tree)?, absence.absent);
        breaches.extend(
            found
                .iter()
                .map(|name| format!("{} {flags} stands on {name}", absence.package)),
        );
    }
    match breaches.is_empty() {
        true => Ok(()),
        false => Err(breaches.join("\n")),
    }
}

/// Each member with the members that it ships with.
fn members(metadata: &Value) -> Vec<(String, BTreeSet<String>)> {
    let packages: Vec<&Value> = metadata["packages"]
        .as_array()
        .into_iter()
        .flatten()
        .collect();
    let name = |value: &Value| value["name"].as_str().unwrap_or_default().to_owned();
    let all: BTreeSet<String> = packages.iter().map(|package| name(package)).collect();
    let stands_on = |package: &Value| {
        let dependencies = package["dependencies"].as_array().into_iter().flatten();
        let shipped = dependencies.filter(|dependency| dependency["kind"].is_null());
        shipped
            .map(name)
            .filter(|dependency| all.contains(dependency))
            .collect()
    };
    packages
        .iter()
        .map(|package| (name(package), stands_on(package)))
        .collect()
}

fn wrong_arrows(members: &[(String, BTreeSet<String>)]) -> Vec<String> {
    let mut breaches = Vec::new();
    for (member, stands_on) in members
        .iter()
        .filter(|(member, _)| !TOPS.contains(&member.as_str()))
    {
        match ARROWS.iter().find(|(name, _)| name == member) {
            None => breaches.push(format!(
                "{member} has no place in the picture: name its arrows in xtask/src/invariants.rs"
            )),
            Some((_, allowed)) => {
                let wrong = stands_on
                    .iter()
                    .filter(|name| !allowed.contains(&name.as_str()));
                breaches.extend(
                    wrong.map(|name| format!("{member} stands on {name}, against the arrows")),
                );
            }
        }
    }
    breaches
}

/// Those of `absent` that the output of `cargo tree` names.
fn present<'a>(tree: &str, absent: &[&'a str]) -> Vec<&'a str> {
    let names: BTreeSet<&str> = tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    absent
        .iter()
        .copied()
        .filter(|name| names.contains(name))
        .collect()
}

fn cargo(args: &[&str]) -> Result<String, String> {
    let mut command = Command::new(env!("CARGO"));
    let output = command
        .current_dir(crate::root())
        .args(args)
        .output()
        .map_err(|error| error.to_string())?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(name: &str, stands_on: &[&str]) -> (String, BTreeSet<String>) {
        (
            name.into(),
            stands_on.iter().map(|&name| name.into()).collect(),
        )
    }

    // T4
    #[test]
    fn t4_an_arrow_up_and_a_stranger_are_breaches() {
        let fine = [
            member("common-api", &["common-model"]),
            member("xtask", &["shopwire"]),
        ];
        assert_eq!(wrong_arrows(&fine), Vec::<String>::new());
        let wrong = [
            member("common-model", &["common-transport"]),
            member("shopwire-sandbox", &["nicechat-sign", "retailcrm-v5"]),
            member("stranger", &[]),
        ];
        let breaches = wrong_arrows(&wrong);
        let named = [
            "common-model stands on common-transport",
            "shopwire-sandbox stands on retailcrm-v5",
            "stranger has no place",
        ];
        assert_eq!(breaches.len(), named.len(), "{breaches:?}");
        for (breach, name) in breaches.iter().zip(named) {
            assert!(breach.starts_with(name), "{breach}");
        }
    }

    // X1, T4: this workspace, and not an example of one.
    #[test]
    fn x1_t4_every_crate_stands_alone() {
        run(&[]).unwrap();
        // Each API crate without the others, and the signature without HTTP, whatever features are on.
        for service in ["nicechat-api", "uvygoda-rpc", "retailcrm-v5"] {
            let tree = [
                "tree", "--edges", "normal", "--prefix", "none", "--format", "{p}",
            ];
            let tree = cargo(&[&tree[..], &["--package", service, "--all-features"]].concat());
            let others = [
                "nicechat-api",
                "uvygoda-rpc",
                "retailcrm-v5",
                "shopwire",
                "shopwire-sandbox",
            ];
            assert_eq!(present(&tree.unwrap(), &others), [service]);
        }
        let without = ABSENCES
            .iter()
            .filter(|absence| absence.package == "nicechat-sign");
        assert!(
            without
                .clone()
                .any(|absence| absence.absent.contains(&"http"))
        );
        // Who stands on too much is found.
        let tree = cargo(&[
            "tree",
            "--prefix",
            "none",
            "--format",
            "{p}",
            "--package",
            "shopwire",
        ]);
        assert_eq!(
            present(&tree.unwrap(), &["uvygoda-rpc", "nowhere"]),
            ["uvygoda-rpc"]
        );
    }

    // T4
    #[test]
    fn t4_a_crate_is_found_by_its_whole_name() {
        let tree =
            "retailcrm-v5 v0.1.0 (/x)\nhttp v1.3.1\nserde_json v1.0.1\nhyper-util v0.1 (*)\n";
        assert_eq!(
            present(tree, &["http", "hyper", "serde", "hyper-util"]),
            ["http", "hyper-util"]
        );
    }

    /// Every absence can be broken: its crate exists, and so do the crates that it must not hold.
    // T4
    #[test]
    fn t4_absences_name_crates_that_exist() {
        let lock =
            std::fs::read_to_string(crate::root().join("Cargo.lock")).expect("the lock file");
        for absence in ABSENCES {
            for name in absence.absent.iter().chain([&absence.package]) {
                assert!(lock.contains(&format!("name = \"{name}\"\n")), "{name}");
            }
        }
    }
}
