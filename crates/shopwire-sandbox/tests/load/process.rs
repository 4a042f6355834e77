//! Figures of this process.
#![allow(clippy::disallowed_methods, reason = "real time is measured")]

use std::fs;
use std::time::Instant;

/// The wall clock, not the runtime's: these tests measure a real server.
pub(super) fn now() -> Instant {
    Instant::now()
}

/// Nanoseconds for which the current thread ran.
pub(super) fn thread_time() -> u64 {
    let times = fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    let first = times.split(' ').next();
    first.and_then(|time| time.parse().ok()).expect("a time")
}

/// Bytes of memory in use.
pub(super) fn resident() -> usize {
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB"));
    kib.and_then(|kib| kib.parse::<usize>().ok())
        .expect("a size")
        << 10
}
