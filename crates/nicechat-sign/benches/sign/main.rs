//! What signing costs next to the SHA-256 of the same bytes, and next to other ways of doing it.
//!
//! `cargo bench -p nicechat-sign --bench sign`. Only ratios within one run mean something. PHP, Python
//! and valgrind (allocations and instructions) are used where they are installed; instructions are
//! counted beyond those of the hash, which valgrind runs without the SHA extensions of the processor.
//! The general signer crates are in `benches/sigv4`.

mod inputs;
mod interpreters;
mod measure;
mod naive;
mod own;
mod table;

fn main() {
    table::run(
        |input| {
            let mut all = vec![own::bound(input), own::ours(input)];
            all.extend(naive::contestants(input));
            all
        },
        interpreters::interpreters,
    );
}
