//! The memory of a command.

use std::{
    process::{Command, Stdio},
    thread,
    time::Duration,
};

/// Less than any run of the command takes: what is seen of a process that has not begun, in KiB.
const NOT_BEGUN: u64 = 2 * 1024;

/// Runs the command to its end, and returns the highest peak that was seen, in KiB. A run that ends before it is looked
/// at is done again.
pub(crate) fn peak_of(command: &mut Command) -> u64 {
    for _ in 0..20 {
        let highest = seen_peak(command);
        if highest > NOT_BEGUN {
            return highest;
        }
    }
    panic!("no run of {command:?} was seen");
}

fn seen_peak(command: &mut Command) -> u64 {
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("started");
    let mut highest = 0;
    let status = loop {
        highest = highest.max(peak(child.id()).unwrap_or(0));
        if let Some(status) = child.try_wait().expect("a child") {
            break status;
        }
        // The peak grows in the first moments and stays: a look now and then is enough, and leaves the cores alone.
        thread::park_timeout(Duration::from_millis(5));
    };
    assert!(status.success(), "{command:?}");
    highest
}

/// The peak of a process.
fn peak(id: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
