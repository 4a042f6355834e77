//! The lines that `shopwire sandbox` prints for each request.
#![cfg(unix)]

mod support;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use common_model::{Value as Json, from_json};
use support::command;

/// A sandbox whose standard error is read.
struct Watched {
    child: Child,
    address: String,
    key: String,
}

impl Watched {
    fn start(flags: &[&str]) -> Self {
        let mut child = command(&["sandbox", "--json"])
            .args(flags)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the sandbox starts");
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().expect("a pipe"))
            .read_line(&mut line)
            .expect("a line");
        let settings: Json = from_json(&line).expect("JSON");
        let setting = |name: &str| {
            let crm = settings.get("retailcrm").and_then(|crm| crm.get(name));
            crm.and_then(Json::as_str).expect("a setting").to_owned()
        };
        Self {
            address: setting("url").replace("http://", ""),
            key: setting("api_key"),
            child,
        }
    }

    fn get(&self, target: &str) {
        let mut stream = TcpStream::connect(&self.address).expect("a server");
        let request = format!("GET {target} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 "), "{answer}");
    }

    /// Waits for this number of lines, then ends the sandbox; all that it printed.
    fn end(mut self, lines: usize) -> String {
        let mut stderr = BufReader::new(self.child.stderr.take().expect("a pipe"));
        let mut text = String::new();
        for _ in 0..lines {
            stderr.read_line(&mut text).expect("a line");
        }
        let id = self.child.id().to_string();
        let killed = Command::new("kill").args(["-TERM", &id]).status();
        assert!(killed.expect("kill runs").success());
        stderr.read_to_string(&mut text).expect("the rest");
        assert_eq!(self.child.wait().expect("it ends").code(), Some(0));
        text
    }
}

#[test]
fn s2_the_sandbox_prints_a_line_for_each_request() {
    let sandbox = Watched::start(&[]);
    let key = sandbox.key.clone();
    sandbox.get(&format!("/api/v5/orders?apiKey={key}"));
    sandbox.get("/api/v5/order");
    assert_eq!(
        sandbox.end(2),
        "#1 retailcrm GET /api/v5/orders 200\n\
         #2 retailcrm GET /api/v5/order 404 route: no operation has this path; the nearest is GET /api/v5/orders \
         (1 more)\n"
    );
}

#[test]
fn s2_verbose_shows_the_query_and_all_reasons_without_credentials() {
    let sandbox = Watched::start(&["-v"]);
    let key = sandbox.key.clone();
    sandbox.get(&format!(
        "/api/v5/orders?apiKey={key}&filter[x]=1&filter[y]=2"
    ));
    let text = sandbox.end(4);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 4, "{text}");
    assert!(lines[0].ends_with("(1 more)"), "{text}");
    assert_eq!(lines[1], "  query: apiKey=***&filter[x]=1&filter[y]=2");
    assert!(lines[2].starts_with("  schema: filter[x]: "), "{text}");
    assert!(lines[3].starts_with("  schema: filter[y]: "), "{text}");
    assert!(!text.contains(&key), "{text}");
}

#[test]
fn s2_quiet_prints_nothing() {
    let sandbox = Watched::start(&["--quiet"]);
    sandbox.get("/api/v5/order");
    assert_eq!(sandbox.end(0), "");
}
