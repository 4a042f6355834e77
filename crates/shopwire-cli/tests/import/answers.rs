//! Answers that do not say what became of the rows.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::{
    between::{Answer, Between},
    shop::{Shop, ids, number, orders, summary},
    support::text,
};

/// A successful answer without any row.
fn mute() -> Answer {
    (200, r#"{"success":true,"uploadedOrders":[]}"#.to_owned())
}

// J5: a success that names no row, or has no member at all, is no proof that the rows have landed.
#[test]
fn j5_rows_that_an_answer_does_not_name_are_looked_for_and_sent_again() {
    for (at, body) in [
        "{}",
        "{\"success\":true}",
        "{\"success\":true,\"uploadedOrders\":[]}",
    ]
    .into_iter()
    .enumerate()
    {
        let shop = Shop::new(&format!("mute-{at}"));
        let writes = AtomicUsize::new(0);
        let between = Between::new(&shop, move |request, account| {
            match request.is_write() && writes.fetch_add(1, Ordering::SeqCst) == 1 {
                true => (200, body.to_owned()),
                false => account(),
            }
        });
        shop.write("orders.jsonl", &orders(1..=120));
        let run = between.import(&shop, &["orders", "orders.jsonl", "--wait", "0s"]);
        assert_eq!(run.code, 0, "{body}: {}", run.stderr);
        assert_eq!(number(&summary(&run), "landed"), 120);
        assert_eq!(shop.values("orders", "externalId"), ids(1..=120), "{body}");
    }
}

// J5: an answer that names fewer rows than were sent.
#[test]
fn j5_a_row_that_a_success_leaves_out_is_not_counted_as_landed() {
    let shop = Shop::new("fewer");
    let between = Between::new(&shop, |request, account| {
        // The service loses this row, and says nothing of it.
        match request.is_write() && request.body.contains("o-7%22") {
            true if request.body.contains("o-8%22") => {
                let told: Vec<String> = (1..=20)
                    .map(|at| format!("{{\"id\":{at},\"externalId\":\"o-{at}\"}}"))
                    .filter(|row| !row.contains("o-7\""))
                    .collect();
                (
                    200,
                    format!(
                        "{{\"success\":true,\"uploadedOrders\":[{}]}}",
                        told.join(",")
                    ),
                )
            }
            _ => account(),
        }
    });
    shop.write("orders.jsonl", &orders(1..=20));
    let run = between.import(&shop, &["orders", "orders.jsonl", "--wait", "0s"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    // The others stayed with the server between.
    assert_eq!(shop.values("orders", "externalId"), ids(7..=7));
}

// J5: a service that swallows rows without a word cannot hold the import up for ever.
#[test]
fn j5_rows_that_never_appear_are_refused_after_some_tries() {
    let shop = Shop::new("swallowed");
    let between = Between::new(&shop, |request, account| match request.is_write() {
        true => mute(),
        false => account(),
    });
    shop.write("orders.jsonl", &orders(1..=5));
    let run = between.import(&shop, &["orders", "orders.jsonl", "--wait", "0s"]);
    assert_eq!((run.code, text(&run.error(), "kind")), (1, "partial"));
    assert_eq!(number(&summary(&run), "refused"), 5);
    let rejects = shop.read("orders.jsonl.rejects.jsonl");
    assert!(
        rejects.contains("has no such object afterwards"),
        "{rejects}"
    );
}

// J5
#[test]
fn j5_prices_are_not_sent_for_ever_when_the_answers_tell_nothing() {
    let shop = Shop::new("mute-prices");
    let between = Between::new(&shop, |request, account| match request.is_write() {
        true => (200, "{}".to_owned()),
        false => account(),
    });
    shop.write(
        "prices.csv",
        "externalId,prices.code,prices.price\nktl,base,1\n",
    );
    let run = between.import(&shop, &["prices", "prices.csv"]);
    assert_eq!(run.code, 1);
    let error = run.error();
    assert!(text(&error, "message").contains("--resume"), "{error}");
    assert_eq!(number(&summary(&run), "left"), 1);
}

// J5: costs cannot be looked for.
#[test]
fn j5_costs_that_an_answer_does_not_count_are_marked() {
    let shop = Shop::new("fewer-costs");
    let between = Between::new(&shop, |request, account| match request.is_write() {
        true => (200, r#"{"success":true,"uploadedCosts":[1]}"#.to_owned()),
        false => account(),
    });
    shop.write(
        "costs.csv",
        "dateFrom,dateTo,summ,costItem\n2026-01-01,2026-01-31,1,advertising\n2026-01-01,2026-01-31,2,advertising\n",
    );
    let run = between.import(&shop, &["costs", "costs.csv"]);
    assert_eq!(number(&summary(&run), "unknown"), 2);
}

// J5, R20: PHP writes a list without its first elements as an object.
#[test]
fn j5_objects_are_found_in_a_list_that_php_wrote_as_an_object() {
    let shop = Shop::new("php-list");
    shop.write("first.jsonl", &orders(2..=2));
    shop.imported(&["orders", "first.jsonl"]);
    let between = Between::new(&shop, |request, account| {
        let (status, body) = account();
        match request.is_write() {
            true => (status, body),
            false => {
                let body = body.replacen("\"orders\":[", "\"orders\":{\"3\":", 1);
                (
                    status,
                    body.trim_end().trim_end_matches("]}").to_owned() + "}}",
                )
            }
        }
    });
    shop.write("second.jsonl", &orders(2..=2));
    let run = between.import(&shop, &["orders", "second.jsonl"]);
    assert_eq!(number(&summary(&run), "refused"), 1, "{}", run.stderr);
    let rejects = shop.read("second.jsonl.rejects.jsonl");
    assert!(rejects.contains("externalId already"), "{rejects}");
}

// J5, J8: the words of a service are no commands to a terminal.
#[test]
fn j8_the_words_of_a_service_cannot_steer_a_terminal() {
    let shop = Shop::new("steer-answer");
    let between = Between::new(&shop, |_, _| {
        (
            403,
            "{\"success\":false,\"errorMsg\":\"\\u001b[2Jgo \u{9b}31m\\u0007\"}".to_owned(),
        )
    });
    shop.write("orders.jsonl", &orders(1..=1));
    for args in [&[][..], &["--json"]] {
        let run = between.run(
            &shop,
            &[&["orders", "orders.jsonl", "--yes", "--restart"], args].concat(),
        );
        assert_eq!(run.code, 1, "{}", run.stderr);
        let is_fine = |letter: char| letter == '\n' || !letter.is_control();
        assert!(run.stderr.chars().all(is_fine), "{:?}", run.stderr);
        assert!(run.stderr.contains("go "), "{}", run.stderr);
    }
}
