//! The interpreters, one process for a whole batch.

use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;

use nicechat_sign::{Dialect, Form, Value};

use super::json;

/// What is signed.
pub(super) enum Payload {
    Form(Form),
    Body(String),
    /// The urlencoded text of a form, as a server reads it.
    Received(String),
}

/// One question to an interpreter.
pub(super) struct Case {
    pub(super) name: String,
    pub(super) secret: String,
    pub(super) path: String,
    pub(super) method: String,
    pub(super) payload: Payload,
}

/// What an interpreter says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) canonical: String,
    pub(super) signature: String,
}

/// Puts all cases to the interpreter of a dialect and gives the verdicts in order.
pub(super) fn ask(dialect: Dialect, cases: &[Case]) -> Result<Vec<Verdict>, String> {
    let (program, script) = match dialect {
        Dialect::Python => ("python3", "oracle.py"),
        _ => ("php", "oracle.php"),
    };
    let script: PathBuf = [env!("CARGO_MANIFEST_DIR"), "src/vectors", script]
        .iter()
        .collect();
    let mut child = Command::new(program)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{program} is needed and did not start: {error}"))?;
    let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(format!("{program} has no pipes"));
    };
    let verdicts = thread::scope(|scope| {
        scope.spawn(move || {
            let mut stdin = BufWriter::new(stdin);
            for case in cases {
                // A dead interpreter shows itself by its missing verdicts.
                if writeln!(stdin, "{}", line(dialect, case)).is_err() {
                    return;
                }
            }
            _ = stdin.flush();
        });
        BufReader::new(stdout)
            .lines()
            .map(|line| verdict(&line))
            .collect::<Result<Vec<_>, _>>()
    })?;
    let status = child
        .wait()
        .map_err(|error| format!("{program}: {error}"))?;
    if !status.success() || verdicts.len() != cases.len() {
        return Err(format!(
            "{program} ended with {status} after {} of {} cases",
            verdicts.len(),
            cases.len()
        ));
    }
    Ok(verdicts)
}

fn line(dialect: Dialect, case: &Case) -> String {
    let payload = match &case.payload {
        Payload::Form(form) => format!("\"pairs\":{}", json::pairs(form.iter(), json::value)),
        Payload::Body(body) => format!("\"body\":{}", json::string(body)),
        Payload::Received(text) => format!("\"received\":{}", json::string(text)),
    };
    let [secret, path, method] =
        [&case.secret, &case.path, &case.method].map(|it| json::string(it));
    format!(
        "{{\"dialect\":\"{dialect}\",\"secret\":{secret},\"path\":{path},\"method\":{method},{payload}}}"
    )
}

fn verdict(line: &std::io::Result<String>) -> Result<Verdict, String> {
    let line = line
        .as_ref()
        .map_err(|error| format!("the interpreter broke off: {error}"))?;
    let broken = || format!("the interpreter said {line:?}");
    let (hex, signature) = line.split_once(' ').ok_or_else(broken)?;
    let bytes: Option<Vec<u8>> = hex
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect();
    let canonical = bytes
        .and_then(|it| String::from_utf8(it).ok())
        .ok_or_else(broken)?;
    Ok(Verdict {
        canonical,
        signature: signature.into(),
    })
}

/// Whether the dialect says what becomes of the form.
pub(super) fn is_defined(dialect: Dialect, form: &Form) -> bool {
    dialect != Dialect::Prose
        || form
            .iter()
            .all(|(_, value)| matches!(value, Value::Text(_) | Value::Int(_)))
}
