//! `shopwire webhooks` as a process of its own, and senders that speak to it over a socket.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::JoinHandle,
    time::Duration,
};

use common_model::{Value as Json, from_json};

use super::{Run, command, run, scratch, text};

pub(crate) const UVYGODA: &str = "uvygoda-path-hidden-1";
pub(crate) const NICECHAT: &str = "nicechat-path-hidden-2";
pub(crate) const RETAILCRM: &str = "retailcrm-path-hidden-3";

/// Orders the sandbox's events by their order.
pub(crate) const RULES: &str = r#"[
    {"kind":"new_order","at":"/EVENT","equals":"NEW_ORDER","subject":"/ORDER/ID"},
    {"kind":"order_status","at":"/EVENT","equals":"ORDER_STATUS","subject":"/ORDER/ID"}
]"#;

/// Longest wait for something that comes.
const PATIENCE: Duration = Duration::from_secs(30);

/// A place for a store that no other test uses, without files of an earlier run.
pub(crate) fn fresh_store(name: &str) -> PathBuf {
    let folder = scratch().join(format!("store-{name}"));
    // It need not exist.
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder.join("inbox.db")
}

/// The command with path secrets in its environment.
pub(crate) fn webhooks(store: &Path, args: &[&str]) -> Command {
    let mut command = command(&["webhooks", "--json", "--listen", "127.0.0.1:0"]);
    prepare(&mut command, store, args);
    command
}

fn prepare(command: &mut Command, store: &Path, args: &[&str]) {
    command
        .args(args)
        .env("SHOPWIRE_STORE", store)
        .env("UVYGODA_WEBHOOK_SECRET", UVYGODA)
        .env("UVYGODA_WEBHOOK_RULES", RULES)
        .env("NICECHAT_WEBHOOK_SECRET", NICECHAT)
        .env("RETAILCRM_WEBHOOK_SECRET", RETAILCRM)
        .env("RETAILCRM_WEBHOOK_ACCOUNT", "shop-7");
}

/// `shopwire inbox` on this store.
pub(crate) fn inbox(store: &Path, args: &[&str]) -> Run {
    run(
        command(&["inbox"]).args(args).env("SHOPWIRE_STORE", store),
        "",
    )
}

/// The events of `shopwire inbox list --json`.
pub(crate) fn events(store: &Path) -> Vec<Json> {
    let listed = inbox(store, &["list", "--json", "--limit", "1000000"]);
    assert_eq!(listed.code, 0, "{listed:?}");
    let lines = listed.stdout.lines();
    lines.map(|line| from_json(line).expect("JSON")).collect()
}

/// A running receiver; it is killed on drop.
#[derive(Debug)]
pub(crate) struct Receiving {
    pub(crate) child: Child,
    /// What it announced.
    pub(crate) ready: Json,
    pub(crate) announced: String,
    /// Standard error. It is read all the time: a receiver whose pipe is full stands still.
    log: Option<JoinHandle<String>>,
}

impl Receiving {
    pub(crate) fn start(store: &Path) -> Self {
        Self::spawn(&mut webhooks(store, &[]))
    }

    pub(crate) fn spawn(command: &mut Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the receiver starts");
        let mut announced = String::new();
        let out = child.stdout.as_mut().expect("a pipe");
        BufReader::new(out)
            .read_line(&mut announced)
            .expect("a line");
        let mut pipe = child.stderr.take().expect("a pipe");
        let log = std::thread::spawn(move || {
            let mut log = String::new();
            pipe.read_to_string(&mut log).expect("UTF-8");
            log
        });
        let ready = match from_json(&announced) {
            Ok(ready) => ready,
            Err(error) => panic!("{error}\n{announced}\n{}", log.join().expect("read")),
        };
        Self {
            child,
            ready,
            announced,
            log: Some(log),
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        let url = text(&self.ready, "url");
        url.trim_start_matches("http://")
            .parse()
            .expect("an address")
    }

    /// Opens a connection.
    pub(crate) fn connect(&self) -> TcpStream {
        connect(self.address()).expect("a connection")
    }

    /// Posts a body to the path of Uvygoda and returns the status.
    pub(crate) fn post(&self, body: &str) -> u16 {
        self.send(&post(
            &format!("/uvygoda/{UVYGODA}"),
            "content-type: application/json",
            body,
        ))
        .0
    }

    /// Sends bytes on a connection of their own; returns status and body of the answer.
    pub(crate) fn send(&self, bytes: &[u8]) -> (u16, String) {
        let mut stream = self.connect();
        stream.write_all(bytes).expect("sent");
        answer(&mut stream).expect("an answer")
    }

    /// The body of a page.
    pub(crate) fn get(&self, path: &str) -> (u16, String) {
        self.send(format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").as_bytes())
    }

    /// The value of a metric's line, without its value.
    pub(crate) fn metric(&self, name: &str) -> Option<f64> {
        let (status, page) = self.get("/metrics");
        assert_eq!(status, 200);
        let line = page
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.map(|value| value.parse().expect("a number"))
    }

    /// Waits until a metric has a value.
    pub(crate) fn wait_for(&self, name: &str, wanted: f64) {
        for _ in 0..100_000 {
            if self.metric(name) == Some(wanted) {
                return;
            }
            std::thread::yield_now();
        }
        panic!("{name} is {:?}, not {wanted}", self.metric(name));
    }

    /// Sends SIGTERM.
    pub(crate) fn ask_to_stop(&self) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &id]).status();
        assert!(sent.expect("kill runs").success());
    }

    /// Waits for the end; returns exit code and standard error.
    pub(crate) fn wait(mut self) -> (Option<i32>, String) {
        let code = self.child.wait().expect("it ends").code();
        let log = self.log.take().expect("it is read once");
        (code, log.join().expect("read"))
    }

    pub(crate) fn stop(self) -> (Option<i32>, String) {
        self.ask_to_stop();
        self.wait()
    }

    /// Ends the process with SIGKILL.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("it ends");
    }
}

impl Drop for Receiving {
    fn drop(&mut self) {
        // It may have ended already, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn connect(address: SocketAddr) -> std::io::Result<TcpStream> {
    let stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// The bytes of a POST; the connection stays open.
pub(crate) fn post(path: &str, header: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("POST {path} HTTP/1.1\r\nhost: x\r\n{header}\r\ncontent-length: {length}\r\n\r\n{body}")
        .into_bytes()
}

/// Reads one answer: its status and its body.
pub(crate) fn answer(stream: &mut TcpStream) -> Option<(u16, String)> {
    let mut bytes = Vec::new();
    let mut piece = [0; 16_384];
    loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
            let length = head.split("content-length: ").nth(1)?;
            let length: usize = length.split("\r\n").next()?.trim().parse().ok()?;
            if bytes.len() >= end + 4 + length {
                let status = head.split(' ').nth(1)?.parse().ok()?;
                let body = String::from_utf8_lossy(&bytes[end + 4..]).into_owned();
                return Some((status, body));
            }
        }
        match stream.read(&mut piece) {
            Ok(0) | Err(_) => return None,
            Ok(read) => bytes.extend_from_slice(&piece[..read]),
        }
    }
}
