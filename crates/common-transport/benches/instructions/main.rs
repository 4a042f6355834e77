//! Instructions of a call through the layers and of a typed call through the client, counted by valgrind's
//! callgrind: the same however busy the machine is.
//!
//! `cargo bench -p common-transport --bench instructions`. valgrind has to be installed.

#[path = "../call/orders.rs"]
mod orders;
#[path = "../call/stack.rs"]
mod stack;

use std::{env, process::Command};

use stack::{ALL, Stack};

const FEW: u32 = 200;
const MANY: u32 = 2_200;

fn main() {
    let mut arguments = env::args().skip(1);
    if arguments.next().as_deref() == Some("count") {
        count(arguments);
    } else {
        print();
    }
}

/// Runs this program under valgrind, twice for each stack: the difference holds the calls alone.
fn print() {
    println!("instructions, by callgrind over {} calls", MANY - FEW);
    println!("{:<36}{:>12}{:>12}", "stack", "per call", "over none");
    let mut none = None;
    for (index, stack) in ALL.into_iter().enumerate() {
        let calls = collected(index, MANY) - collected(index, FEW);
        let per_call = calls / u64::from(MANY - FEW);
        let none = *none.get_or_insert(per_call);
        let over = per_call - none;
        println!("{:<36}{per_call:>12}{over:>12}", stack.name());
    }
}

/// What valgrind runs: `count <stack> <calls>`.
fn count(mut arguments: impl Iterator<Item = String>) {
    let mut number = || -> usize {
        let argument = arguments.next().expect("a stack and a number of calls");
        argument.parse().expect("a number")
    };
    let stack: Stack = ALL[number()];
    let calls = u32::try_from(number()).expect("not that many calls");
    stack.runner()(calls);
}

fn collected(stack: usize, calls: u32) -> u64 {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe().expect("a path"))
        .args(["count", &stack.to_string(), &calls.to_string()])
        .output()
        .expect("valgrind is installed");
    let text = String::from_utf8_lossy(&output.stderr);
    text.lines()
        .find_map(|line| line.split_once("Collected :")?.1.trim().parse().ok())
        .unwrap_or_else(|| panic!("no count in valgrind's words:\n{text}"))
}
