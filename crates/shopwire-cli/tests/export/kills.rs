//! Kills at random moments: the file is the same as without them.

use std::{
    path::Path,
    process::{Child, Stdio},
    time::Duration,
};

use tokio::time::Instant;

use super::shop::Shop;

/// The formats, each for several exports at once: a client takes its time under the rate limit.
const FORMATS: [&str; 8] = [
    "jsonl", "csv", "parquet", "jsonl", "csv", "parquet", "jsonl", "parquet",
];

/// Number of kills of each of them: 200 in all.
const KILLS: usize = 25;

const ORDERS: usize = 200;

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

// J3
#[test]
fn j3_a_file_is_the_same_after_200_kills() {
    let shop = Shop::new("kills", ORDERS);
    let begun = Instant::now();
    for format in ["jsonl", "csv", "parquet"] {
        let wanted = format!("wanted.{format}");
        shop.exported(&[&EXPORT[1..], &["--output", &wanted]].concat());
    }
    let whole = begun.elapsed() / 3;
    let killed: usize = std::thread::scope(|scope| {
        let shop = &shop;
        let exports = FORMATS
            .iter()
            .enumerate()
            .map(|(number, format)| scope.spawn(move || kill_one(shop, number, format, whole)));
        let exports: Vec<_> = exports.collect();
        let killed = exports
            .into_iter()
            .map(|export| export.join().expect("the same file"));
        killed.sum()
    });
    assert!(killed >= KILLS * FORMATS.len(), "{killed}");
}

/// Exports files until so many kills have hit. Returns the number of kills.
fn kill_one(shop: &Shop, number: usize, format: &str, whole: Duration) -> usize {
    let mut random = Random(0x5eed_2026 + number as u64);
    let wanted = std::fs::read(shop.path(&format!("wanted.{format}"))).expect("the file");
    let output = shop.path(&format!("killed-{number}.{format}"));
    let mut killed = 0;
    while killed < KILLS {
        let (kills, bytes) = one_file(shop, &output, whole, &mut random);
        assert!(
            bytes == wanted,
            "{format}: another file after {kills} kills"
        );
        killed += kills;
    }
    killed
}

#[expect(
    clippy::disallowed_methods,
    reason = "a process runs on the clock of the machine"
)]
fn wait(time: Duration) {
    std::thread::sleep(time);
}

/// Kills the export at random moments until it has written its file. Returns the number of kills and the file.
fn one_file(shop: &Shop, output: &Path, whole: Duration, random: &mut Random) -> (usize, Vec<u8>) {
    let _ = std::fs::remove_file(output);
    let most = u64::try_from(whole.as_micros())
        .expect("a short time")
        .max(1);
    let mut kills = 0;
    loop {
        let mut child = resuming(shop, output);
        wait(Duration::from_micros(random.below(most)));
        child.kill().expect("SIGKILL");
        let ended = child.wait_with_output().expect("it ended");
        match ended.status.code() {
            Some(0) => return (kills, std::fs::read(output).expect("the file")),
            Some(code) => panic!("{code}: {}", String::from_utf8_lossy(&ended.stderr)),
            None => kills += 1,
        }
    }
}

/// Ten pages under the rate limit of the client.
const EXPORT: [&str; 6] = [
    "export",
    "retailcrm",
    "orders",
    "--param",
    "limit=20",
    "--quiet",
];

fn resuming(shop: &Shop, output: &Path) -> Child {
    let mut command = shop.sandbox.command(&EXPORT);
    command.args(["--resume", "--output"]).arg(output);
    command.stderr(Stdio::piped()).spawn().expect("it starts")
}
