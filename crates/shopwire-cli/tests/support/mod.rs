//! Running the command as a script would.
#![expect(dead_code, reason = "each test binary uses its part of this module")]

pub(crate) mod memory;
pub(crate) mod receiving;

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use common_model::{Value as Json, from_json};

/// Every setting the command reads from the environment.
const SETTINGS: [&str; 30] = [
    "NICECHAT_URL",
    "NICECHAT_API_KEY",
    "NICECHAT_API_SECRET",
    "NICECHAT_DIALECT",
    "NICECHAT_QUERY_RULE",
    "NICECHAT_ENCODING",
    "NICECHAT_KEY_HEADER",
    "NICECHAT_SIGNATURE_HEADER",
    "NICECHAT_KEY_PARAMETER",
    "NICECHAT_SIGNATURE_PARAMETER",
    "UVYGODA_URL",
    "UVYGODA_TOKEN",
    "RETAILCRM_URL",
    "RETAILCRM_API_KEY",
    "RETAILCRM_SITE",
    "NICECHAT_WEBHOOK_SECRET",
    "NICECHAT_WEBHOOK_ACCOUNT",
    "UVYGODA_WEBHOOK_SECRET",
    "UVYGODA_WEBHOOK_ACCOUNT",
    "UVYGODA_WEBHOOK_RULES",
    "RETAILCRM_WEBHOOK_SECRET",
    "RETAILCRM_WEBHOOK_ACCOUNT",
    "SHOPWIRE_STORE",
    "SHOPWIRE_STORE_URL",
    "PGPASSWORD",
    "PGPASSFILE",
    "PGSSLMODE",
    "PGSSLROOTCERT",
    "PGSSLCERT",
    "PGSSLKEY",
];

/// What a run of the command left behind.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// Standard output as JSON.
    pub(crate) fn json(&self) -> Json {
        from_json(&self.stdout).unwrap_or_else(|error| panic!("{error}\n{self:?}"))
    }

    /// The `error` member of the last line on standard error.
    pub(crate) fn error(&self) -> Json {
        let line = self.stderr.lines().last().unwrap_or_default();
        let report: Json = from_json(line).unwrap_or_else(|error| panic!("{error}\n{self:?}"));
        report
            .get("error")
            .unwrap_or_else(|| panic!("{self:?}"))
            .clone()
    }
}

/// A text member, or an empty text.
pub(crate) fn text<'j>(json: &'j Json, name: &str) -> &'j str {
    json.get(name).and_then(Json::as_str).unwrap_or_default()
}

/// What leads to a settings file of the user.
const PLACES: [&str; 7] = [
    "SHOPWIRE_CONFIG",
    "SHOPWIRE_PROFILE",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "HOME",
    "APPDATA",
    "LOCALAPPDATA",
];

/// The command without any settings from outside, in a directory without `shopwire.toml`.
pub(crate) fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shopwire"));
    command
        .args(args)
        .current_dir(scratch())
        .stdin(Stdio::null());
    for name in SETTINGS.into_iter().chain(PLACES) {
        command.env_remove(name);
    }
    command
}

/// Runs the command to its end.
pub(crate) fn run(command: &mut Command, stdin: impl AsRef<[u8]>) -> Run {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let mut input = child.stdin.take().expect("a pipe");
    let bytes = stdin.as_ref().to_owned();
    // A thread of its own, so that a full pipe in the other direction stops nothing. A command that does
    // not read its input may end before it is written.
    let writer = std::thread::spawn(move || drop(input.write_all(&bytes)));
    let output = child.wait_with_output().expect("the command ends");
    writer.join().expect("the writer ends");
    Run {
        code: output.status.code().expect("an exit code"),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// A directory for files of tests.
pub(crate) fn scratch() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).to_owned()
}

/// A file that is the user's alone, in a directory of its own.
pub(crate) fn private_file(directory: &str, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let directory = scratch().join(directory);
    std::fs::create_dir_all(&directory).expect("a directory");
    let path = directory.join(name);
    std::fs::write(&path, content).expect("written");
    chmod(&path, 0o600);
    path
}

/// Sets the mode of a file or directory.
#[cfg(unix)]
pub(crate) fn chmod(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("it is ours");
}

#[cfg(not(unix))]
pub(crate) fn chmod(_: &Path, _: u32) {}

/// `shopwire sandbox --json` as a process of its own; it is ended on drop.
#[derive(Debug)]
pub(crate) struct SandboxProcess {
    child: Child,
    /// What it announced.
    pub(crate) settings: Json,
}

impl SandboxProcess {
    /// Sends a request to the admin API, which has to succeed; returns the body of its answer.
    pub(crate) fn admin(&self, method: &str, path: &str, body: &str) -> String {
        let url = self.setting("admin", "url");
        let host = url.strip_prefix("http://").expect("a plain address");
        let mut stream = std::net::TcpStream::connect(host).expect("a connection");
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 20"), "{answer}");
        let (_, body) = answer.split_once("\r\n\r\n").expect("a head");
        body.to_owned()
    }

    pub(crate) fn start(args: &[&str]) -> Self {
        Self::start_by(command(&["sandbox", "--json", "--quiet"]).args(args))
    }

    /// Starts a command that announces a sandbox.
    pub(crate) fn start_by(command: &mut Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .expect("the sandbox starts");
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().expect("a pipe"))
            .read_line(&mut line)
            .expect("a line");
        let settings = from_json(&line).unwrap_or_else(|error| panic!("{error}\n{line}"));
        Self { child, settings }
    }

    /// One announced setting.
    pub(crate) fn setting(&self, service: &str, name: &str) -> &str {
        let setting = self
            .settings
            .get(service)
            .and_then(|service| service.get(name));
        setting
            .and_then(Json::as_str)
            .unwrap_or_else(|| panic!("{service}.{name} is missing"))
    }

    /// All that must never show.
    pub(crate) fn secrets(&self) -> [&str; 5] {
        [
            self.setting("nicechat", "api_key"),
            self.setting("nicechat", "api_secret"),
            self.setting("uvygoda", "password"),
            self.setting("uvygoda", "token"),
            self.setting("retailcrm", "api_key"),
        ]
    }

    /// The command with this sandbox in its environment.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = command(args);
        command
            .env("NICECHAT_URL", self.setting("nicechat", "url"))
            .env("NICECHAT_API_KEY", self.setting("nicechat", "api_key"))
            .env(
                "NICECHAT_API_SECRET",
                self.setting("nicechat", "api_secret"),
            )
            .env("UVYGODA_URL", self.setting("uvygoda", "url"))
            .env("UVYGODA_TOKEN", self.setting("uvygoda", "token"))
            .env("RETAILCRM_URL", self.setting("retailcrm", "url"))
            .env("RETAILCRM_API_KEY", self.setting("retailcrm", "api_key"));
        command
    }

    /// Calls an operation with parameters.
    pub(crate) fn call(&self, service: &str, operation: &str, params: &str) -> Run {
        run(
            &mut self.command(&["call", service, operation, "--params", "-"]),
            params,
        )
    }

    /// Ends the process with SIGTERM and gives its exit code.
    #[cfg(unix)]
    pub(crate) fn terminate(mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        let killed = Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .expect("kill runs");
        assert!(killed.success());
        self.child.wait().expect("it ends").code()
    }
}

impl Drop for SandboxProcess {
    fn drop(&mut self) {
        // It may have ended already, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
