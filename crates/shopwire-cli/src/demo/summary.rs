//! The end of the tour: a table for people, one JSON object for scripts.

use std::time::Duration;

use common_model::to_json;
use shopwire_sandbox::{Requests, Sandbox};

use super::transcript::{Check, Transcript};

/// The counts of a whole tour.
#[derive(Debug)]
pub(super) struct Summary<'t> {
    services: [Row; 3],
    checks: &'t [Check],
    took: Duration,
}

/// The counts of one service.
#[derive(Debug)]
struct Row {
    service: &'static str,
    /// Number of calls made by the tour.
    calls: usize,
    /// Number of requests at the service; a page walk is one call and many requests.
    requests: usize,
    /// Number of requests answered with 503.
    throttled: usize,
    checks: usize,
    wrong: usize,
    took: Duration,
}

impl<'t> Summary<'t> {
    pub(super) fn of(transcript: &'t Transcript, sandbox: &Sandbox, took: Duration) -> Self {
        let row = |service, requests| Row::of(transcript, service, requests);
        Self {
            services: [
                row("nicechat", sandbox.nicechat().requests()),
                row("uvygoda", sandbox.uvygoda().requests()),
                row("retailcrm", sandbox.retailcrm().requests()),
            ],
            checks: transcript.checks(),
            took,
        }
    }

    /// Whether every check holds.
    pub(super) fn ok(&self) -> bool {
        self.checks.iter().all(|check| check.holds)
    }

    /// One JSON object; `ok` is also false if the tour stopped early.
    pub(super) fn to_json(&self, ok: bool) -> String {
        let services: Vec<String> = self.services.iter().map(Row::to_json).collect();
        let wrong: Vec<String> = self
            .wrong()
            .map(|check| to_json(check.claim.as_str()))
            .collect();
        format!(
            "{{\"ok\":{},\"requests\":{},\"checks\":{},\"milliseconds\":{},\"services\":{{{}}},\"wrong\":[{}]}}",
            ok,
            self.requests(),
            self.checks.len(),
            self.took.as_millis(),
            services.join(","),
            wrong.join(",")
        )
    }

    /// The table and the verdict.
    pub(super) fn to_table(&self) -> String {
        let mut text = String::from(
            "\nservice      calls  requests  answered 503  checks  wrong        time\n",
        );
        for row in &self.services {
            text.push_str(&row.to_line());
        }
        text.push_str(
            "\ncalls: of the tour; a walk over pages is one call and many requests. answered 503: requests over the \
             rate limit, which\nthe client sent again. checks: claims of the tour about its results; wrong: those that \
             do not hold.\n",
        );
        let seconds = self.took.as_secs_f64();
        let wrong = self.wrong().count();
        let verdict = if self.ok() {
            "all of them hold".to_owned()
        } else {
            format!("{wrong} WRONG")
        };
        text.push_str(&format!(
            "\n{} requests in {seconds:.1} s, {} checks: {verdict}\n",
            self.requests(),
            self.checks.len()
        ));
        self.wrong()
            .for_each(|check| text.push_str(&format!("  {}: {check}\n", check.service)));
        text
    }

    fn requests(&self) -> usize {
        self.services.iter().map(|row| row.requests).sum()
    }

    fn wrong(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| !check.holds)
    }
}

impl Row {
    fn of(transcript: &Transcript, service: &'static str, requests: &Requests) -> Self {
        let calls = transcript
            .calls()
            .iter()
            .filter(|call| call.service == service);
        let checks = transcript
            .checks()
            .iter()
            .filter(|check| check.service == service);
        Self {
            service,
            calls: calls.clone().count(),
            requests: requests.total(),
            throttled: requests.answered(503),
            checks: checks.clone().count(),
            wrong: checks.filter(|check| !check.holds).count(),
            took: calls.map(|call| call.took).sum(),
        }
    }

    fn to_json(&self) -> String {
        format!(
            "\"{}\":{{\"calls\":{},\"requests\":{},\"throttled\":{},\"checks\":{},\"wrong\":{},\"milliseconds\":{}}}",
            self.service,
            self.calls,
            self.requests,
            self.throttled,
            self.checks,
            self.wrong,
            self.took.as_millis()
        )
    }

    fn to_line(&self) -> String {
        format!(
            "{:<11}  {:>5}  {:>8}  {:>12}  {:>6}  {:>5}  {:>7.0} ms\n",
            self.service,
            self.calls,
            self.requests,
            self.throttled,
            self.checks,
            self.wrong,
            self.took.as_secs_f64() * 1e3
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // T5
    #[test]
    fn t5_a_line_holds_each_count_under_its_title() {
        let row = Row {
            service: "retailcrm",
            calls: 41,
            requests: 52,
            throttled: 3,
            checks: 14,
            wrong: 6,
            took: Duration::from_millis(1_234),
        };
        let line = row.to_line();
        let words: Vec<&str> = line.split_whitespace().collect();
        let expected = ["retailcrm", "41", "52", "3", "14", "6", "1234", "ms"];
        assert_eq!(words, expected);
        assert!(line.ends_with('\n'), "{line:?}");
    }
}
