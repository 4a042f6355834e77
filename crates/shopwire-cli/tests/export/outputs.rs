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
