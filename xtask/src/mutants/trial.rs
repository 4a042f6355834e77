//! One mutant at a time: the change, the build, the tests, the way back.

use std::{
    collections::BTreeMap,
    fmt, fs,
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use super::Mutant;

/// Tests of a mutant may take so many times as long as those of the code as it is, and some seconds more.
const PATIENCE: f64 = 3.0;
const GRACE: Duration = Duration::from_secs(10);

/// How long an interrupted `cargo mutants` may take to end its tests.
const GOODBYE: Duration = Duration::from_secs(20);

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Ending {
    /// A test failed.
    Caught,
    /// The tests did not end.
    Hung,
    /// It does not compile.
    Unviable,
    /// All tests passed.
    Missed,
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Caught => "caught",
            Self::Hung => "hung",
            Self::Unviable => "unviable",
            Self::Missed => "MISSED",
        })
    }
}

/// The trials of a run, and how long the tests of each package take.
pub(super) struct Trials {
    deadline: Instant,
    test_times: BTreeMap<String, f64>,
}

impl Trials {
    pub(super) fn new(deadline: Instant) -> Self {
        Self {
            deadline,
            test_times: BTreeMap::new(),
        }
    }

    /// How the mutant ended; none when the time is up.
    pub(super) fn run(&mut self, mutant: &Mutant) -> Result<Option<Ending>, String> {
        if Instant::now() >= self.deadline {
            return Ok(None);
        }
        let output = folder()?;
        let mut command = cargo_mutants();
        command
            .arg("--in-place")
            .args(["--package", &mutant.package])
            .args(["--file", &mutant.file])
            .args(["--re", &format!("^{}$", escaped(&mutant.name))])
            .arg("--output")
            .arg(&output)
            .stdout(Stdio::null());
        // The first trial of a package tests the code as it is, too: that says how long tests take.
        if let Some(seconds) = self.test_times.get(&mutant.package) {
            let timeout = seconds * PATIENCE + GRACE.as_secs_f64();
            command.args(["--baseline", "skip", "--timeout", &timeout.to_string()]);
        }
        let source = crate::root().join(&mutant.file);
        let before = fs::read(&source).map_err(|error| format!("{}: {error}", mutant.file))?;
        let child = command.spawn().map_err(|error| error.to_string());
        let is_done = child.and_then(|child| self.wait(child));
        // `cargo mutants` puts the code back itself, unless it was killed.
        if fs::read(&source).ok().as_ref() != Some(&before) {
            fs::write(&source, &before).map_err(|error| format!("{}: {error}", mutant.file))?;
        }
        if !is_done? {
            return Ok(None);
        }
        let outcomes = fs::read_to_string(output.join("mutants.out/outcomes.json"))
            .map_err(|error| format!("outcomes of {}: {error}", mutant.name))?;
        let outcomes: Value = serde_json::from_str(&outcomes).map_err(|error| error.to_string())?;
        if let Some(seconds) = test_time(&outcomes) {
            self.test_times.insert(mutant.package.clone(), seconds);
        }
        ending(&outcomes)
            .map(Some)
            .ok_or_else(|| format!("{}: the tests fail or do not build without it", mutant.name))
    }

    /// Whether it ended before the deadline.
    fn wait(&self, mut child: Child) -> Result<bool, String> {
        if ends_by(&mut child, self.deadline)? {
            return Ok(true);
        }
        // It ends its builds and tests when it is interrupted, not when it is killed.
        let interrupt = Command::new("kill")
            .args(["-INT", &child.id().to_string()])
            .status();
        let is_told = interrupt.is_ok_and(|status| status.success());
        if !is_told || !ends_by(&mut child, Instant::now() + GOODBYE)? {
            child.kill().map_err(|error| error.to_string())?;
            child.wait().map_err(|error| error.to_string())?;
        }
        Ok(false)
    }
}

fn ends_by(child: &mut Child, deadline: Instant) -> Result<bool, String> {
    loop {
        if child
            .try_wait()
            .map_err(|error| error.to_string())?
            .is_some()
        {
            return Ok(true);
        }
        if Instant::now() >= deadline {
            return Ok(false);
        }
        thread::sleep(Duration::from_millis(100));
    }
}

/// Where lists and logs go.
pub(super) fn folder() -> Result<PathBuf, String> {
    let folder = crate::root().join("target/mutants");
    match fs::create_dir_all(&folder) {
        Ok(()) => Ok(folder),
        Err(error) => Err(format!("{}: {error}", folder.display())),
    }
}

pub(super) fn cargo_mutants() -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(crate::root()).arg("mutants");
    command
}

/// A name as a pattern that it alone fits.
fn escaped(name: &str) -> String {
    let mut pattern = String::new();
    for letter in name.chars() {
        if r"\.+*?()|[]{}^$#&-~".contains(letter) {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern
}

fn scenarios(outcomes: &Value) -> impl Iterator<Item = &Value> {
    outcomes["outcomes"].as_array().into_iter().flatten()
}

/// How long the tests of the code as it is took, in seconds.
fn test_time(outcomes: &Value) -> Option<f64> {
    let baseline = scenarios(outcomes).find(|outcome| outcome["scenario"] == "Baseline")?;
    let phases = baseline["phase_results"].as_array()?;
    let test = phases.iter().find(|phase| phase["phase"] == "Test")?;
    test["duration"].as_f64()
}

/// How the mutant ended; none when it was not tried.
fn ending(outcomes: &Value) -> Option<Ending> {
    let mutant = scenarios(outcomes).find(|outcome| outcome["scenario"] != "Baseline")?;
    match mutant["summary"].as_str()? {
        "CaughtMutant" => Some(Ending::Caught),
        "Timeout" => Some(Ending::Hung),
        "Unviable" => Some(Ending::Unviable),
        "MissedMutant" => Some(Ending::Missed),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn outcomes(summary: &str) -> Value {
        json!({"outcomes": [
            {"scenario": "Baseline", "summary": "Success", "phase_results": [
                {"phase": "Build", "duration": 9.0}, {"phase": "Test", "duration": 2.5}]},
            {"scenario": {"Mutant": {"name": "a"}}, "summary": summary, "phase_results": []},
        ]})
    }

    // T5
    #[test]
    fn t5_endings_are_read_from_the_report() {
        let endings = [
            ("CaughtMutant", Some(Ending::Caught)),
            ("MissedMutant", Some(Ending::Missed)),
            ("Unviable", Some(Ending::Unviable)),
            ("Timeout", Some(Ending::Hung)),
            ("Failure", None),
        ];
        for (summary, expected) in endings {
            assert_eq!(ending(&outcomes(summary)), expected, "{summary}");
        }
        assert_eq!(test_time(&outcomes("CaughtMutant")), Some(2.5));
        assert_eq!(
            ending(&json!({"outcomes": [{"scenario": "Baseline", "summary": "Failure"}]})),
            None
        );
    }

    // T5
    #[test]
    fn t5_a_name_is_no_pattern() {
        let pattern = escaped("a.rs:1:2: replace f -> Option<u8> with Some(1) é");
        assert_eq!(
            pattern,
            r"a\.rs:1:2: replace f \-> Option<u8> with Some\(1\) é"
        );
    }

    // T5
    #[test]
    fn t5_what_does_not_end_in_time_is_ended() {
        let sleeper = Command::new("sleep").arg("60").spawn().expect("sleep");
        let start = Instant::now();
        let trials = Trials::new(start + Duration::from_millis(200));
        assert_eq!(trials.wait(sleeper), Ok(false));
        assert!(start.elapsed() < Duration::from_secs(30));
        let quick = Command::new("true").spawn().expect("true");
        let trials = Trials::new(start + Duration::from_secs(60));
        assert_eq!(trials.wait(quick), Ok(true));
    }
}
