//! Memory of a file of any length.

use super::shop::Shop;
use crate::support::memory::peak_of;

/// Plans so many prices, and returns the highest peak that was seen.
fn peak(shop: &Shop, rows: usize) -> u64 {
    let lines: String = (0..rows)
        .map(|at| format!("sku-{at};base;{at}.50\n"))
        .collect();
    shop.write(
        "prices.csv",
        &format!("externalId;prices.code;prices.price\n{lines}"),
    );
    peak_of(&mut shop.command(&[
        "import",
        "retailcrm",
        "prices",
        "prices.csv",
        "--dry-run",
        "--quiet",
    ]))
}

// J5
#[test]
fn j5_memory_does_not_grow_with_the_rows() {
    let shop = Shop::new("memory");
    let (few, many) = (peak(&shop, 500), peak(&shop, 100_000));
    assert!(many <= few + 8 * 1024, "{few} KiB, then {many} KiB");
}
