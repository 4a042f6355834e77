//! Tables as spreadsheets write them.

use super::shop::Shop;

// J5
#[test]
fn j5_a_table_in_windows_1251_with_semicolons_is_read() {
    let shop = Shop::new("encoding");
    let text = "externalId;firstName;call\r\nk-1;\u{0410}\u{043d}\u{043d}\u{0430};TRUE\r\n";
    let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(text);
    std::fs::write(shop.path("orders.csv"), bytes).expect("written");
    let run = shop.import(&["orders", "orders.csv", "--yes"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    shop.imported(&["orders", "orders.csv", "--encoding", "windows-1251"]);
    assert_eq!(shop.values("orders", "firstName"), ["Анна"]);
}

// J5
#[test]
fn j5_a_table_with_tabs_and_one_that_names_its_separator_are_read() {
    let shop = Shop::new("separators");
    shop.write("a.tsv", "externalId\tfirstName\no-1\tAnn, Ben; Cid\n");
    shop.imported(&["orders", "a.tsv"]);
    shop.write(
        "b.csv",
        "\u{feff}sep=;\r\nexternalId;firstName\r\no-2;\"Ann, Ben\"\r\n",
    );
    shop.imported(&["orders", "b.csv"]);
    assert_eq!(
        shop.values("orders", "firstName"),
        ["Ann, Ben", "Ann, Ben; Cid"]
    );
}

// J5
#[test]
fn j5_phones_and_ids_that_a_spreadsheet_has_spoilt_are_warned_of() {
    let shop = Shop::new("odd");
    let more: String = (4..=30).map(|at| format!("o-{at};Ann;none\n")).collect();
    shop.write(
        "orders.csv",
        &format!(
            "externalId;firstName;phone\no-1;Ann;3,80501E+11\n4,82E+12;Ann;+380501112233\n{more}"
        ),
    );
    let run = shop.import(&["orders", "orders.csv", "--yes"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    for part in [
        "line 2, phone: it is written as a spreadsheet",
        ": 9,99999E+99",
        "line 3, externalId: it is written as a spreadsheet",
        "line 4, phone: it has no digit: xxxx",
        "… and 9 values more",
    ] {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
    assert!(!run.stderr.contains("80501"), "{}", run.stderr);
    let told = run.stderr.matches("warning:").count();
    assert_eq!(told, 21, "{}", run.stderr);
}
