//! The commands of the guide's chapter, as they stand there.

use std::process::Command;

use super::shop::Shop;

/// The commands of the blocks for a shell in "A night's export".
fn commands() -> Vec<String> {
    let guide = include_str!("../../../../docs/guide.md");
    let chapter = guide
        .split("\n## A night's export\n")
        .nth(1)
        .expect("the chapter");
    let chapter = chapter.split("\n## ").next().expect("its end");
    let blocks = chapter.split("```sh\n").skip(1);
    let blocks = blocks.filter_map(|block| block.split("```").next());
    blocks.flat_map(str::lines).map(str::to_owned).collect()
}

// J1, J2
#[cfg(unix)]
#[test]
fn j1_the_commands_of_the_guide_work() {
    let shop = Shop::new("guide", 120);
    let folder = std::path::Path::new(env!("CARGO_BIN_EXE_shopwire"))
        .parent()
        .expect("a folder");
    let path = format!(
        "{}:{}",
        folder.display(),
        std::env::var("PATH").unwrap_or_default()
    );
    let commands = commands();
    assert!(commands.len() > 8, "{commands:?}");
    for line in commands {
        let mut shell: Command = shop.sandbox.command(&[]);
        let environment: Vec<_> = shell
            .get_envs()
            .filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())))
            .collect();
        shell = Command::new("sh");
        shell
            .args(["-c", &line])
            .envs(environment)
            .env("PATH", &path)
            .env("XDG_CONFIG_HOME", &shop.folder);
        let output = shell.current_dir(&shop.folder).output().expect("it runs");
        assert!(
            output.status.success(),
            "{line}\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    for name in [
        "orders.parquet",
        "summary.json",
        "orders.csv",
        "items.csv",
        "excel.csv",
        "changed.jsonl",
        "history.jsonl",
    ] {
        let size = std::fs::metadata(shop.path(name)).expect(name).len();
        assert!(size > 0, "{name}");
    }
}
