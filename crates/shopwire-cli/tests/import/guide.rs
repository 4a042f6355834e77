//! The commands of the guide's chapter, as they stand there.

use super::shop::Shop;

/// The blocks for a shell in "Rows into RetailCRM".
fn blocks() -> Vec<String> {
    let guide = include_str!("../../../../docs/guide.md");
    let chapter = guide
        .split("\n## Rows into RetailCRM\n")
        .nth(1)
        .expect("the chapter");
    let chapter = chapter.split("\n## ").next().expect("its end");
    let blocks = chapter.split("```sh\n").skip(1);
    let blocks = blocks.filter_map(|block| block.split("```").next());
    blocks.map(str::to_owned).collect()
}

// J5
#[test]
fn j5_the_commands_of_the_guide_work() {
    let shop = Shop::new("guide");
    let folder = std::path::Path::new(env!("CARGO_BIN_EXE_shopwire"))
        .parent()
        .expect("a folder");
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", folder.display());
    let blocks = blocks();
    assert!(blocks.len() > 3, "{blocks:?}");
    for block in blocks {
        let service = shop.sandbox.retailcrm();
        let output = std::process::Command::new("sh")
            .args(["-e", "-c", &block])
            .env("RETAILCRM_URL", service.url())
            .env("RETAILCRM_API_KEY", service.api_key())
            .env("PATH", &path)
            .env("XDG_CONFIG_HOME", &shop.folder)
            .current_dir(&shop.folder)
            .output()
            .expect("it runs");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{block}\n{errors}");
    }
    assert!(
        shop.values("orders", "externalId")
            .contains(&"S-2".to_owned())
    );
}
