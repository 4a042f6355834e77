//! The cost of signing, compared to the SHA-256 of the same bytes and to other implementations.
//!
//! `cargo bench -p nicechat-sign --bench sign`. Only ratios within one run are meaningful. PHP, Python
//! and valgrind (allocations and instructions) are used if installed. Instructions are counted without
//! those of the hash, because valgrind runs it without the SHA extensions of the processor. The
//! general signer crates are in `benches/sigv4`.

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
