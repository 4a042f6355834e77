//! The question about triggers.

use super::shop::{Shop, orders};

// J5, R30
#[test]
fn r30_orders_are_not_loaded_before_the_question_about_triggers_is_answered() {
    let shop = Shop::new("triggers");
    shop.write("orders.jsonl", &orders(1..=3));
    let run = shop.import(&["orders", "orders.jsonl"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    for part in [
        "e-mail and SMS",
        "Triggers",
        "Триггеры",
        "--yes",
        &shop.sandbox.retailcrm().url(),
    ] {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
    assert_eq!(shop.writes(), []);
    assert!(!shop.path("orders.jsonl.rejects.jsonl").exists());
    // A dry run and rows that no trigger watches are not asked about.
    assert_eq!(
        shop.import(&["orders", "orders.jsonl", "--dry-run"]).code,
        0
    );
    shop.write("tasks.jsonl", "{\"text\":\"Call\",\"performerId\":1}\n");
    let tasks = shop.import(&["tasks", "tasks.jsonl"]);
    assert_eq!(
        (tasks.code, tasks.stderr.contains("triggers")),
        (0, false),
        "{}",
        tasks.stderr
    );
    shop.imported(&["orders", "orders.jsonl"]);
    assert_eq!(shop.rows("orders").len(), 3);
}

/// Runs the import on a terminal, with this answer typed.
#[cfg(target_os = "linux")]
fn on_a_terminal(shop: &Shop, answer: &str) -> (i32, String) {
    let binary = env!("CARGO_BIN_EXE_shopwire");
    let line = format!("{binary} import retailcrm orders orders.jsonl --quiet");
    let service = shop.sandbox.retailcrm();
    let mut command = std::process::Command::new("script");
    command
        .args(["--quiet", "--return", "--command", &line, "/dev/null"])
        .env("RETAILCRM_URL", service.url())
        .env("RETAILCRM_API_KEY", service.api_key())
        .env("XDG_CONFIG_HOME", &shop.folder)
        .current_dir(&shop.folder);
    let run = super::support::run(&mut command, answer);
    (run.code, run.stdout)
}

// J5, R30
#[cfg(target_os = "linux")]
#[test]
fn r30_a_terminal_is_asked_and_only_yes_sends() {
    let shop = Shop::new("terminal");
    shop.write("orders.jsonl", &orders(1..=3));
    let (code, said) = on_a_terminal(&shop, "n\n");
    assert_eq!(code, 1, "{said}");
    assert!(
        said.contains("Send 3 rows? [y/N]") && said.contains("not confirmed"),
        "{said}"
    );
    assert_eq!(shop.rows("orders").len(), 0);
    let (code, said) = on_a_terminal(&shop, "y\n");
    assert_eq!(code, 0, "{said}");
    assert_eq!(shop.rows("orders").len(), 3);
}
