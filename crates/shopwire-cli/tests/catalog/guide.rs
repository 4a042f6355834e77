//! The commands of the guide's chapter, run as they stand there.

use std::process::Command;

use crate::{folder, names};

const GUIDE: &str = include_str!("../../../../docs/guide.md");

// J6, X1
#[cfg(unix)]
#[test]
fn j6_the_commands_of_the_guide_work() {
    let chapter = GUIDE
        .split("\n## ")
        .find(|chapter| chapter.starts_with("A price list into three services\n"));
    let chapter = chapter.expect("the chapter");
    let blocks: Vec<&str> = chapter
        .split("```sh\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap_or_default())
        .collect();
    assert!(blocks.len() >= 3, "{}", blocks.len());
    let folder = folder("guide");
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_shopwire"));
    let path = format!(
        "{}:{}",
        binary.parent().expect("a directory").display(),
        std::env::var("PATH").unwrap_or_default()
    );
    let done = Command::new("bash")
        .args(["-euo", "pipefail", "-c", &blocks.concat()])
        .current_dir(&folder)
        .env("PATH", path)
        .output()
        .expect("bash runs");
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(
        done.status.success(),
        "{said}\n{}",
        String::from_utf8_lossy(&done.stdout)
    );
    assert_eq!(
        names(&folder),
        [
            "bad.csv",
            "goods.csv",
            "icml.xml",
            "products.csv",
            "yml.xml"
        ],
        "{said}"
    );
    // What the chapter shows of the output is what comes.
    for shown in chapter
        .split("```text\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap_or_default())
    {
        for line in shown.lines() {
            let out = String::from_utf8_lossy(&done.stdout);
            assert!(
                said.lines().chain(out.lines()).any(|said| said == line),
                "{line}\n{said}\n{out}"
            );
        }
    }
}
