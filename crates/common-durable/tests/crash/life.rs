//! A process that is killed, seen from outside.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::Duration,
};

/// A process, and what it says.
pub(crate) struct Life {
    child: Child,
    said: Receiver<String>,
    lines: Vec<String>,
}

impl Drop for Life {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Life {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.spawn().expect("the process starts");
        let out = child.stdout.take().expect("it is piped");
        let (say, said) = channel();
        thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                if say.send(line).is_err() {
                    return;
                }
            }
        });
        Self {
            child,
            said,
            lines: Vec::new(),
        }
    }

    /// Waits until the process ends, or at most so long after it has opened its store. Returns whether it ended.
    pub(crate) fn wait(&mut self, patience: Duration) -> bool {
        let mut patience_left = Duration::from_secs(30);
        let mut is_open = false;
        let start = now();
        let mut opened_at = start;
        loop {
            let since = if is_open { opened_at } else { start };
            let limit = if is_open { patience } else { patience_left };
            let Some(left) = limit.checked_sub(since.elapsed()) else {
                return false;
            };
            match self.said.recv_timeout(left) {
                Ok(line) => {
                    if line == "open" {
                        is_open = true;
                        opened_at = now();
                        patience_left = patience;
                    }
                    self.lines.push(line);
                }
                Err(RecvTimeoutError::Timeout) => return false,
                Err(RecvTimeoutError::Disconnected) => return true,
            }
        }
    }

    /// Kills the process with SIGKILL.
    pub(crate) fn kill(&mut self) {
        // It may have killed itself already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Everything that the process said. The pipe keeps it over the kill.
    pub(crate) fn lines(&mut self) -> Vec<String> {
        let _ = self.child.wait();
        let mut lines = std::mem::take(&mut self.lines);
        lines.extend(self.said.iter());
        lines
    }
}

// A real process is given real time.
#[allow(clippy::disallowed_methods)]
fn now() -> std::time::Instant {
    std::time::Instant::now()
}
