//! Kills at random moments, with answers that are lost: each row lands once.

use std::{
    process::{Child, Stdio},
    time::Duration,
};

use shopwire_sandbox::{Fault, ResetAt};
use tokio::time::Instant;

use super::shop::{Shop, ids, orders};

/// Number of kills of each kind of rows.
const KILLS: usize = 60;

/// Numbers from a seed (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a process runs on the clock of the machine"
)]
fn wait(time: Duration) {
    std::thread::sleep(time);
}

/// Answers that are lost after the rows have landed, and slow ones, so that kills hit requests in flight.
fn trouble(shop: &Shop, operation: &str) {
    let lost = Fault::reset(ResetAt::AfterCommit).on_operation(operation);
    shop.fault(lost.rate(0.15).seed(5).always());
    let slow = Fault::latency(Duration::from_millis(20)).on_operation(operation);
    shop.fault(slow.always());
}

fn said(ended: &std::process::Output) -> String {
    String::from_utf8_lossy(&ended.stderr).into_owned()
}

/// The import, gone on with when it has begun.
fn start(shop: &Shop, kind: &str, file: &str) -> Child {
    let mut command = shop.command(&["import", "retailcrm", kind, file, "--yes"]);
    let checkpoint = shop.path(&format!("{file}.rejects.jsonl.checkpoint"));
    if std::fs::metadata(checkpoint).is_ok_and(|data| data.len() > 0) {
        command.arg("--resume");
    }
    command
        .args(["--wait", "1s", "--quiet"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command.spawn().expect("it starts")
}

/// Kills imports at random moments, until this many were hit. `file` makes the next file when one is done. Returns the
/// number of files.
fn kill(shop: &Shop, kind: &str, most: Duration, mut file: impl FnMut(usize) -> String) -> usize {
    let mut random = Random(0x5eed_2026);
    let (mut kills, mut files) = (0, 0);
    while kills < KILLS {
        let name = file(files);
        files += 1;
        loop {
            let mut child = start(shop, kind, &name);
            if kills < KILLS {
                wait(Duration::from_micros(
                    random.below(u64::try_from(most.as_micros()).expect("short")),
                ));
                child.kill().expect("SIGKILL");
            }
            let ended = child.wait_with_output().expect("it ended");
            match ended.status.code() {
                None => kills += 1,
                Some(0) => break,
                // Rows were refused, or may have landed.
                Some(1) if said(&ended).contains("refused rows: ") => break,
                Some(code) => panic!("{code}: {}", said(&ended)),
            }
        }
    }
    files
}

/// Orders, of which each hundredth has a status that the account does not have.
fn with_bad_rows(numbers: std::ops::RangeInclusive<usize>) -> String {
    let rows = orders(numbers);
    let rows =
        rows.split_inclusive('\n')
            .map(|row| match row.split('"').nth(3).is_some_and(is_bad) {
                true => row.replace("\"firstName\"", "\"status\":\"no-such\",\"firstName\""),
                false => row.to_owned(),
            });
    rows.collect()
}

fn is_bad(id: &str) -> bool {
    id.ends_with("00")
}

// J5
#[test]
fn j5_each_order_lands_once_whatever_is_killed() {
    const ROWS: usize = 300;
    let shop = Shop::new("kills");
    trouble(&shop, "orders.upload");
    let begun = Instant::now();
    let files = kill(&shop, "orders", Duration::from_millis(1_500), |number| {
        let name = format!("orders-{number}.jsonl");
        shop.write(
            &name,
            &with_bad_rows(number * ROWS + 1..=(number + 1) * ROWS),
        );
        name
    });
    let mut wanted = ids(1..=files * ROWS);
    wanted.retain(|id| !is_bad(id));
    assert_eq!(shop.values("orders", "externalId"), wanted);
    for number in 0..files {
        // Each refused row is told once, and no other one.
        let rejects = shop.read(&format!("orders-{number}.jsonl.rejects.jsonl"));
        let bad = ids(number * ROWS + 1..=(number + 1) * ROWS);
        for id in bad.iter().filter(|id| is_bad(id)) {
            assert_eq!(
                rejects.matches(&format!("\"{id}\"")).count(),
                1,
                "{rejects}"
            );
        }
        assert_eq!(rejects.lines().count(), ROWS / 100, "{rejects}");
    }
    println!("{KILLS} kills, {files} files, {:?}", begun.elapsed());
}

// J5: costs have no id of the user's. None is doubled; those that are not there are told as unknown.
#[test]
fn j5_no_cost_lands_twice_and_none_is_lost_without_a_word() {
    const ROWS: usize = 500;
    let shop = Shop::new("kills-costs");
    trouble(&shop, "costs.upload");
    let files = kill(&shop, "costs", Duration::from_millis(700), |number| {
        let name = format!("costs-{number}.jsonl");
        let rows: String = (1..=ROWS)
            .map(|at| {
                format!(
                    "{{\"dateFrom\":\"2026-01-01\",\"dateTo\":\"2026-01-31\",\"summ\":{at}.50,\"costItem\":\"advertising\",\"comment\":\"c-{number}-{at}\"}}\n"
                )
            })
            .collect();
        shop.write(&name, &rows);
        name
    });
    let landed = shop.values("costs", "comment");
    let mut once = landed.clone();
    once.dedup();
    assert_eq!(once.len(), landed.len(), "a cost landed twice");
    for number in 0..files {
        let rejects = shop.path(&format!("costs-{number}.jsonl.rejects.jsonl"));
        let rejects = std::fs::read_to_string(rejects).unwrap_or_default();
        assert!(
            rejects
                .lines()
                .all(|line| line.contains("\"_unknown\":true")),
            "{rejects}"
        );
        for at in 1..=ROWS {
            let comment = format!("c-{number}-{at}");
            let is_told = rejects.contains(&format!("\"{comment}\""));
            assert!(
                is_told || once.binary_search(&comment).is_ok(),
                "{comment} is lost"
            );
        }
    }
}
