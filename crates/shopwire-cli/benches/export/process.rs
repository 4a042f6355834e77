//! What a process costs: CPU time, and the most memory that it holds at once. Read from `/proc`.

use std::{
    fs,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// The kernel counts CPU time in these.
const TICKS_A_SECOND: u64 = 100;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    pub(crate) cpu: Duration,
    /// Bytes.
    pub(crate) peak: u64,
    pub(crate) took: Duration,
}

/// Runs a command, which has to succeed.
pub(crate) fn run(command: &mut Command) -> Cost {
    try_run(command).expect("the command succeeds")
}

/// Runs a command; `None` when it is not there, or fails.
#[expect(
    clippy::disallowed_methods,
    reason = "a process runs on the clock of the machine"
)]
pub(crate) fn try_run(command: &mut Command) -> Option<Cost> {
    let begun = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .ok()?;
    let mut peak = 0;
    loop {
        let stat = fs::read_to_string(format!("/proc/{}/stat", child.id())).ok()?;
        // Behind the name, which may have spaces.
        let fields: Vec<&str> = stat.rsplit_once(") ")?.1.split(' ').collect();
        if fields.first() == Some(&"Z") {
            let took = begun.elapsed();
            let ticks: u64 = fields[11].parse::<u64>().ok()? + fields[12].parse::<u64>().ok()?;
            let cpu = Duration::from_millis(ticks * 1000 / TICKS_A_SECOND);
            return child
                .wait()
                .ok()?
                .success()
                .then_some(Cost { cpu, peak, took });
        }
        peak = peak.max(most(child.id()).unwrap_or_default());
        thread::sleep(Duration::from_millis(2));
    }
}

/// The most memory that a process has held.
fn most(id: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib << 10)
}
