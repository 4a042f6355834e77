//! Progress: one line that changes on a terminal, a line now and then in a log.

use std::{
    io::{self, IsTerminal as _, Write as _},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio::time::Instant;

use super::{counted, counts::Counts};

/// How often a line is written to a log.
const EACH: Duration = Duration::from_secs(10);

/// The time over which the pace is taken.
const PACE_OVER: Duration = Duration::from_secs(20);

pub(crate) struct Progress {
    way: Way,
    list: String,
    counts: Counts,
    begun: Instant,
    /// The items at an earlier time, for the pace.
    earlier: (Instant, u64),
}

enum Way {
    Quiet,
    Terminal(ProgressBar),
    Log { last: Instant },
}

impl Progress {
    pub(crate) fn new(list: &str, is_quiet: bool, counts: Counts) -> Self {
        let now = Instant::now();
        let way = if is_quiet {
            Way::Quiet
        } else if io::stderr().is_terminal() {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(5));
            if let Ok(style) = ProgressStyle::with_template("{wide_msg}") {
                bar.set_style(style);
            }
            Way::Terminal(bar)
        } else {
            Way::Log { last: now }
        };
        Self {
            way,
            list: list.to_owned(),
            counts,
            begun: now,
            earlier: (now, 0),
        }
    }

    /// Shows that so many items have been read in this run, of `left` and these.
    pub(crate) fn update(&mut self, items: u64, left: Option<u64>) {
        let is_due = match &self.way {
            Way::Quiet => false,
            Way::Terminal(_) => true,
            Way::Log { last } => last.elapsed() >= EACH,
        };
        if !is_due {
            return;
        }
        let text = self.text(items, left);
        match &mut self.way {
            Way::Terminal(bar) => bar.set_message(text),
            Way::Log { last } => {
                *last = Instant::now();
                // A line may be lost without standard error.
                let _ = writeln!(io::stderr(), "{text}");
            }
            Way::Quiet => {}
        }
    }

    fn text(&mut self, items: u64, left: Option<u64>) -> String {
        let (since, before) = self.earlier;
        let rate = (items - before.min(items)) as f64 / since.elapsed().as_secs_f64().max(0.001);
        if since.elapsed() >= PACE_OVER {
            self.earlier = (Instant::now(), items);
        }
        let mut text = format!("{}: {}", self.list, counted(items, "rows"));
        if let Some(left) = left {
            text += &format!(", {left} left");
        }
        text += &format!(", {rate:.0} a second");
        if let Some(left) = left.filter(|left| *left > 0 && rate > 0.0) {
            text += &format!(
                ", {} to go",
                span(Duration::from_secs_f64(left as f64 / rate))
            );
        }
        let waited = self.counts.waited();
        if !waited.is_zero() {
            text += &format!(", {} of waits for the rate limit", span(waited));
        }
        if self.counts.throttled() > 0 {
            text += &format!(", {} refused as too fast", self.counts.throttled());
        }
        text
    }

    /// Says what is done after the last row.
    pub(crate) fn say(&self, what: &str) {
        match &self.way {
            Way::Quiet => {}
            Way::Terminal(bar) => bar.set_message(format!("{}: {what}", self.list)),
            Way::Log { .. } => drop(writeln!(io::stderr(), "{}: {what}", self.list)),
        }
    }

    /// Clears the line of the terminal.
    pub(crate) fn clear(&self) {
        if let Way::Terminal(bar) = &self.way {
            bar.finish_and_clear();
        }
    }

    pub(crate) fn took(&self) -> Duration {
        self.begun.elapsed()
    }
}

/// A span of time in two units at most: `2 h 5 min`.
pub(crate) fn span(time: Duration) -> String {
    let seconds = time.as_secs();
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, _) => format!("{:.1} s", time.as_secs_f64()),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // J4
    #[test]
    fn j4_the_line_has_the_rate_and_the_time_left() {
        let mut progress = Progress::new("orders", true, Counts::default());
        progress.earlier.0 = Instant::now() - Duration::from_secs(10);
        let text = progress.text(1_000, Some(500));
        assert!(
            text.starts_with("orders: 1000 rows, 500 left, 100 a second, "),
            "{text}"
        );
        assert!(text.contains("to go"), "{text}");
        assert_eq!(span(Duration::from_secs(7_500)), "2 h 5 min");
        assert_eq!(span(Duration::from_secs(61)), "1 min 1 s");
        assert_eq!(span(Duration::from_millis(1_500)), "1.5 s");
    }
}
