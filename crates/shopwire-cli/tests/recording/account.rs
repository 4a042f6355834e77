//! A sandbox as the "real" account, and what stands in front of it or in its place.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::support::{Run, SandboxProcess, command, run, scratch};

/// The names of the services, and their settings for address and secrets.
pub(crate) const SERVICES: [(&str, &[&str]); 3] = [
    ("nicechat", &["api_key", "api_secret"]),
    ("uvygoda", &["token"]),
    ("retailcrm", &["api_key"]),
];

/// A path for a new recording; an earlier run of the tests may have left a file.
pub(crate) fn recording(name: &str) -> PathBuf {
    let file = scratch().join(format!("s7-{name}.jsonl"));
    let _ = fs::remove_file(&file);
    file
}

/// Starts `--record` in front of an account.
pub(crate) fn record(account: &SandboxProcess, file: &Path) -> SandboxProcess {
    let urls = SERVICES.map(|(service, _)| account.setting(service, "url"));
    SandboxProcess::start(&[
        "--record",
        file.to_str().expect("UTF-8"),
        "--nicechat-url",
        urls[0],
        "--uvygoda-url",
        urls[1],
        "--retailcrm-url",
        urls[2],
    ])
}

/// Starts `--play`.
pub(crate) fn play(file: &Path) -> SandboxProcess {
    SandboxProcess::start(&["--play", file.to_str().expect("UTF-8")])
}

/// The command, with the addresses of one process and the credentials of another.
pub(crate) fn client(at: &SandboxProcess, of: &SandboxProcess, args: &[&str]) -> Command {
    let mut client = command(args);
    for (service, secrets) in SERVICES {
        let prefix = service.to_uppercase();
        client.env(format!("{prefix}_URL"), at.setting(service, "url"));
        for name in secrets {
            let variable = format!("{prefix}_{}", name.to_uppercase());
            client.env(variable, of.setting(service, name));
        }
    }
    client
}

/// Calls an operation.
pub(crate) fn call(
    at: &SandboxProcess,
    of: &SandboxProcess,
    (service, operation, params): (&str, &str, &str),
) -> Run {
    let args = ["call", service, operation, "--params", "-"];
    run(&mut client(at, of, &args), params)
}
