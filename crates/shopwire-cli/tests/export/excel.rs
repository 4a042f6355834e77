//! CSV for Excel: a byte order mark and semicolons.

use std::process::Stdio;

use super::{
    shop::{Shop, number, summary},
    support::{run, text},
};

const ORDERS: [&str; 6] = [
    "retailcrm",
    "orders",
    "--columns",
    "externalId,id,customerComment",
    "--bom",
    "--delimiter",
];

// J2: import and catalog read such a file as it is.
#[test]
fn j2_a_file_for_excel_is_read_by_import_and_catalog() {
    let shop = Shop::new("excel", 3);
    for delimiter in [";", "tab"] {
        shop.exported(&[&ORDERS[..], &[delimiter, "--output", "a.csv"]].concat());
        let written = std::fs::read_to_string(shop.path("a.csv")).expect("the file");
        let separator = if delimiter == "tab" { "\t" } else { delimiter };
        let head = ["\u{feff}externalId", "id", "customerComment\n"].join(separator);
        assert!(written.starts_with(&head), "{written}");
        let mut import = shop
            .sandbox
            .command(&["import", "retailcrm", "orders", "a.csv"]);
        let import = import
            .args(["--dry-run", "--mode", "edit"])
            .current_dir(&shop.folder);
        let import = run(import, "");
        assert!(
            import.code == 0 && import.stdout.contains("ext-3") && import.stdout.contains("lines"),
            "{import:?}"
        );
        let mut feed = shop
            .sandbox
            .command(&["catalog", "write", "a.csv", "--to", "icml"]);
        let maps = [
            "id=externalId",
            "name=externalId",
            "price=id",
            "description=customerComment",
        ];
        let maps = maps.iter().flat_map(|map| ["--map", map]);
        let feed = feed
            .args(maps)
            .args(["--shop-name", "Our shop"])
            .current_dir(&shop.folder);
        let feed = run(feed, "");
        assert!(
            feed.stdout.contains("ext-3") && feed.stdout.contains("with\nlines"),
            "{feed:?}"
        );
    }
}

// J3: a file that was interrupted has the same bytes in the end, with one mark. The style belongs to the arguments.
#[cfg(unix)]
#[test]
fn j3_a_file_for_excel_is_the_same_after_a_kill() {
    let shop = Shop::new("excel-kill", 200);
    let orders = [&ORDERS[..], &[";", "--param", "limit=20", "--output"]].concat();
    shop.exported(&[&orders[..], &["whole.csv"]].concat());
    let mut child = shop
        .sandbox
        .command(&["export"])
        .args(&orders)
        .args(["part.csv", "--quiet"])
        .current_dir(&shop.folder)
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let checkpoint = shop.path("part.csv.checkpoint");
    while std::fs::read_to_string(&checkpoint).map_or(0, |text| text.lines().count()) < 2 {
        std::thread::yield_now();
    }
    child.kill().expect("SIGKILL");
    child.wait().expect("it ended");
    let without_mark: Vec<&str> = orders
        .iter()
        .filter(|word| **word != "--bom")
        .copied()
        .collect();
    let other = shop.export(&[&without_mark[..], &["part.csv", "--resume", "--json"]].concat());
    assert_eq!((other.code, text(&other.error(), "kind")), (2, "usage"));
    let resumed = shop.exported(&[&orders[..], &["part.csv", "--resume", "--json"]].concat());
    assert_eq!(number(&summary(&resumed), "rows"), 200);
    let read = |name: &str| std::fs::read_to_string(shop.path(name)).expect("the file");
    assert_eq!(read("part.csv"), read("whole.csv"));
}
