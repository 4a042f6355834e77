//! What signing costs in allocations. One test, so that nothing else allocates meanwhile.

use std::alloc::System;

use nicechat_sign::{Credentials, Dialect, Form, Signer};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// How many allocations, and of how many bytes, the work makes. The least of a few runs: the thread of the test
/// harness allocates now and then.
fn allocations(work: impl Fn()) -> (usize, usize) {
    let runs = (0..5).map(|_| {
        let region = Region::new(ALLOCATOR);
        work();
        let stats = region.change();
        let count = stats.allocations + stats.reallocations;
        (count, stats.bytes_allocated)
    });
    runs.min().unwrap_or((usize::MAX, usize::MAX))
}

fn form(name: &str, fields: usize) -> Form {
    (0..fields)
        .map(|at| (format!("{name}_{:03}", at * 7 % fields), "Товар № 1, белый"))
        .collect()
}

#[test]
fn n13_signing_bytes_allocates_nothing_and_a_form_once() {
    let signer = Signer::new(Credentials::new("key", "JVFzW6y0UukIThD"));
    let body = vec![b'x'; 1 << 20];
    for length in [0, 61, 100, 1024, 1 << 20] {
        let count = allocations(|| {
            let signature = signer.sign_body("/marketplaces/v1/products/", &body[..length], "POST");
            assert_eq!(signature.to_hex().len(), 64);
        });
        assert_eq!(count, (0, 0), "body of {length} bytes");
    }
    for (fields, limit) in [(5, 1), (50, 1), (500, 2)] {
        for (dialect, name) in [
            (Dialect::Php, "field"),
            (Dialect::Php81, "field"),
            (Dialect::Prose, "поле"),
        ] {
            let form = form(name, fields);
            let signer = signer.clone().with_dialect(dialect);
            let length = signer.sign_form("/a/", &form, "POST").unwrap().body.len();
            let (count, bytes) =
                allocations(|| drop(signer.sign_form("/a/", &form, "POST").unwrap()));
            assert!(
                count <= limit && bytes <= 2 * length,
                "{dialect}: {count} allocations, {bytes} bytes, for {length} of {fields} fields"
            );
        }
    }
}
