//! Exports that fail: what they leave, and what they advise.

use super::{
    shop::{Shop, rows},
    support::{Run, text},
};

fn message(run: &Run) -> String {
    assert_eq!(run.code, 1, "{run:?}");
    text(&run.error(), "message").to_owned()
}

fn files(shop: &Shop) -> Vec<String> {
    let files = std::fs::read_dir(&shop.folder).expect("a folder");
    files
        .map(|file| {
            file.expect("a file")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect()
}

// J8: the service refuses the date. The corrected command needs no other option.
#[test]
fn j8_a_filter_that_is_refused_leaves_no_file_and_no_advice_to_resume() {
    let shop = Shop::new("refused", 3);
    let orders = ["retailcrm", "orders", "--json"];
    let wrong = ["--filter", "createdAtFrom=01.01.2025"];
    let to_file = ["--output", "a.csv"];
    let refused = message(&shop.export(&[&orders[..], &wrong, &to_file].concat()));
    assert!(!refused.contains("resume"), "{refused}");
    assert_eq!(files(&shop), Vec::<String>::new());
    let to_stdout = message(&shop.export(&[&orders[..], &wrong].concat()));
    assert!(!to_stdout.contains("resume"), "{to_stdout}");
    let right = ["--filter", "createdAtFrom=2025-01-01"];
    shop.exported(&[&orders[..], &right, &to_file].concat());
    assert_eq!(files(&shop), ["a.csv"]);
}

// J8: the first request of all asks for the newest change.
#[test]
fn j8_an_export_that_fails_before_its_first_row_leaves_no_file() {
    let shop = Shop::new("first-row", 3);
    for operation in ["orders.list_history", "orders.list"] {
        let fault = format!(
            r#"{{"service":"retailcrm","kind":"status","status":500,"operation":"{operation}","times":null}}"#
        );
        shop.sandbox.admin("POST", "/api/faults", &fault);
        let args = ["retailcrm", "orders", "--json", "--output", "a.jsonl"];
        let failed = message(&shop.export(&args));
        assert!(!failed.contains("resume"), "{failed}");
        assert_eq!(files(&shop), Vec::<String>::new(), "{operation}");
        shop.sandbox.admin("DELETE", "/api/faults", "");
    }
}

// J8: rows are kept, but the same request would be refused again.
#[test]
fn j8_a_refusal_after_rows_keeps_them_and_says_how_to_begin_anew() {
    let shop = Shop::new("late", 60);
    let page = ["retailcrm", "orders", "--json", "--param", "limit=20"];
    let args = [&page[..], &["--output", "a.jsonl"]].concat();
    let fault = |status: u16| {
        let fault = format!(
            r#"{{"service":"retailcrm","kind":"status","status":{status},"operation":"orders.list","after":1,"times":null}}"#
        );
        shop.sandbox.admin("POST", "/api/faults", &fault);
    };
    fault(400);
    let refused = message(&shop.export(&args));
    assert!(
        refused.contains("--restart") && !refused.contains("--resume"),
        "{refused}"
    );
    shop.sandbox.admin("DELETE", "/api/faults", "");
    fault(500);
    let lost = message(&shop.export(&[&args[..], &["--restart"]].concat()));
    assert!(lost.contains("--resume"), "{lost}");
    shop.sandbox.admin("DELETE", "/api/faults", "");
    shop.exported(&[&args[..], &["--resume"]].concat());
    assert_eq!(rows(&shop.path("a.jsonl")).len(), 60);
}
