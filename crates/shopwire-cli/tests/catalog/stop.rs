//! Signals.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use crate::{folder, names, offer, support::command, yml};

// J6, J8
#[test]
fn j6_an_interrupted_conversion_leaves_the_file_as_it_was() {
    let folder = folder("interrupted");
    let (feed, out) = (folder.join("price.xml"), folder.join("icml.xml"));
    std::fs::write(&out, "before").expect("written");
    std::fs::write(
        &feed,
        yml(&(0..200_000)
            .map(|id| offer(&id.to_string()))
            .collect::<String>()),
    )
    .expect("written");
    let args = [
        "catalog",
        "convert",
        feed.to_str().expect("UTF-8"),
        "--to",
        "icml",
        "--output",
        out.to_str().expect("UTF-8"),
    ];
    let child = command(&args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    // The work has begun when there is a file beside the one that was named.
    while names(&folder).len() < 3 {
        std::thread::yield_now();
    }
    let killed = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .expect("kill runs");
    assert!(killed.success());
    let done = child.wait_with_output().expect("ended");
    let said = String::from_utf8_lossy(&done.stderr);
    assert_eq!(done.status.code(), Some(130), "{said}");
    assert!(
        said.contains("interrupted: ") && said.contains("is unchanged; run the command again"),
        "{said}"
    );
    assert_eq!(std::fs::read_to_string(&out).expect("a file"), "before");
    assert_eq!(
        names(&folder),
        ["icml.xml", "price.xml"],
        "nothing is left behind"
    );
}

// J6, J8
#[test]
fn j6_a_second_signal_ends_a_check_that_waits_for_its_input() {
    let mut child = command(&["catalog", "check", "-", "--format", "yml"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    let mut input = child.stdin.take().expect("a pipe");
    // A fault that is told at once shows that the handlers are set: they are, before anything is read.
    input
        .write_all(yml("<offer/>").as_bytes())
        .expect("written");
    let status = format!("/proc/{}/status", child.id());
    let catches = |text: &str| {
        let line = text
            .lines()
            .find(|line| line.starts_with("SigCgt:"))
            .unwrap_or_default();
        let mask = u64::from_str_radix(line.trim_start_matches("SigCgt:").trim(), 16).unwrap_or(0);
        mask & 0b10 != 0
    };
    while !std::fs::read_to_string(&status).is_ok_and(|text| catches(&text)) {
        std::thread::yield_now();
    }
    // Signals close together count as one: the command is sent more until it has ended.
    let id = child.id().to_string();
    while child.try_wait().expect("a child").is_none() {
        let _ = Command::new("kill")
            .args(["-INT", &id])
            .stderr(Stdio::null())
            .status()
            .expect("kill runs");
    }
    drop(input);
    let done = child.wait_with_output().expect("ended");
    assert_eq!(done.status.code(), Some(130));
    assert!(String::from_utf8_lossy(&done.stderr).contains("ended by a second signal"));
}

// J6, J8
#[test]
fn j6_one_signal_is_enough_where_no_input_comes() {
    let folder = folder("waiting");
    let out = folder.join("icml.xml");
    let args = [
        "catalog",
        "write",
        "-",
        "--to",
        "icml",
        "--output",
        out.to_str().expect("UTF-8"),
    ];
    let mut child = command(&args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    let input = child.stdin.take().expect("a pipe");
    // Before there is a handler, the signal ends the process by itself, and the shell's code tells it.
    let status = format!("/proc/{}/status", child.id());
    let has_handler = |text: &str| {
        let line = text
            .lines()
            .find(|line| line.starts_with("SigCgt:"))
            .unwrap_or_default();
        u64::from_str_radix(line.trim_start_matches("SigCgt:").trim(), 16).unwrap_or(0) & 0b10 != 0
    };
    while !std::fs::read_to_string(&status).is_ok_and(|text| has_handler(&text)) {
        std::thread::yield_now();
    }
    let killed = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .expect("kill runs");
    assert!(killed.success());
    let done = child.wait_with_output().expect("ended");
    drop(input);
    assert_eq!(done.status.code(), Some(130));
    assert_eq!(
        String::from_utf8_lossy(&done.stderr),
        "error: interrupted; run the command again\n"
    );
    assert_eq!(names(&folder), [""; 0], "nothing is left behind");
}
