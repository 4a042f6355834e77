//! See `checks/verifier.rs`.
#![no_main]

#[path = "../checks/verifier.rs"]
mod check;

libfuzzer_sys::fuzz_target!(|data: &[u8]| check::run(data));
