//! Instructions for each byte of a posted form, over doubling sizes and hostile boundaries, counted by valgrind's
//! callgrind: a reader whose cost grows faster than the body shows a rising row.
//!
//! `cargo bench -p nicechat-api --bench forms`. valgrind has to be installed.

use std::{env, hint::black_box, process::Command};

use common_api::form;
use nicechat_sign::Verifier;

const SIZES: [usize; 5] = [1 << 16, 1 << 17, 1 << 18, 1 << 19, 1 << 20];
const READERS: [&str; 2] = ["fields", "verifier"];

/// Name, boundary and content of the body. Without a boundary it is urlencoded.
fn cases(size: usize) -> Vec<(&'static str, Option<String>, String)> {
    let hyphens = "-".repeat(70);
    let periodic = "ab".repeat(35);
    let long = "-".repeat(size / 2);
    vec![
        ("text", Some("boundary".into()), "Кружка, 300 мл\r\n".into()),
        ("hyphens", Some(hyphens.clone()), "-".into()),
        (
            "lines of hyphens",
            Some(hyphens.clone()),
            format!("\r\n--{}", &hyphens[1..]),
        ),
        (
            "periodic",
            Some(periodic.clone()),
            format!("\r\n--{}", &periodic[1..]),
        ),
        (
            "boundary inside",
            Some(periodic.clone()),
            format!("--{periodic}"),
        ),
        ("half a body of boundary", Some(long), "-".into()),
        ("empty lines", Some(hyphens), "\r\n".into()),
        ("urlencoded", None, "%D0%9A%".into()),
    ]
}

fn request(case: usize, size: usize) -> (String, Vec<u8>) {
    let (_, boundary, filling) = cases(size).swap_remove(case);
    let filling = filling.repeat(size / filling.len());
    let Some(boundary) = boundary else {
        let content_type = "application/x-www-form-urlencoded".to_owned();
        return (content_type, format!("a={filling}").into());
    };
    let disposition = "Content-Disposition: form-data; name=\"a\"";
    let body = format!("--{boundary}\r\n{disposition}\r\n\r\n.{filling}.\r\n--{boundary}--\r\n");
    (
        format!("multipart/form-data; boundary={boundary}"),
        body.into(),
    )
}

fn main() {
    let mut arguments = env::args().skip(1);
    if arguments.next().as_deref() == Some("count") {
        count(arguments);
    } else {
        print();
    }
}

fn print() {
    print!("{:<10}{:<26}", "reader", "instructions a byte");
    for size in SIZES {
        print!("{:>10}", format!("{} KiB", size >> 10));
    }
    println!();
    for (reader, name) in READERS.into_iter().enumerate() {
        for (case, (filling, ..)) in cases(4).into_iter().enumerate() {
            print!("{name:<10}{filling:<26}");
            for size in SIZES {
                let one = collected(reader, case, size, 1);
                let three = collected(reader, case, size, 3);
                let bytes = request(case, size).1.len() as u64;
                print!("{:>10.2}", (three - one) as f64 / (2 * bytes) as f64);
            }
            println!();
        }
    }
}

/// The command under valgrind: `count <reader> <case> <size> <times>`.
fn count(arguments: impl Iterator<Item = String>) {
    let numbers: Vec<usize> = arguments
        .map(|argument| argument.parse().expect("a number"))
        .collect();
    let [reader, case, size, times] = numbers[..] else {
        panic!("four numbers");
    };
    let (content_type, body) = request(case, size);
    let parts = http::Request::post("/marketplaces/v1/products/")
        .header("content-type", &content_type)
        .header("x-api-key", "key")
        .header("x-api-sign", "0".repeat(64))
        .body(())
        .map(|request| request.into_parts().0)
        .expect("a request");
    let verifier = Verifier::new().max_body(1 << 22);
    for _ in 0..times {
        match READERS[reader] {
            "fields" => drop(black_box(form::fields(&content_type, &body))),
            _ => drop(black_box(verifier.claim(&parts, &body))),
        }
    }
}

fn collected(reader: usize, case: usize, size: usize, times: usize) -> u64 {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe().expect("a path"))
        .arg("count")
        .args([reader, case, size, times].map(|number| number.to_string()))
        .output()
        .expect("valgrind is installed");
    let text = String::from_utf8_lossy(&output.stderr);
    text.lines()
        .find_map(|line| line.split_once("Collected :")?.1.trim().parse().ok())
        .unwrap_or_else(|| panic!("no count in valgrind's words:\n{text}"))
}
