//! CSV and Parquet.

use super::{
    shop::{Shop, rows},
    support::text,
};

// J2
#[test]
fn j2_columns_are_chosen_and_nested_lists_become_rows() {
    let shop = Shop::new("columns", 2);
    let chosen = shop.exported(&[
        "retailcrm",
        "orders",
        "--format",
        "csv",
        "--columns",
        "number,externalId,customerComment,delivery.cost",
    ]);
    let mut lines: Vec<&str> = chosen.stdout.split_inclusive("\"\n").collect();
    lines.sort_unstable();
    assert!(
        chosen
            .stdout
            .starts_with("number,externalId,customerComment,delivery.cost\n")
    );
    assert!(
        chosen
            .stdout
            .contains("1A,ext-1,\"a \"\"comment\"\", with\nlines\","),
        "{}",
        chosen.stdout
    );
    let described = shop.exported(&[
        "retailcrm",
        "orders",
        "--describe",
        "--flatten",
        "items",
        "--format",
        "csv",
    ]);
    assert!(
        described
            .stdout
            .lines()
            .any(|line| line.starts_with("items.quantity ")),
        "{}",
        described.stdout
    );
    let flat = shop.exported(&[
        "retailcrm",
        "orders",
        "--format",
        "csv",
        "--flatten",
        "items",
        "--columns",
        "number,items.quantity",
    ]);
    // Orders without items are one line each.
    assert_eq!(flat.stdout.lines().count(), 3, "{}", flat.stdout);
}

// J2: the Parquet file has the rows of the JSON Lines, in their order, also on standard output.
#[test]
fn j2_a_parquet_file_has_all_rows() {
    use parquet::{
        file::reader::{FileReader as _, SerializedFileReader},
        record::RowAccessor as _,
    };
    let shop = Shop::new("parquet", 230);
    shop.exported(&["retailcrm", "orders", "--output", "a.jsonl"]);
    shop.exported(&[
        "retailcrm",
        "orders",
        "--output",
        "a.parquet",
        "--columns",
        "id,number,createdAt",
    ]);
    let file = std::fs::File::open(shop.path("a.parquet")).expect("the file");
    let reader = SerializedFileReader::new(file).expect("Parquet");
    let ids: Vec<i64> = reader
        .get_row_iter(None)
        .expect("rows")
        .map(|row| row.expect("a row").get_long(0).expect("an id"))
        .collect();
    let wanted: Vec<i64> = rows(&shop.path("a.jsonl"))
        .iter()
        .map(|row| row.get("id").and_then(|id| id.as_i64()).expect("an id"))
        .collect();
    assert_eq!((ids.len(), &ids), (230, &wanted));
    let mut command =
        shop.sandbox
            .command(&["export", "retailcrm", "orders", "--format", "parquet"]);
    let piped = command
        .args(["--columns", "id,number,createdAt"])
        .output()
        .expect("it runs");
    assert_eq!(
        piped.stdout,
        std::fs::read(shop.path("a.parquet")).expect("the file")
    );
}

// J2: a file for a spreadsheet is not silently one of JSON Lines.
#[test]
fn j2_an_ending_that_no_format_has_is_refused_unless_the_format_is_given() {
    let shop = Shop::new("endings", 2);
    let orders = ["retailcrm", "orders", "--json", "--output"];
    for name in ["n.xls", "n.json", "n.csv.gz"] {
        let run = shop.export(&[&orders[..], &[name]].concat());
        assert_eq!(run.code, 2, "{name}");
        let message = run.error();
        let message = text(&message, "message");
        for known in [".jsonl", ".csv", ".parquet", "--format"] {
            assert!(message.contains(known), "{message}");
        }
        assert_eq!(
            std::fs::read_dir(&shop.folder).expect("a folder").count(),
            0,
            "{name}"
        );
    }
    shop.exported(&[&orders[..], &["n.xls", "--format", "csv"]].concat());
    let sheet = std::fs::read_to_string(shop.path("n.xls")).expect("the file");
    assert!(sheet.contains(",number,externalId,"), "{sheet}");
    // JSON Lines is the format of a name without an ending, and of the other name that its files have.
    for name in ["orders", "n.ndjson", "n.JSONL"] {
        shop.exported(&[&orders[..], &[name]].concat());
        assert_eq!(rows(&shop.path(name)).len(), 2, "{name}");
    }
}
