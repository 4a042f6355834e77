//! A second run beside or after a first one.

use std::process::Stdio;

use super::{
    shop::{Shop, ids, number, orders, summary},
    support::{run, text},
};

const COSTS: &str = "dateFrom,dateTo,summ,costItem\n2026-01-01,2026-01-31,1,advertising\n";

// J5: with another file for rejects, the checkpoint is not found; beginning anew would double the rows.
#[test]
fn j5_resuming_without_a_checkpoint_sends_nothing() {
    let shop = Shop::new("resume-elsewhere");
    shop.write("costs.csv", COSTS);
    shop.imported(&["costs", "costs.csv", "--rejects", "a.csv"]);
    let again = shop.import(&["costs", "costs.csv", "--resume", "--json"]);
    assert_eq!((again.code, text(&again.error(), "kind")), (2, "usage"));
    let error = again.error();
    let message = text(&error, "message");
    assert!(
        message.contains("costs.csv.rejects.csv.checkpoint"),
        "{message}"
    );
    assert!(message.contains("--rejects"), "{message}");
    assert_eq!(shop.rows("costs").len(), 1);
    // So does an import that ended before it began.
    shop.write("costs.csv.rejects.csv.checkpoint", "");
    let again = shop.import(&["costs", "costs.csv", "--resume"]);
    assert_eq!(again.code, 2, "{}", again.stderr);
    assert_eq!(shop.rows("costs").len(), 1);
    shop.imported(&["costs", "costs.csv"]);
    assert_eq!(shop.rows("costs").len(), 2);
}

// J5: the file that is imported is never written over.
#[test]
fn j5_the_file_of_the_rows_cannot_be_the_file_of_the_rejects() {
    let shop = Shop::new("same-file");
    shop.write("orders.jsonl", &orders(1..=2));
    for args in [&[][..], &["--restart"]] {
        let args = [
            &[
                "orders",
                "orders.jsonl",
                "--yes",
                "--rejects",
                "./orders.jsonl",
            ],
            args,
        ];
        let run = shop.import(&args.concat());
        assert_eq!(run.code, 2, "{}", run.stderr);
        assert!(run.stderr.contains("--rejects"), "{}", run.stderr);
    }
    assert_eq!(shop.read("orders.jsonl"), orders(1..=2));
}

// J5: rejects that cannot be written leave nothing behind that the next run stumbles over.
#[test]
fn j5_an_import_that_cannot_begin_leaves_no_checkpoint() {
    let shop = Shop::new("no-rejects");
    shop.write("orders.jsonl", &orders(1..=2));
    std::fs::create_dir(shop.path("orders.jsonl.rejects.jsonl")).expect("a folder");
    let run = shop.import(&["orders", "orders.jsonl", "--yes"]);
    assert_ne!(run.code, 0);
    std::fs::remove_dir(shop.path("orders.jsonl.rejects.jsonl")).expect("removed");
    assert!(!shop.path("orders.jsonl.rejects.jsonl.checkpoint").exists());
    shop.imported(&["orders", "orders.jsonl"]);
}

// J5
#[test]
fn j5_two_imports_of_one_file_at_once_send_each_row_once() {
    let shop = Shop::new("at-once");
    for at in 0..6 {
        let (file, first) = (format!("costs-{at}.csv"), shop.rows("costs").len());
        shop.write(
            &file,
            &format!("{COSTS}2026-01-01,2026-01-31,2,advertising\n"),
        );
        let mut one = shop.command(&["import", "retailcrm", "costs", &file, "--quiet"]);
        let mut other = one.stderr(Stdio::null()).spawn().expect("started");
        let code = run(one.stderr(Stdio::piped()), "").code;
        let other = other.wait().expect("ended").code().expect("a code");
        assert!([code, other].contains(&0), "{code}, {other}");
        assert_eq!(shop.rows("costs").len(), first + 2, "{code}, {other}");
    }
}

// J8: a script reads one document, however the import ended.
#[test]
fn j8_the_summary_and_the_error_are_one_document() {
    let shop = Shop::new("one-document");
    let bad = orders(3..=3).replace("\"firstName\"", "\"status\":\"no-such\",\"firstName\"");
    shop.write("orders.jsonl", &(orders(1..=2) + &bad));
    let refused = shop.import(&["orders", "orders.jsonl", "--yes", "--json"]);
    assert_eq!(
        (refused.code, text(&refused.error(), "kind")),
        (1, "partial")
    );
    assert_eq!(number(&summary(&refused), "landed"), 2);
    let documents = |text: &str| text.lines().filter(|line| line.starts_with('{')).count();
    assert_eq!(documents(&refused.stderr), 1, "{}", refused.stderr);
    // A failure in the middle tells what was done before it.
    shop.write("more.jsonl", &orders(4..=120));
    let down = shopwire_sandbox::Fault::status(http::StatusCode::FORBIDDEN);
    shop.fault(down.on_operation("orders.upload").after(1).always());
    let failed = shop.import(&["orders", "more.jsonl", "--yes", "--json"]);
    assert_eq!(
        (failed.code, documents(&failed.stderr)),
        (1, 1),
        "{}",
        failed.stderr
    );
    assert_eq!(number(&summary(&failed), "landed"), 50);
    assert_eq!(number(&summary(&failed), "left"), 67);
    assert!(text(&failed.error(), "message").contains("--resume"));
    assert_eq!(shop.values("orders", "externalId").len(), ids(1..=52).len());
}
