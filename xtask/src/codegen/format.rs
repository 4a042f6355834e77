//! `rustfmt`, as `cargo fmt` runs it here.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

/// Formats one file's text.
pub(crate) fn rust(text: &str) -> Result<String, String> {
    let failed = |error: std::io::Error| format!("rustfmt cannot be run: {error}");
    let mut process = Command::new("rustfmt")
        .args([
            "--edition",
            "2024",
            "--config",
            "max_width=100",
            "--emit",
            "stdout",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let mut input = process.stdin.take().ok_or("rustfmt has no input")?;
    let text = text.to_owned();
    // Written beside the reading: both pipes are smaller than a file.
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = process.wait_with_output().map_err(failed)?;
    writer
        .join()
        .map_err(|_| "rustfmt: the writer failed")?
        .map_err(failed)?;
    if !output.status.success() {
        return Err(format!(
            "rustfmt: {}",
            String::from_utf8_lossy(&output.stderr)
        ));
    }
    String::from_utf8(output.stdout).map_err(|error| format!("rustfmt: {error}"))
}
