//! See `checks/canonical.rs`.
#![no_main]

#[path = "../checks/canonical.rs"]
mod check;

libfuzzer_sys::fuzz_target!(|data: &[u8]| check::run(data));
