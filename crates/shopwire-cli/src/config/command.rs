//! Secrets from the output of a command, such as a password manager's.
//!
//! No output of the command is shown, not even if it fails: its streams may hold the secret.

use std::{io, path::Path, process::Stdio, thread, time::Duration};

use tokio::{
    io::AsyncReadExt as _,
    process::{Child, Command},
    runtime,
    time::timeout,
};

/// How long a command may take. Some ask the user to unlock a store first.
const TIME: Duration = Duration::from_secs(60);

/// Maximum length of the output; a longer one is no secret.
const MOST_BYTES: u64 = 8 << 10;

/// Program and arguments, as a list in the settings file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Program {
    program: String,
    args: Vec<String>,
}

impl Program {
    /// Reads the list of a settings file. No shell takes part.
    ///
    /// # Errors
    /// The reason, without the list's texts. A path that depends on the current directory is refused: another one would
    /// run another program.
    pub(super) fn of(words: Vec<String>) -> Result<Self, &'static str> {
        let mut words = words.into_iter();
        let program = words.next().filter(|program| !program.is_empty());
        let program = program.ok_or(
            "the list is empty: it has the program and its arguments, such as [\"pass\", \"show\", \"shop\"]",
        )?;
        let path = Path::new(&program);
        let is_name = path.components().count() == 1 && !program.contains(['/', '\\']);
        if !is_name && !path.is_absolute() {
            return Err(
                "the program is a name that is looked up in PATH, or an absolute path; no shell replaces `~` or variables",
            );
        }
        let args: Vec<String> = words.collect();
        if program.contains('\0') || args.iter().any(|arg| arg.contains('\0')) {
            return Err("a text has a NUL character");
        }
        Ok(Self { program, args })
    }

    /// Runs the command and returns its output without the line end.
    ///
    /// # Errors
    /// The reason, without anything that the command has written.
    pub(super) fn output(&self) -> Result<String, String> {
        self.output_within(TIME)
    }

    fn output_within(&self, time: Duration) -> Result<String, String> {
        // A thread of its own: the caller may be within a runtime already.
        let run = || -> Result<String, String> {
            let runtime = runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .map_err(|error| self.failed(&error.to_string()))?;
            runtime.block_on(async {
                match timeout(time, self.run()).await {
                    Ok(output) => output,
                    Err(_) => {
                        Err(self.failed(&format!("has not ended within {} s", time.as_secs_f64())))
                    }
                }
            })
        };
        thread::scope(|scope| scope.spawn(run).join())
            .unwrap_or_else(|_| Err(self.failed("could not be run")))
    }

    async fn run(&self) -> Result<String, String> {
        let child = Command::new(&self.program)
            .args(&self.args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn();
        let child = child.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => self.failed("is not found"),
            _ => self.failed(&format!("does not start: {error}")),
        })?;
        let bytes = self.read(child).await?;
        let text = String::from_utf8(bytes)
            .map_err(|_| self.failed("has written something that is not UTF-8"))?;
        self.secret(&text)
    }

    /// The output of a command that has succeeded.
    async fn read(&self, mut child: Child) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        if let Some(stdout) = child.stdout.take() {
            let read = stdout.take(MOST_BYTES + 1).read_to_end(&mut bytes).await;
            read.map_err(|error| self.failed(&format!("cannot be read: {error}")))?;
        }
        if bytes.len() as u64 > MOST_BYTES {
            return Err(self.failed("has written more than 8 KiB: that is no secret"));
        }
        let status = child.wait().await;
        let status = status.map_err(|error| self.failed(&error.to_string()))?;
        match (status.success(), status.code()) {
            (true, _) => Ok(bytes),
            (false, Some(code)) => Err(self.failed(&format!("has ended with exit code {code}"))),
            (false, None) => Err(self.failed("was ended by a signal")),
        }
    }

    /// The text without its line end.
    fn secret(&self, text: &str) -> Result<String, String> {
        let line = text.strip_suffix('\n').unwrap_or(text);
        let line = line.strip_suffix('\r').unwrap_or(line);
        match line {
            "" => Err(self.failed("has written nothing")),
            line if line.contains(['\n', '\r']) => Err(self.failed(
                "has written more than one line: a secret is one line, so let it write the first one alone",
            )),
            line => Ok(line.to_owned()),
        }
    }

    /// The name of the program is shown, not its arguments: they may tell more than others should know.
    fn failed(&self, how: &str) -> String {
        let name = Path::new(&self.program).file_name();
        let name = name.map_or_else(|| "?".into(), |name| name.to_string_lossy());
        format!("the command `{name}` {how}; run it by itself to see what it says")
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Program {
        let words = ["/bin/sh", "-c", script].map(str::to_owned);
        Program::of(words.to_vec()).expect("a program")
    }

    // J7
    #[test]
    fn j7_the_output_loses_one_line_end() {
        for (script, secret) in [
            ("printf 'k-1'", "k-1"),
            ("printf 'k-1\\n'", "k-1"),
            ("printf 'k-1\\r\\n'", "k-1"),
            ("printf ' k 1 \\n'", " k 1 "),
        ] {
            assert_eq!(shell(script).output().as_deref(), Ok(secret), "{script}");
        }
    }

    // J7, X7
    #[test]
    fn j7_a_failed_command_is_named_and_what_it_wrote_is_not_shown() {
        for (script, part) in [
            ("echo hidden; echo hidden >&2; exit 3", "exit code 3"),
            ("echo hidden; kill -9 $$", "ended by a signal"),
            ("", "written nothing"),
            ("echo", "written nothing"),
            ("echo hidden; echo hidden", "more than one line"),
            ("echo; echo hidden", "more than one line"),
            ("printf 'hidden\\377'", "not UTF-8"),
            ("while echo hidden; do :; done", "more than 8 KiB"),
        ] {
            let error = shell(script).output().expect_err(script);
            assert!(
                error.contains(part) && error.contains("`sh`") && !error.contains("hidden"),
                "{script}: {error}"
            );
        }
    }

    // J7
    #[test]
    fn j7_a_command_that_does_not_end_is_ended() {
        for script in ["exec sleep 1000", "exec >&-; exec sleep 1000"] {
            let error = shell(script).output_within(Duration::from_millis(50));
            assert!(error.is_err_and(|error| error.contains("not ended within 0.05 s")));
        }
    }

    // J7
    #[test]
    fn j7_a_program_is_a_name_or_an_absolute_path() {
        let of = |program: &str| Program::of(vec![program.to_owned()]).is_ok();
        assert!(of("pass") && of("/usr/bin/pass"));
        for program in ["", "./pass", "bin/pass", "~/bin/pass", "../pass"] {
            assert!(!of(program), "{program}");
        }
        assert!(Program::of(Vec::new()).is_err());
        let missing = Program::of(vec!["/nowhere/at-all".to_owned()]).expect("a program");
        assert!(
            missing
                .output()
                .is_err_and(|error| error.contains("`at-all` is not found"))
        );
    }
}
