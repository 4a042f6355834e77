//! The file that is written, and what was there before.

use super::{
    shop::{Shop, number, rows, summary},
    support::text,
};

/// Number of requests that the service had.
fn requests(shop: &Shop) -> i64 {
    let path = "/api/requests?service=retailcrm&limit=1";
    let listed = shop.sandbox.admin("GET", path, "");
    number(&common_model::from_json(&listed).expect("JSON"), "total")
}

// J2
#[test]
fn j2_a_file_that_is_replaced_is_told() {
    let shop = Shop::new("replaced", 30);
    let orders = ["retailcrm", "orders", "--output", "a.csv"];
    let first = shop.exported(&orders);
    assert!(!first.stderr.contains("in place of"), "{}", first.stderr);
    let size = std::fs::metadata(shop.path("a.csv"))
        .expect("the file")
        .len();
    let trial = shop.exported(&[&orders[..], &["--limit", "3"]].concat());
    let told = format!("wrote a.csv in place of an older file of {size} bytes");
    assert!(trial.stderr.contains(&told), "{}", trial.stderr);
    let size = std::fs::metadata(shop.path("a.csv"))
        .expect("the file")
        .len();
    let json = shop.exported(&[&orders[..], &["--json"]].concat());
    assert_eq!(number(&summary(&json), "replaced_bytes"), size as i64);
    let quiet = shop.exported(&[&orders[..], &["--quiet"]].concat());
    assert_eq!(quiet.stderr, "");
    // One row is told as one.
    let one = shop.exported(&["retailcrm", "orders", "--limit", "1"]);
    assert!(one.stderr.contains("orders: 1 row in "), "{}", one.stderr);
}

// J2: before the first request, not after an hour of them.
#[test]
fn j2_an_output_that_can_be_no_file_is_refused_before_the_first_request() {
    let shop = Shop::new("no-file", 3);
    std::fs::create_dir(shop.path("folder.csv")).expect("a folder");
    let before = requests(&shop);
    for (name, why) in [
        ("folder.csv", "is a folder"),
        ("nosuch/a.csv", "there is no folder nosuch"),
        #[cfg(unix)]
        ("/dev/null", "is no plain file"),
    ] {
        for format in ["csv", "parquet"] {
            let args = ["--output", name, "--format", format, "--json"];
            let run = shop.export(&[&["retailcrm", "orders"][..], &args].concat());
            assert_eq!(run.code, 2, "{run:?}");
            let message = run.error();
            assert!(text(&message, "message").contains(why), "{run:?}");
        }
    }
    assert_eq!(requests(&shop), before);
    let left = std::fs::read_dir(&shop.folder).expect("a folder").count();
    assert_eq!(left, 1);
    shop.exported(&["retailcrm", "orders", "--output", "./a.jsonl"]);
    assert_eq!(rows(&shop.path("a.jsonl")).len(), 3);
}

/// The mode of a file, in octal digits.
#[cfg(unix)]
fn mode(path: &std::path::Path) -> String {
    use std::os::unix::fs::PermissionsExt as _;
    let data =
        std::fs::metadata(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    format!("{:o}", data.permissions().mode() & 0o777)
}

/// An export of a shell with this umask.
#[cfg(unix)]
fn under_umask(shop: &Shop, umask: &str, args: &str) -> std::process::Command {
    let export = shop.sandbox.command(&[]);
    let environment = export
        .get_envs()
        .filter_map(|(name, value)| Some((name, value?)));
    let environment: Vec<_> = environment
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let mut shell = std::process::Command::new("sh");
    let program = env!("CARGO_BIN_EXE_shopwire");
    let script = format!("umask {umask}; exec {program} export retailcrm orders --quiet {args}");
    shell
        .args(["-c", &script])
        .envs(environment)
        .current_dir(&shop.folder);
    shell
}

// J2, J3: rows are personal. Files that nobody was promised are the user's alone.
#[cfg(unix)]
#[test]
fn j3_files_under_construction_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let shop = Shop::new("modes", 200);
    for format in ["jsonl", "csv", "parquet"] {
        let name = format!("a.{format}");
        let checkpoint = shop.path(&format!("{name}.checkpoint"));
        let args = format!("--param limit=20 --output {name}");
        let mut child = under_umask(&shop, "027", &args).spawn().expect("it starts");
        while std::fs::read_to_string(&checkpoint).map_or(0, |text| text.lines().count()) < 2 {
            std::thread::yield_now();
        }
        child.kill().expect("SIGKILL");
        child.wait().expect("it ended");
        assert_eq!(mode(&checkpoint), "600");
        assert_eq!(mode(&shop.path(&format!("{name}.partial"))), "600");
        // The finished file has the mode of any new file, and then that of the file that it replaces.
        let finish = |args: &str| {
            let ended = under_umask(&shop, "027", args).status().expect("it runs");
            assert!(ended.success(), "{args}");
        };
        finish(&format!("{args} --resume"));
        assert_eq!(mode(&shop.path(&name)), "640", "{name}");
        let open = std::fs::Permissions::from_mode(0o604);
        std::fs::set_permissions(shop.path(&name), open).expect("its mode");
        finish(&args);
        assert_eq!(mode(&shop.path(&name)), "604", "{name}");
    }
}
