//! Operations with bonuses: a list whose pages are named by a cursor, and whose rows have no identity.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    process::Stdio,
};

use super::shop::{Shop, number, rows, summary};

const LIST: [&str; 4] = ["retailcrm", "bonus-operations", "--param", "limit=20"];

/// Posts a form to the service, without the rate limit of a client.
fn post(shop: &Shop, path: &str, form: &str) {
    let url = shop.sandbox.setting("retailcrm", "url");
    let key = shop.sandbox.setting("retailcrm", "api_key");
    let host = url.strip_prefix("http://").expect("a plain address");
    let mut stream = TcpStream::connect(host).expect("a connection");
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nX-API-KEY: {key}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    );
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 20"), "{path}: {answer}");
}

/// An account of a loyalty programme with so many credits, each of another amount.
fn account(name: &str, credits: usize) -> Shop {
    let shop = Shop::new(name, 0);
    post(&shop, "/api/v5/customers/create", "customer=%7B%7D");
    let account = "loyaltyAccount=%7B%22customer%22%3A%7B%22id%22%3A1%7D%7D";
    post(&shop, "/api/v5/loyalty/account/create", account);
    post(&shop, "/api/v5/loyalty/account/1/activate", "");
    for amount in 1..=credits {
        let credit = "/api/v5/loyalty/account/1/bonus/credit";
        post(&shop, credit, &format!("amount={amount}"));
    }
    shop
}

// J1
#[test]
fn j1_bonus_operations_of_all_pages_are_exported() {
    let shop = account("bonuses", 45);
    let run = shop.exported(&[&LIST[..], &["--output", "all.jsonl", "--json"]].concat());
    assert_eq!(number(&summary(&run), "rows"), 45);
    let found = rows(&shop.path("all.jsonl"));
    let mut amounts: Vec<i64> = found.iter().map(|row| number(row, "amount")).collect();
    amounts.sort_unstable();
    assert_eq!(amounts, Vec::from_iter(1..=45));
}

// J3: without an identity, no row is known again. So the export goes on with the page after the last one.
#[cfg(unix)]
#[test]
fn j3_rows_without_an_identity_are_in_the_file_once_after_a_kill() {
    let shop = account("killed-bonuses", 130);
    shop.exported(&[&LIST[..], &["--output", "whole.jsonl"]].concat());
    let mut child = shop
        .sandbox
        .command(&["export"])
        .args(LIST)
        .args(["--output", "killed.jsonl", "--quiet"])
        .current_dir(&shop.folder)
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let checkpoint = shop.path("killed.jsonl.checkpoint");
    let marks = || std::fs::read_to_string(&checkpoint).map_or(0, |text| text.lines().count());
    while marks() < 3 {
        std::thread::yield_now();
    }
    child.kill().expect("SIGKILL");
    child.wait().expect("it ended");
    let resumed = ["--output", "killed.jsonl", "--resume", "--json"];
    let run = shop.exported(&[&LIST[..], &resumed].concat());
    let resumed = number(&summary(&run), "resumed");
    assert!(resumed > 0 && resumed < 130, "{resumed}");
    let read = |name: &str| std::fs::read_to_string(shop.path(name)).expect("the file");
    assert_eq!(read("killed.jsonl"), read("whole.jsonl"));
}
