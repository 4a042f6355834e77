//! The commands of the guide's chapters, as they stand there.

use std::path::Path;
use std::process::Command;

use super::shop::{Shop, orders};
use super::support::private_file;

/// The blocks for a shell in a chapter.
fn blocks(title: &str) -> Vec<String> {
    let guide = include_str!("../../../../docs/guide.md");
    let chapter = guide.split(&format!("\n## {title}\n")).nth(1);
    let chapter = chapter.expect("the chapter").split("\n## ").next();
    let blocks = chapter.expect("its end").split("```sh\n").skip(1);
    let blocks = blocks.filter_map(|block| block.split("```").next());
    let blocks: Vec<String> = blocks.map(str::to_owned).collect();
    assert!(blocks.len() > 3, "{blocks:?}");
    blocks
}

/// Runs a block in the folder of a shop, with the command in the path.
fn run(shop: &Shop, block: &str, prepare: impl Fn(&mut Command)) {
    let folder = Path::new(env!("CARGO_BIN_EXE_shopwire")).parent();
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", folder.expect("a folder").display());
    let mut shell = Command::new("sh");
    shell
        .args(["-e", "-c", block])
        .env("PATH", path)
        .env("XDG_CONFIG_HOME", &shop.folder)
        .current_dir(&shop.folder);
    prepare(&mut shell);
    let output = shell.output().expect("it runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{block}\n{errors}");
}

// J5
#[test]
fn j5_the_commands_of_the_guide_work() {
    let shop = Shop::new("guide");
    let service = shop.sandbox.retailcrm();
    for block in blocks("Rows into RetailCRM") {
        run(&shop, &block, |shell| {
            shell
                .env("RETAILCRM_URL", service.url())
                .env("RETAILCRM_API_KEY", service.api_key());
        });
    }
    assert!(
        shop.values("orders", "externalId")
            .contains(&"S-2".to_owned())
    );
}

// J5, J7
#[test]
fn j5_an_account_moves_by_the_commands_of_the_guide() {
    let (old, new) = (Shop::new("old"), Shop::new("new"));
    let customers: String = (1..=3)
        .map(|n| format!("{{\"externalId\":\"c-{n}\",\"firstName\":\"Anna\"}}\n"))
        .collect();
    old.write("some.jsonl", &customers);
    old.imported(&["customers", "some.jsonl"]);
    let of_customers = |numbers| {
        let rows: String = orders(numbers);
        rows.replace(
            "\"firstName\"",
            "\"customer\":{\"externalId\":\"c-1\"},\"firstName\"",
        )
    };
    old.write("begun.jsonl", &of_customers(1..=5));
    old.imported(&["orders", "begun.jsonl"]);
    let mut settings = String::new();
    for (name, shop) in [("old", &old), ("new", &new)] {
        let service = shop.sandbox.retailcrm();
        let (url, key) = (service.url(), service.api_key());
        settings += &format!("[profile.{name}.retailcrm]\nurl = \"{url}\"\napi_key = \"{key}\"\n");
    }
    let file = private_file("moving", "shopwire.toml", &settings);
    for block in blocks("Moving an account") {
        // An order of the last minute.
        if block.contains("since=") {
            old.write("late-orders.jsonl", &of_customers(6..=6));
            old.imported(&["orders", "late-orders.jsonl"]);
        }
        run(&old, &block, |shell| {
            shell.env("SHOPWIRE_CONFIG", &file);
        });
    }
    for entity in ["customers", "orders"] {
        let ids = |shop: &Shop| shop.values(entity, "externalId");
        assert_eq!(ids(&new), ids(&old), "{entity}");
    }
}
