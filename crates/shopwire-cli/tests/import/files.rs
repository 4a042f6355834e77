//! Files that are not what they seem.

use super::shop::Shop;

// J5: a file whose lines are all alike but for a list, such as one with an empty column of ids, is one row.
#[test]
fn j5_lines_that_are_one_row_without_end_are_refused() {
    let shop = Shop::new("endless");
    let line = |at| format!("ktl;{at};{at}\n");
    let many: String = (0..100_000).map(line).collect();
    shop.write(
        "stock.csv",
        &format!("externalId;stores.code;stores.available\nmug;a;1\n{many}cup;a;x\n"),
    );
    let run = shop.import(&["inventories", "stock.csv"]);
    assert_eq!(run.code, 1);
    for part in ["line 3: ", "longer than 1 MiB", "line 100003, ", "2 faults"] {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
}

// J5: a fault quotes the file, which may be anybody's.
#[test]
fn j5_faults_cannot_steer_a_terminal() {
    let shop = Shop::new("steer");
    shop.write("bad.csv", "externalId;a\u{1b}[2J\u{9b}31mb\n1;2\n");
    shop.write("bad.jsonl", "{\"externalId\":\"a\",\"\\u001b[2J\":1}\n");
    for file in ["bad.csv", "bad.jsonl"] {
        let run = shop.import(&["orders", file, "--yes"]);
        assert_eq!(run.code, 1, "{}", run.stderr);
        let is_fine = |letter: char| letter == '\n' || !letter.is_control();
        assert!(run.stderr.chars().all(is_fine), "{:?}", run.stderr);
    }
}

// J5
#[test]
fn j5_a_file_that_is_no_text_is_named_as_what_it_is() {
    let shop = Shop::new("no-text");
    for (name, bytes, kind) in [
        (
            "goods.csv",
            &b"PK\x03\x04\x14\0\x06\0"[..],
            "an Excel workbook",
        ),
        ("goods.parquet", &b"PAR1\x15\x04"[..], "a Parquet file"),
        (
            "old.csv",
            &b"\xd0\xcf\x11\xe0\xa1"[..],
            "an old Excel workbook",
        ),
    ] {
        std::fs::write(shop.path(name), bytes).expect("written");
        let run = shop.import(&["orders", name, "--yes"]);
        assert_eq!(
            (run.code, run.stderr.lines().count()),
            (1, 1),
            "{}",
            run.stderr
        );
        assert!(run.stderr.contains(kind), "{}", run.stderr);
    }
}

// J5
#[test]
fn j5_bytes_of_another_encoding_are_told_once_a_line_with_the_option_that_helps() {
    let shop = Shop::new("other-bytes");
    let text = "externalId;firstName\nk-1;\u{0410}\u{043d}\u{043d}\u{0430}\nk-2;\u{042f}\n";
    let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(text);
    std::fs::write(shop.path("orders.csv"), bytes).expect("written");
    let run = shop.import(&["orders", "orders.csv", "--yes"]);
    let told = run
        .stderr
        .lines()
        .filter(|line| line.contains("--encoding"));
    assert_eq!((run.code, told.count()), (1, 2), "{}", run.stderr);
}
