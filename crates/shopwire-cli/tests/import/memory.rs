//! Memory of a file of any length.

use std::process::Stdio;

use super::shop::Shop;

/// The peak of a process, in KiB.
fn peak(id: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Plans so many prices, and returns the highest peak that was seen.
fn peak_of(shop: &Shop, rows: usize) -> u64 {
    let lines: String = (0..rows)
        .map(|at| format!("sku-{at};base;{at}.50\n"))
        .collect();
    shop.write(
        "prices.csv",
        &format!("externalId;prices.code;prices.price\n{lines}"),
    );
    let mut child = shop
        .command(&[
            "import",
            "retailcrm",
            "prices",
            "prices.csv",
            "--dry-run",
            "--quiet",
        ])
        .stdout(Stdio::null())
        .spawn()
        .expect("started");
    let mut highest = 0;
    let status = loop {
        highest = highest.max(peak(child.id()).unwrap_or(0));
        if let Some(status) = child.try_wait().expect("a child") {
            break status;
        }
        // The peak grows in the first moments and stays: a look now and then is enough, and leaves the cores alone.
        std::thread::park_timeout(std::time::Duration::from_millis(5));
    };
    assert!(status.success());
    highest
}

// J5
#[test]
fn j5_memory_does_not_grow_with_the_rows() {
    let shop = Shop::new("memory");
    let (few, many) = (peak_of(&shop, 500), peak_of(&shop, 100_000));
    assert!(
        few > 0 && many <= few + 8 * 1024,
        "{few} KiB, then {many} KiB"
    );
}
