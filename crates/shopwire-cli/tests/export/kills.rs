//! Kills at random moments: the file is the same as without them.

use std::{
    process::{Child, Stdio},
    time::Duration,
};

use tokio::time::Instant;

use super::shop::Shop;

/// Number of kills of all formats together.
const KILLS: usize = 200;

const ORDERS: usize = 1_500;

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
    let mut random = Random(0x5eed_2026);
    let formats = ["jsonl", "csv", "parquet"];
    let mut killed = 0;
    for (at, format) in formats.into_iter().enumerate() {
        let wanted = format!("wanted.{format}");
        let begun = Instant::now();
        shop.exported(&[
            "retailcrm",
            "orders",
            "--param",
            "limit=20",
            "--quiet",
            "--output",
            &wanted,
        ]);
        let whole = begun.elapsed();
        let wanted = std::fs::read(shop.path(&wanted)).expect("the file");
        let share = KILLS * (at + 1) / formats.len();
        let mut files = 0;
        while killed < share {
            let (kills, bytes) = one_file(&shop, format, whole, &mut random);
            assert!(
                bytes == wanted,
                "{format}: another file after {kills} kills"
            );
            killed += kills;
            files += 1;
        }
        println!("{format}: {files} files, {killed} kills so far");
    }
    assert!(killed >= KILLS);
}

#[expect(
    clippy::disallowed_methods,
    reason = "a process runs on the clock of the machine"
)]
fn wait(time: Duration) {
    std::thread::sleep(time);
}

/// Kills the export at random moments until it has written its file. Returns the number of kills and the file.
fn one_file(shop: &Shop, format: &str, whole: Duration, random: &mut Random) -> (usize, Vec<u8>) {
    let output = shop.path(&format!("killed.{format}"));
    let _ = std::fs::remove_file(&output);
    let most = u64::try_from(whole.as_micros())
        .expect("a short time")
        .max(1);
    let mut kills = 0;
    loop {
        let mut child = resuming(shop, &output);
        wait(Duration::from_micros(random.below(most)));
        child.kill().expect("SIGKILL");
        let ended = child.wait_with_output().expect("it ended");
        match ended.status.code() {
            Some(0) => return (kills, std::fs::read(&output).expect("the file")),
            Some(code) => panic!("{code}: {}", String::from_utf8_lossy(&ended.stderr)),
            None => kills += 1,
        }
    }
}

fn resuming(shop: &Shop, output: &std::path::Path) -> Child {
    shop.sandbox
        .command(&[
            "export",
            "retailcrm",
            "orders",
            "--param",
            "limit=20",
            "--quiet",
            "--resume",
            "--output",
        ])
        .arg(output)
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts")
}
