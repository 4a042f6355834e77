//! Every list, by its name.

use super::{
    shop::{Shop, number, rows, summary},
    support::{command, run, text},
};

fn names(service: &str) -> Vec<String> {
    let listed = run(&mut command(&["export", service]), "");
    assert_eq!((listed.code, listed.stderr.as_str()), (0, ""));
    let words = listed
        .stdout
        .lines()
        .filter_map(|line| line.split(' ').next());
    words.map(str::to_owned).collect()
}

// J1
#[test]
fn j1_every_list_of_every_service_is_exported() {
    let shop = Shop::new("lists", 3);
    for service in ["retailcrm", "nicechat", "uvygoda"] {
        for name in names(service) {
            for format in ["jsonl", "csv", "parquet"] {
                let output = format!("{service}-{name}.{format}");
                let run = shop.exported(&[service, &name, "--output", &output, "--json"]);
                let summary = summary(&run);
                assert_eq!(
                    (text(&summary, "list"), text(&summary, "format")),
                    (&*name, format)
                );
                if format == "jsonl" {
                    let found = rows(&shop.path(&output)).len();
                    assert_eq!(number(&summary, "rows"), found as i64, "{service} {name}");
                }
            }
        }
    }
    let left = std::fs::read_dir(&shop.folder).expect("the folder");
    for file in left {
        let name = file
            .expect("a file")
            .file_name()
            .to_string_lossy()
            .into_owned();
        assert!(
            !name.ends_with(".partial") && !name.ends_with(".checkpoint"),
            "{name}"
        );
    }
    assert_eq!(rows(&shop.path("retailcrm-orders.jsonl")).len(), 3);
    assert!(!rows(&shop.path("retailcrm-statuses.jsonl")).is_empty());
    let books = rows(&shop.path("retailcrm-references.jsonl"));
    let of_statuses = books
        .iter()
        .filter(|row| text(row, "list") == "statuses")
        .count();
    assert_eq!(
        of_statuses,
        rows(&shop.path("retailcrm-statuses.jsonl")).len()
    );
}

// J1
#[test]
fn j1_rows_are_those_of_the_service_and_filters_have_its_names() {
    let shop = Shop::new("filters", 120);
    let raw = shop.sandbox.call(
        "retailcrm",
        "orders.list",
        r#"{"limit":20,"filter":{"externalIds":["ext-7"]}}"#,
    );
    let wanted = raw.json().pointer("/orders/0").expect("an order").clone();
    let run = shop.exported(&["retailcrm", "orders", "--filter", "externalIds[]=ext-7"]);
    let row: common_model::Value = common_model::from_json(&run.stdout).expect("one row");
    assert_eq!(row, wanted);
    let limited = shop.exported(&["retailcrm", "orders", "--limit", "101", "--json"]);
    assert_eq!(limited.stdout.lines().count(), 101);
    assert_eq!(number(&summary(&limited), "rows"), 101);
    let wrong = shop.export(&["retailcrm", "orders", "--filter", "externalId=7", "--json"]);
    assert_eq!(wrong.code, 1);
    assert!(
        text(&wrong.error(), "message").contains("externalIds"),
        "{wrong:?}"
    );
}
