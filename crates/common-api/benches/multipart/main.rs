//! Instructions of reading multipart bodies whose values nearly match the boundary everywhere, counted by valgrind's
//! callgrind: the same however busy the machine is. Fails if a body of 16 times the size costs more than 20 times as
//! much; a reader that compares each boundary anew would take 256 times as much.
//!
//! `cargo bench -p common-api --features forms --bench multipart`. valgrind has to be installed.

use std::{env, hint::black_box, process::Command};

use common_api::form::fields;

/// Sizes of the bodies in bytes.
const SIZES: [usize; 2] = [1 << 14, 1 << 18];

/// Permitted growth of the costs.
const MOST: f64 = 20.0;

type Boundary = fn(usize) -> String;
type Filling = fn(&str) -> String;

const BOUNDARIES: [(&str, Boundary); 5] = [
    ("8 hyphens", |_| "-".repeat(8)),
    ("70 hyphens", |_| "-".repeat(70)),
    ("35 times ab", |_| "ab".repeat(35)),
    ("hyphens, half the body", |size| "-".repeat(size / 2)),
    ("ab, half the body", |size| "ab".repeat(size / 4)),
];

/// Given all but the last byte of the boundary.
const FILLINGS: [(&str, Filling); 7] = [
    ("line and delimiter", |near| format!("\r\n--{near}")),
    ("line, delimiter, mark", |near| format!("\r\n--{near}!")),
    ("delimiter", |near| format!("--{near}")),
    ("line and --", |_| "\r\n--".into()),
    ("line", |_| "\r\n".into()),
    ("hyphen", |_| "-".into()),
    ("boundary", |near| near.into()),
];

fn main() {
    let arguments: Vec<String> = env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "--work") {
        let [case, size, how] = &arguments[at + 1..] else {
            panic!("--work takes three arguments");
        };
        let number = |text: &str| text.parse::<usize>().expect("a number");
        return work(number(case), number(size), how);
    }
    println!("instructions by callgrind at {SIZES:?} bytes, and their growth");
    let mut too_dear = 0;
    for (case, name) in names().iter().enumerate() {
        let [few, many] = SIZES.map(|size| cost(case, size));
        let growth = many as f64 / few as f64;
        let mark = if growth > MOST { "  too much" } else { "" };
        too_dear += usize::from(growth > MOST);
        println!("{name:<48} {few:>10} {many:>11} {growth:>7.1}{mark}");
    }
    assert_eq!(
        too_dear, 0,
        "bodies whose cost grows faster than their length"
    );
}

/// The cases: each boundary with each filling, and many parts.
fn names() -> Vec<String> {
    let pairs = BOUNDARIES.iter().flat_map(|(boundary, _)| {
        let fillings = FILLINGS.iter();
        fillings.map(move |(filling, _)| format!("{boundary}: {filling}"))
    });
    pairs.chain(["many parts".to_owned()]).collect()
}

/// Instructions of the reading: those of a process that reads, without those of a process that only builds the body.
fn cost(case: usize, size: usize) -> u64 {
    let [read, built] = ["read", "build"].map(|how| count(case, size, how));
    read.saturating_sub(built).max(1)
}

fn count(case: usize, size: usize, how: &str) -> u64 {
    let numbers = [case, size].map(|number| number.to_string());
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe().expect("its own path"))
        .arg("--work")
        .args(&numbers)
        .arg(how)
        .output()
        .expect("valgrind is installed");
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}");
    let collected = text.lines().find(|line| line.contains("Collected"));
    collected
        .and_then(|line| line.rsplit(' ').next()?.parse().ok())
        .unwrap_or_else(|| panic!("no count in valgrind's words:\n{text}"))
}

/// What valgrind runs.
fn work(case: usize, size: usize, how: &str) {
    let head = "Content-Disposition: form-data; name=\"a\"";
    let (boundary, body, parts) = match BOUNDARIES.get(case / FILLINGS.len()) {
        Some((_, boundary)) => {
            let boundary = boundary(size);
            let filling = FILLINGS[case % FILLINGS.len()].1(&boundary[..boundary.len() - 1]);
            let value = filling.repeat((size / filling.len()).max(1));
            let body = format!("--{boundary}\r\n{head}\r\n\r\n.{value}.\r\n--{boundary}--");
            (boundary, body, 1)
        }
        None => {
            let part = format!("--x\r\n{head}\r\n\r\n\r\n");
            let parts = size / part.len();
            ("x".to_owned(), part.repeat(parts) + "--x--", parts)
        }
    };
    let content_type = format!("multipart/form-data; boundary=\"{boundary}\"");
    if how == "read" {
        let read = fields(&content_type, black_box(body.as_bytes()));
        assert_eq!(black_box(read).map(|fields| fields.len()), Some(parts));
    }
    black_box((content_type, body));
}
