//! Small answers that ask for much memory: what decoding takes follows the bytes of the answer.

use allocation_counter::measure;
use bytes::Bytes;
use common_transport::Operation;
use http::Response;
use shopwire::retailcrm::{customers, orders};

use crate::report::{Report, Scale};

const MIB: usize = 1024 * 1024;

/// What a budget of eight times the answer and 64 MiB may come to at its peak.
fn bound(length: usize) -> u64 {
    2 * (8 * length + 64 * MIB) as u64
}

/// An answer with a list of `item`, as long as may be.
fn list(name: &str, item: &str, length: usize) -> String {
    let count = (length / (item.len() + 1)).max(1);
    let items = vec![item; count].join(",");
    format!("{{\"success\":true,\"{name}\":[{items}]}}")
}

/// A thousand levels of lists are too deep; a hundred are not.
fn nested(length: usize) -> String {
    let one = format!("{}{}", "[".repeat(100), "]".repeat(100));
    list("orders", &format!("{{\"x\":{one}}}"), length)
}

fn shapes(length: usize) -> Vec<(&'static str, String)> {
    let keyed = |count: usize| {
        let members: Vec<String> = (0..count).map(|key| format!("\"{key}\":{{}}")).collect();
        format!("{{\"success\":true,\"orders\":{{{}}}}}", members.join(","))
    };
    vec![
        ("[{},{},…]", list("orders", "{}", length)),
        ("[[],[],…]", list("orders", "[]", length)),
        ("[null,null,…]", list("orders", "null", length)),
        ("[1,1,…]", list("orders", "1", length)),
        (
            "items of items",
            list("orders", "{\"items\":[{},{},{},{}]}", length),
        ),
        ("an object of orders", keyed(length / 12)),
        (
            "unknown members",
            list("orders", "{\"a\":1,\"b\":[],\"c\":{}}", length),
        ),
        (
            "empty customers in orders",
            list("orders", "{\"customer\":{}}", length),
        ),
        (
            "deliveries in orders",
            list("orders", "{\"delivery\":{\"data\":{}}}", length),
        ),
        ("texts", list("orders", "{\"number\":\"x\"}", length)),
        ("lists a hundred deep", nested(length)),
        (
            "one field many times",
            list("orders", "{\"items\":[{}],\"items\":[{}]}", length),
        ),
    ]
}

pub(crate) fn run(scale: &Scale) -> Report {
    let mut report = Report::default();
    for length in [MIB / 16, scale.pick(MIB, 8 * MIB)] {
        for (name, text) in shapes(length) {
            let bytes = text.len();
            let orders = peak(orders::List::new(), &text);
            let customers = peak(customers::List::new(), &text.replace("orders", "customers"));
            let most = orders.max(customers);
            report.figure(
                &format!("{name} ({} KiB)", bytes / 1024),
                format_args!("{:>8.1} bytes a byte", most as f64 / bytes as f64),
            );
            report.promise(most <= bound(bytes), || {
                format!("{name}: {} MiB for {} KiB", most / MIB as u64, bytes / 1024)
            });
        }
    }
    report
}

/// The most bytes that decoding held at once.
fn peak<O: Operation>(operation: O, text: &str) -> u64 {
    let response = || Response::new(Bytes::copy_from_slice(text.as_bytes()));
    measure(|| drop(operation.decode(response()))).bytes_max
}
