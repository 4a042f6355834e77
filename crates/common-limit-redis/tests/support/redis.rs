//! A private Redis: on a free port of this machine, with its files in a temporary folder, gone with the test.

use std::{
    env,
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// A server, which can be killed, stopped and started again.
pub(crate) struct Redis {
    folder: TempDir,
    port: u16,
    arguments: Vec<String>,
    child: Option<Child>,
}

impl Redis {
    /// Starts a server. Without the program it says that the test did not run; `SHOPWIRE_REQUIRE_REDIS` makes that a
    /// failure.
    pub(crate) fn start() -> Option<Self> {
        Self::with(&[])
    }

    /// Starts a server with these arguments.
    pub(crate) fn with(arguments: &[&str]) -> Option<Self> {
        if program().is_none() {
            let is_required = env::var_os("SHOPWIRE_REQUIRE_REDIS").is_some();
            assert!(!is_required, "redis-server is not installed");
            eprintln!("NOT RUN: redis-server is not installed");
            return None;
        }
        let mut redis = Self {
            folder: TempDir::new().expect("a folder"),
            port: 0,
            arguments: arguments.iter().map(ToString::to_string).collect(),
            child: None,
        };
        // Somebody else can take the port between the look and the start.
        for _ in 0..10 {
            redis.port = free_port();
            if redis.run() {
                return Some(redis);
            }
        }
        panic!("redis-server does not start");
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn address(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Starts the server again, without what it knew.
    pub(crate) fn run(&mut self) -> bool {
        let port = self.port.to_string();
        let mut command = Command::new(program().expect("it was there before"));
        command.args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]);
        if !self.arguments.iter().any(|argument| argument == "--port") {
            command.args(["--port", &port]);
        }
        let arguments = self
            .arguments
            .iter()
            .map(|argument| argument.replace("PORT", &port));
        command.args(arguments).current_dir(self.folder.path());
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        self.child = Some(child.expect("it can be started"));
        self.answers()
    }

    #[allow(clippy::disallowed_methods, reason = "a server starts in real time")]
    fn answers(&mut self) -> bool {
        let begin = Instant::now();
        while begin.elapsed() < Duration::from_secs(10) {
            let child = self.child.as_mut().expect("it runs");
            if child.try_wait().expect("a status").is_some() {
                return false;
            }
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return true;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        false
    }

    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("it runs");
            child.wait().expect("it ends");
        }
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let child = self.child.as_ref().expect("it runs");
        let pid = Pid::from_raw(child.id().cast_signed()).expect("a pid");
        kill_process(pid, signal).expect("it runs");
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.kill();
    }
}

fn program() -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let found = env::split_paths(&path).map(|folder| folder.join("redis-server"));
    found.into_iter().find(|file| file.is_file())
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
    listener.local_addr().expect("bound").port()
}
