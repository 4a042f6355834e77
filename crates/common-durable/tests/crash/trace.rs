//! The system calls of a process, as `strace` saw them.

use std::{
    path::Path,
    process::{Command, Stdio},
};

/// One call that changes a file, syncs it, or tells the oracle something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Call {
    /// A file was opened: its descriptor and its name without the folder.
    Open {
        file: i32,
        name: String,
    },
    Close {
        file: i32,
    },
    Write {
        file: i32,
        at: u64,
        bytes: Vec<u8>,
    },
    Truncate {
        file: i32,
        length: u64,
    },
    Sync {
        file: i32,
    },
    /// A file was removed, by its name.
    Remove {
        name: String,
    },
    /// A line that the process told the oracle.
    Tell(String),
}

/// Whether `strace` is there and may trace.
pub(crate) fn is_there() -> bool {
    let trial = Command::new("strace")
        .args(["-o", "/dev/null", "true"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    trial.is_ok_and(|status| status.success())
}

/// Returns the command that runs another program traced, with the log in a file.
pub(crate) fn strace(log: &Path) -> Command {
    let mut command = Command::new("strace");
    command
        .args(["-f", "-xx", "-s", "200000", "--seccomp-bpf", "-o"])
        .arg(log)
        .args([
            "-e",
            "trace=openat,close,pwrite64,write,ftruncate,fsync,fdatasync,unlink,unlinkat",
        ]);
    command
}

/// Reads a log. Calls of several threads that overlap are put together again, at the place where they end; a sync
/// counts only from there on.
pub(crate) fn read(log: &str) -> Vec<Call> {
    let mut unfinished: Vec<(String, String)> = Vec::new();
    let mut calls = Vec::new();
    for line in log.lines() {
        let Some((thread, rest)) = line.split_once(' ') else {
            continue;
        };
        let rest = rest.trim_start();
        if let Some(begun) = rest.strip_suffix(" <unfinished ...>") {
            unfinished.retain(|(other, _)| other != thread);
            unfinished.push((thread.to_owned(), begun.to_owned()));
        } else if let Some((_, end)) = rest.split_once(" resumed>") {
            if let Some(place) = unfinished.iter().position(|(other, _)| other == thread) {
                let (_, begun) = unfinished.remove(place);
                calls.extend(call(&format!("{begun}{end}")));
            }
        } else {
            calls.extend(call(rest));
        }
    }
    calls
}

fn call(text: &str) -> Option<Call> {
    let (name, rest) = text.split_once('(')?;
    let (arguments, result) = rest.rsplit_once(" = ")?;
    let arguments = arguments.trim_end().strip_suffix(')')?;
    let result: i64 = result.split(' ').next()?.parse().ok()?;
    if result < 0 {
        return None;
    }
    let parts: Vec<_> = arguments.split(", ").collect();
    let file = || parts.first()?.parse().ok();
    Some(match name {
        "openat" => Call::Open {
            file: i32::try_from(result).ok()?,
            name: file_name(parts.get(1)?)?,
        },
        "close" => Call::Close { file: file()? },
        "pwrite64" => Call::Write {
            file: file()?,
            at: parts.last()?.parse().ok()?,
            bytes: bytes(parts.get(1)?)?,
        },
        "write" if file()? == 1 => Call::Tell(
            String::from_utf8(bytes(parts.get(1)?)?)
                .ok()?
                .trim()
                .to_owned(),
        ),
        "ftruncate" => Call::Truncate {
            file: file()?,
            length: parts.get(1)?.parse().ok()?,
        },
        "fsync" | "fdatasync" => Call::Sync { file: file()? },
        "unlink" => Call::Remove {
            name: file_name(parts.first()?)?,
        },
        "unlinkat" => Call::Remove {
            name: file_name(parts.get(1)?)?,
        },
        _ => return None,
    })
}

/// The bytes of a text such as `"\x61\x62"`.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    inner
        .split("\\x")
        .skip(1)
        .map(|digits| u8::from_str_radix(digits, 16).ok())
        .collect()
}

fn file_name(text: &str) -> Option<String> {
    let path = String::from_utf8(bytes(text)?).ok()?;
    Some(path.rsplit('/').next()?.to_owned())
}

#[test]
fn calls_are_read_back() {
    let log = "10 openat(AT_FDCWD, \"\\x2f\\x61\\x2f\\x62\", O_RDWR|O_CREAT, 0644) = 5\n\
        10 pwrite64(5, \"\\x01\\x02\", 2, 4096 <unfinished ...>\n\
        11 write(1, \"\\x68\\x69\\x0a\", 3) = 3\n\
        10 <... pwrite64 resumed>) = 2\n\
        10 fsync(5) = 0\n\
        10 fsync(6) = -1 EIO (Input/output error)\n";
    let calls = read(log);
    assert_eq!(
        calls,
        [
            Call::Open {
                file: 5,
                name: "b".into()
            },
            Call::Tell("hi".into()),
            Call::Write {
                file: 5,
                at: 4_096,
                bytes: vec![1, 2]
            },
            Call::Sync { file: 5 },
        ]
    );
}
