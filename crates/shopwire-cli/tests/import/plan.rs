//! A dry run shows what is sent then.

use common_model::{Value as Json, from_json};

use super::{
    shop::{Shop, Write, number, orders},
    support::text,
};

/// The requests that a dry run prints.
fn planned(shop: &Shop, args: &[&str]) -> Vec<Write> {
    planned_with(shop, args, 0)
}

/// The same for a dry run that ends with this code.
fn planned_with(shop: &Shop, args: &[&str], code: i32) -> Vec<Write> {
    let before = shop.writes().len();
    let run = shop.import(&[args, &["--dry-run", "--json"]].concat());
    assert_eq!(run.code, code, "{}", run.stderr);
    assert_eq!(shop.writes().len(), before, "a dry run sends nothing");
    let lines = run.stdout.lines();
    lines
        .map(|line| {
            let request: Json = from_json(line).expect("JSON");
            assert_eq!(text(&request, "method"), "POST");
            // For people, the rows stand beside the body.
            let count = |name: &str| request.get(name).and_then(Json::as_array).map(<[_]>::len);
            assert_eq!(count("rows"), count("lines"));
            (
                text(&request, "path").to_owned(),
                text(&request, "body").to_owned(),
            )
        })
        .collect()
}

/// Rows of each kind, and the number of requests that they need.
fn files(shop: &Shop) -> Vec<(&'static str, &'static str, usize)> {
    shop.write("orders.jsonl", &orders(1..=120));
    let customers: String = (1..=51)
        .map(|at| format!("c-{at};Ann {at};{at}@shop.example\n"))
        .collect();
    shop.write(
        "customers.csv",
        &format!("externalId;firstName;email\n{customers}"),
    );
    let products: String = (1..=60)
        .map(|at| {
            format!("{{\"externalId\":\"p-{at}\",\"name\":\"Product {at}\",\"active\":true}}\n")
        })
        .collect();
    shop.write("products.jsonl", &products);
    shop.write(
        "prices.csv",
        "externalId,prices.code,prices.price\nktl-1,base,2490.10\nktl-2,base,2590.00\n",
    );
    shop.write(
        "stock.jsonl",
        "{\"externalId\":\"ktl-1\",\"site\":\"simple-site\",\"stores\":[{\"code\":\"main\",\"available\":7}]}\n",
    );
    let costs: String = (1..=51)
        .map(|at| format!("2026-01-01,2026-01-31,{at}.50,advertising,cost {at}\n"))
        .collect();
    shop.write(
        "costs.csv",
        &format!("dateFrom,dateTo,summ,costItem,comment\n{costs}"),
    );
    shop.write(
        "tasks.jsonl",
        "{\"text\":\"Call\",\"performerId\":1.0}\n{\"text\":\"Write\",\"performerId\":\"1\",\"datetime\":\"2026-01-31 10:00\"}\n",
    );
    vec![
        ("orders", "orders.jsonl", 3),
        ("customers", "customers.csv", 2),
        ("products", "products.jsonl", 2),
        ("prices", "prices.csv", 1),
        ("inventories", "stock.jsonl", 1),
        ("costs", "costs.csv", 2),
        ("tasks", "tasks.jsonl", 2),
    ]
}

// J5, X11
#[test]
fn j5_a_dry_run_shows_byte_for_byte_what_is_sent() {
    let shop = Shop::new("plan");
    for (kind, file, requests) in files(&shop) {
        let planned = planned(&shop, &[kind, file]);
        assert_eq!(planned.len(), requests, "{kind}");
        let before = shop.writes().len();
        let summary = shop.imported(&[kind, file]);
        assert_eq!(shop.writes()[before..], planned, "{kind}");
        let rows = number(&summary, "rows");
        assert_eq!(number(&summary, "landed"), rows, "{kind}: {summary}");
    }
    assert_eq!(shop.rows("orders").len(), 120);
    assert_eq!(
        shop.rows("customers")
            .iter()
            .filter(|row| text(row, "externalId").starts_with("c-"))
            .count(),
        51
    );
    assert_eq!(shop.rows("costs").len(), 51);
    assert_eq!(shop.rows("tasks").len(), 2);
    // Amounts have their digits.
    assert!(
        shop.writes()
            .iter()
            .any(|(_, body)| body.contains("2490.10"))
    );
}

// J5: what is there already is not in the plan, since it is not sent either.
#[test]
fn j5_objects_that_are_there_are_neither_planned_nor_sent() {
    let shop = Shop::new("there");
    shop.write("first.jsonl", &orders(1..=30));
    shop.imported(&["orders", "first.jsonl"]);
    shop.write("all.jsonl", &orders(1..=60));
    let planned = planned_with(&shop, &["orders", "all.jsonl"], 1);
    let before = shop.writes().len();
    let run = shop.import(&["orders", "all.jsonl", "--yes", "--json"]);
    assert_eq!((run.code, text(&run.error(), "kind")), (1, "partial"));
    assert_eq!(shop.writes()[before..], planned);
    assert_eq!(shop.rows("orders").len(), 60);
    let rejects = shop.read("all.jsonl.rejects.jsonl");
    assert_eq!(rejects.lines().count(), 30);
    assert!(rejects.contains("externalId already"), "{rejects}");
}

// J5
#[test]
fn j5_a_limit_sends_a_part_first_and_resuming_sends_the_rest() {
    let shop = Shop::new("limit");
    shop.write("orders.jsonl", &orders(1..=120));
    assert_eq!(
        planned(&shop, &["orders", "orders.jsonl", "--limit", "60"]).len(),
        2
    );
    let part = shop.imported(&["orders", "orders.jsonl", "--limit", "60"]);
    assert_eq!((number(&part, "landed"), number(&part, "left")), (60, 60));
    assert_eq!(shop.rows("orders").len(), 60);
    // The checkpoint keeps a file from being imported twice by mistake.
    let again = shop.import(&["orders", "orders.jsonl", "--yes", "--json"]);
    assert_eq!((again.code, text(&again.error(), "kind")), (2, "usage"));
    assert!(text(&again.error(), "message").contains("--resume"));
    let rest = shop.imported(&["orders", "orders.jsonl", "--resume"]);
    assert_eq!(
        (number(&rest, "landed"), number(&rest, "resumed")),
        (120, 60)
    );
    let whole = shop.imported(&["orders", "orders.jsonl", "--resume"]);
    assert_eq!(
        (number(&whole, "landed"), number(&whole, "resumed")),
        (120, 120)
    );
    assert_eq!(shop.rows("orders").len(), 120);
    // Other rows under the same name are another import.
    shop.write("orders.jsonl", &orders(2..=121));
    let other = shop.import(&["orders", "orders.jsonl", "--yes", "--resume"]);
    assert_eq!(other.code, 2, "{}", other.stderr);
    assert_eq!(shop.rows("orders").len(), 120);
}

// J5
#[test]
fn j5_rows_come_from_standard_input_and_from_gzip() {
    use std::io::Write as _;

    let shop = Shop::new("stdin");
    let mut command = shop.command(&["import", "retailcrm", "orders", "-", "--yes", "--json"]);
    let run = super::support::run(&mut command, orders(1..=3));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(shop.path("orders.rejects.jsonl.checkpoint").exists());
    let mut command = shop.command(&["import", "retailcrm", "orders", "-", "--yes", "--resume"]);
    let run = super::support::run(&mut command, orders(1..=3));
    assert_eq!(run.code, 0, "the same rows: {}", run.stderr);
    let run = super::support::run(&mut command, orders(1..=4));
    assert_eq!(run.code, 2, "other rows: {}", run.stderr);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(orders(4..=5).as_bytes()).expect("packed");
    std::fs::write(shop.path("more.jsonl.gz"), packed.finish().expect("packed")).expect("written");
    shop.imported(&["orders", "more.jsonl.gz"]);
    assert_eq!(shop.rows("orders").len(), 5);
}

// J5
#[test]
fn j5_kinds_and_columns_are_shown() {
    let shop = Shop::new("shown");
    let kinds = shop.import(&[]);
    for name in [
        "orders",
        "customers",
        "products",
        "prices",
        "inventories",
        "costs",
        "tasks",
    ] {
        assert!(
            kinds.stdout.lines().any(|line| line.starts_with(name)),
            "{name}"
        );
    }
    let columns = shop.import(&["prices", "--describe"]);
    for name in ["externalId ", "prices.code ", "prices.price "] {
        let is_it = |line: &str| line.starts_with(name);
        assert!(columns.stdout.lines().any(is_it), "{}", columns.stdout);
    }
    // The service computes these.
    let columns = shop.import(&["orders", "--describe"]).stdout;
    assert!(
        !columns
            .lines()
            .any(|line| line.starts_with("totalSumm ") || line.starts_with("id "))
    );
    for (args, part) in [
        (&["order", "x.jsonl"][..], "orders"),
        (&["prices", "x.jsonl", "--mode", "edit"], "--mode edit"),
        (&["orders"], "FILE"),
    ] {
        let run = shop.import(args);
        assert_eq!(run.code, 2, "{args:?}");
        assert!(run.stderr.contains(part), "{args:?}: {}", run.stderr);
    }
}

// J5: a number is sent as a text, and its object is looked for by that text.
#[test]
fn j5_an_object_that_a_number_names_is_found_as_it_was_sent() {
    let shop = Shop::new("numbers");
    let ids = [
        "7",
        "1e2",
        "1.50",
        "-0",
        "1.5E+1",
        "123456789012345678901234567890",
    ];
    let rows = ids.map(|id| format!("{{\"externalId\":{id},\"firstName\":\"A\"}}\n"));
    shop.write("first.jsonl", &rows.concat());
    shop.write("second.jsonl", &rows.concat());
    let first = shop.imported(&["orders", "first.jsonl", "--wait", "0s"]);
    assert_eq!(number(&first, "landed"), 6);
    let run = shop.import(&["orders", "second.jsonl", "--yes", "--json", "--wait", "0s"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let rejects = shop.read("second.jsonl.rejects.jsonl");
    let found = rejects.matches("externalId already, id").count();
    assert_eq!(found, 6, "{rejects}");
}

// J5
#[test]
fn j5_a_dry_run_tells_each_row_that_would_be_refused() {
    let shop = Shop::new("would-refuse");
    shop.write("first.jsonl", &orders(2..=3));
    shop.imported(&["orders", "first.jsonl"]);
    shop.write("all.jsonl", &orders(1..=3));
    let run = shop.import(&["orders", "all.jsonl", "--dry-run"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    for part in [
        "all.jsonl: line 2, externalId o-2: the service has an object with this externalId already",
        "all.jsonl: line 3, externalId o-3: ",
        "2 rows would be refused; nothing was sent",
        "orders: 1 of 3 rows would be sent",
    ] {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
    assert!(!run.stderr.contains("--mode edit"), "{}", run.stderr);
    let request: Json = from_json(run.stdout.trim()).expect("JSON");
    let rows = request.get("rows").and_then(Json::as_array).expect("rows");
    assert_eq!(text(&rows[0], "firstName"), "Анна");
    let run = shop.import(&["orders", "first.jsonl", "--dry-run"]);
    assert!(
        run.code == 1 && run.stderr.contains("did you mean --mode edit?"),
        "{}",
        run.stderr
    );
    let one = shop.import(&["orders", "all.jsonl", "--dry-run", "--limit", "2"]);
    assert!(
        one.stderr.contains("1 row would be refused"),
        "{}",
        one.stderr
    );
}
