//! `cargo xtask bench [name…]`: the benches with their peers, all or those that are named.
//!
//! They print ratios within one run, allocations and instructions; nothing here passes or fails by time. `multipart`
//! fails by instructions.

use std::process::Command;

/// Each bench: its name, and where it lies. One stands in a workspace of its own, for its heavy peers.
const BENCHES: &[(&str, &[&str])] = &[
    ("sign", &["--package", "nicechat-sign", "--bench", "sign"]),
    (
        "sigv4",
        &[
            "--manifest-path",
            "crates/nicechat-sign/benches/sigv4/Cargo.toml",
        ],
    ),
    ("forms", &["--package", "nicechat-api", "--bench", "forms"]),
    (
        "decode",
        &["--package", "common-model", "--bench", "decode"],
    ),
    (
        "linear",
        &["--package", "common-model", "--bench", "linear"],
    ),
    (
        "decoding",
        &["--package", "retailcrm-v5", "--bench", "decoding"],
    ),
    (
        "orders",
        &["--package", "retailcrm-v5", "--bench", "orders"],
    ),
    (
        "multipart",
        &[
            "--package",
            "common-api",
            "--features",
            "forms",
            "--bench",
            "multipart",
        ],
    ),
    ("walks", &["--package", "retailcrm-v5", "--bench", "walks"]),
    ("write", &["--package", "common-model", "--bench", "write"]),
    (
        "limiter",
        &["--package", "common-transport", "--bench", "limiter"],
    ),
    (
        "shared",
        &["--package", "common-limit-redis", "--bench", "shared"],
    ),
    (
        "call",
        &["--package", "common-transport", "--bench", "call"],
    ),
    (
        "instructions",
        &["--package", "common-transport", "--bench", "instructions"],
    ),
    (
        "memory",
        &["--package", "common-transport", "--bench", "memory"],
    ),
    (
        "export",
        &["--package", "shopwire-cli", "--bench", "export"],
    ),
    (
        "catalog",
        &["--package", "shopwire-cli", "--bench", "catalog"],
    ),
    (
        "sqlite",
        &["--package", "common-durable", "--bench", "sqlite"],
    ),
    (
        "postgres",
        &["--package", "common-durable", "--bench", "postgres"],
    ),
];

/// Names for several benches.
const GROUPS: &[(&str, &[&str])] = &[("durable", &["sqlite", "postgres"])];

/// Runs the benches of these names, or all.
pub(crate) fn run(names: &[String]) -> Result<(), String> {
    for (name, place) in chosen(names)? {
        println!("== {name} ==");
        let status = Command::new(env!("CARGO"))
            .current_dir(crate::root())
            .args(["bench", "--quiet"])
            .args(place)
            .status()
            .map_err(|error| error.to_string())?;
        if !status.success() {
            return Err(format!("{name}: the bench failed"));
        }
    }
    Ok(())
}

type Bench = (&'static str, &'static [&'static str]);

fn chosen(names: &[String]) -> Result<Vec<Bench>, String> {
    if names.is_empty() {
        return Ok(BENCHES.to_vec());
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    Ok(named_all(&names)?.concat())
}

/// Returns the benches of a name: one, or those of a group.
fn named(name: &str) -> Result<Vec<Bench>, String> {
    let group = GROUPS.iter().find(|(group, _)| *group == name);
    if let Some((_, members)) = group {
        return Ok(named_all(members)?.concat());
    }
    let bench = BENCHES.iter().find(|(known, _)| *known == name);
    bench.map(|bench| vec![*bench]).ok_or_else(|| {
        let groups = GROUPS.iter().map(|(name, _)| *name);
        let known: Vec<&str> = BENCHES
            .iter()
            .map(|(name, _)| *name)
            .chain(groups)
            .collect();
        format!("there is no bench {name:?}; there are {}", known.join(", "))
    })
}

fn named_all(names: &[&str]) -> Result<Vec<Vec<Bench>>, String> {
    names.iter().map(|name| named(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn benches_are_chosen_by_name() {
        let names = |given: &[&str]| {
            let given: Vec<String> = given.iter().map(|name| (*name).to_owned()).collect();
            let chosen = chosen(&given)?;
            Ok::<Vec<_>, String>(chosen.into_iter().map(|(name, _)| name).collect())
        };
        assert_eq!(names(&[]).unwrap().len(), BENCHES.len());
        assert_eq!(names(&["call", "sign"]).unwrap(), ["call", "sign"]);
        assert_eq!(names(&["durable"]).unwrap(), ["sqlite", "postgres"]);
        assert!(names(&["sing"]).unwrap_err().contains("there are sign, "));
    }

    #[test]
    fn every_bench_of_a_crate_is_listed() {
        let listed: Vec<&str> = BENCHES.iter().map(|(name, _)| *name).collect();
        for package in std::fs::read_dir(crate::root().join("crates")).unwrap() {
            let benches = package.unwrap().path().join("benches");
            for bench in std::fs::read_dir(benches).into_iter().flatten() {
                let name = bench.unwrap().file_name();
                assert!(listed.contains(&&*name.to_string_lossy()), "{name:?}");
            }
        }
    }
}
