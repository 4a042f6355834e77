//! The commands of the guide's chapter, run as they stand there.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{folder, names, support::SandboxProcess};

const GUIDE: &str = include_str!("../../../../docs/guide.md");

// J6, X1
#[cfg(unix)]
#[test]
fn j6_the_commands_of_the_guide_work() {
    let chapter = GUIDE
        .split("\n## ")
        .find(|chapter| chapter.starts_with("A price list into three services\n"));
    let chapter = chapter.expect("the chapter");
    let blocks: Vec<&str> = chapter
        .split("```sh\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap_or_default())
        .collect();
    assert!(blocks.len() >= 3, "{}", blocks.len());
    let folder = folder("guide");
    let sandbox = SandboxProcess::start(&[]);
    let binary = Path::new(env!("CARGO_BIN_EXE_shopwire"));
    let path = format!(
        "{}:{}",
        binary.parent().expect("a directory").display(),
        std::env::var("PATH").unwrap_or_default()
    );
    let mut bash = Command::new("bash");
    bash.args(["-euo", "pipefail", "-c", &blocks.concat()])
        .current_dir(&folder)
        .env("PATH", path)
        .env("FILES", served(&folder));
    for (service, setting, variable) in [
        ("nicechat", "url", "NICECHAT_URL"),
        ("nicechat", "api_key", "NICECHAT_API_KEY"),
        ("nicechat", "api_secret", "NICECHAT_API_SECRET"),
        ("uvygoda", "url", "UVYGODA_URL"),
        ("uvygoda", "token", "UVYGODA_TOKEN"),
    ] {
        bash.env(variable, sandbox.setting(service, setting));
    }
    let done = bash.output().expect("bash runs");
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(
        done.status.success(),
        "{said}\n{}",
        String::from_utf8_lossy(&done.stdout)
    );
    assert_eq!(
        names(&folder),
        [
            "added.json",
            "bad.csv",
            "card.json",
            "cards.csv",
            "goods.csv",
            "icml.xml",
            "products.csv",
            "result.json",
            "task.json",
            "token",
            "yml.xml"
        ],
        "{said}"
    );
    let products = sandbox.admin("GET", "/api/state/nicechat/products", "");
    assert!(products.contains("Kettle Dawn"), "{products}");
    let cards = sandbox.admin("GET", "/api/state/uvygoda/cards", "");
    assert!(
        cards.contains("Mug Dawn") && cards.contains("472"),
        "{cards}"
    );
    // What the chapter shows of the output is what comes.
    for shown in chapter
        .split("```text\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap_or_default())
    {
        for line in shown.lines() {
            let out = String::from_utf8_lossy(&done.stdout);
            assert!(
                said.lines().chain(out.lines()).any(|said| said == line),
                "{line}\n{said}\n{out}"
            );
        }
    }
}

/// Serves the files of a folder as a web server does; returns the address. It serves until the test ends.
fn served(folder: &Path) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let folder: PathBuf = folder.to_owned();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let mut line = String::new();
            let mut reader = BufReader::new(&stream);
            reader.read_line(&mut line).expect("a request");
            let name = line.split([' ', '/']).nth(2).expect("a path");
            let body = std::fs::read(folder.join(name)).expect("a file");
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                body.len()
            );
            stream.write_all(head.as_bytes()).expect("it answers");
            stream.write_all(&body).expect("it answers");
        }
    });
    format!("http://{address}")
}
