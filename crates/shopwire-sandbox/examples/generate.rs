//! How long generated orders take, and how much memory: `cargo run --release --example generate -- 100000`.
#![allow(clippy::disallowed_methods, reason = "real time is measured")]

use std::time::Instant;

use shopwire_sandbox::{Options, RateLimit, Sandbox, SeedPlan};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let count = std::env::args()
        .nth(1)
        .map_or(Ok(10_000), |text| text.parse())?;
    let options = Options::default().retailcrm(|crm| crm.rate_limit(RateLimit::Lifted));
    let sandbox = Sandbox::start(options).await?;
    let (before, start) = (resident(), Instant::now());
    sandbox.seed(&SeedPlan::new(7).orders(count)).await;
    let (took, after) = (start.elapsed(), resident());
    let each = after.saturating_sub(before) / count.max(1);
    println!("{count} orders and {} customers", count.div_ceil(3));
    println!(
        "made in {took:?}, resident memory {} MiB, {each} bytes an order",
        after >> 20
    );
    let start = Instant::now();
    let saved = sandbox.snapshot();
    println!("saved in {:?}: {} MiB", start.elapsed(), saved.len() >> 20);
    let start = Instant::now();
    sandbox.restore(&saved).await?;
    println!("loaded in {:?}", start.elapsed());
    Ok(())
}

/// The memory of this process in bytes; zero where `/proc` does not tell it.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse().ok());
    kilobytes.map_or(0, |kilobytes: usize| kilobytes * 1024)
}
