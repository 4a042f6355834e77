//! The part that a process of this binary plays, given by its environment.

use std::{
    env,
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Duration,
};

use common_durable::conformance::Points;

use crate::place::Place;

const FOLDER: &str = "DURABLE_CRASH_FOLDER";
const PART: &str = "DURABLE_CRASH_PART";
const SEED: &str = "DURABLE_CRASH_SEED";
const POINT: &str = "DURABLE_CRASH_POINT";
const DATABASE: &str = "DURABLE_CRASH_DATABASE";

/// What a started process is to do.
pub(crate) struct Role {
    pub(crate) folder: PathBuf,
    pub(crate) place: Place,
    /// `work`, `broken`, `drain` or `power`.
    pub(crate) part: String,
    pub(crate) seed: u64,
    /// A point of the engine at which the process kills itself, and at which of its visits.
    pub(crate) point: Option<(String, u64)>,
}

impl Role {
    /// Reads the environment. `None` means that this process is the oracle.
    fn of_environment() -> Option<Self> {
        let folder = PathBuf::from(env::var_os(FOLDER)?);
        let point = env::var(POINT).ok().and_then(|point| {
            let (name, visit) = point.split_once(':')?;
            Some((name.to_owned(), visit.parse().ok()?))
        });
        Some(Self {
            place: match env::var(DATABASE) {
                Ok(address) => Place::Database(address),
                Err(_) => Place::file(&folder),
            },
            folder,
            part: env::var(PART).ok()?,
            seed: env::var(SEED).ok()?.parse().ok()?,
            point,
        })
    }

    /// A commit is under way for so long before the process kills itself: the server may have it or not.
    fn delay(&self) -> Duration {
        Duration::from_micros(self.seed % 4_000)
    }

    /// Returns the command that starts a process with this role.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env::current_exe().expect("this binary has a path"));
        arguments(&mut command);
        self.environment(&mut command);
        command
    }

    /// Sets the environment of the role.
    pub(crate) fn environment(&self, command: &mut Command) {
        command
            .env(FOLDER, &self.folder)
            .env(PART, &self.part)
            .env(SEED, self.seed.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        if let Place::Database(address) = &self.place {
            command.env(DATABASE, address);
        }
        if let Some((name, visit)) = &self.point {
            command.env(POINT, format!("{name}:{visit}"));
        }
    }

    /// The points of the engine, armed.
    pub(crate) fn points(&self) -> Points {
        let points = Points::default();
        if let Some((name, visit)) = self.point.clone() {
            let visits = AtomicU64::new(0);
            let is_broken = self.part == "broken";
            let delay = name.ends_with(".sent").then(|| self.delay());
            points.at(name, move || {
                if visits.fetch_add(1, Relaxed) + 1 == visit {
                    if let Some(delay) = delay {
                        return kill_self_in(delay);
                    }
                    if is_broken {
                        tell_the_answers();
                    }
                    kill_self();
                }
            });
        }
        points
    }
}

/// Adds the arguments that make this binary play its role.
pub(crate) fn arguments(command: &mut Command) {
    command.args([
        "--exact",
        "role::a_process_with_a_role",
        "--nocapture",
        "--test-threads=1",
    ]);
}

/// Tells the oracle one line, in one write.
pub(crate) fn tell(line: &str) {
    let mut out = std::io::stdout().lock();
    // A broken pipe means that the oracle is gone, and with it the test.
    let _ = out.write_all(format!("{line}\n").as_bytes());
    let _ = out.flush();
}

/// Gives the senders time to tell the oracle of answers that came too early.
// Real threads of a real process have to run meanwhile.
#[allow(clippy::disallowed_methods)]
fn tell_the_answers() {
    std::thread::sleep(Duration::from_millis(20));
}

/// The engine goes on meanwhile.
// Real threads of a real process have to run meanwhile.
#[allow(clippy::disallowed_methods)]
fn kill_self_in(delay: Duration) {
    std::thread::spawn(move || {
        std::thread::sleep(delay);
        kill_self();
    });
}

fn kill_self() {
    let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
}

/// Does nothing in an ordinary run of the tests. With a role in the environment it is the process that is killed.
#[test]
fn a_process_with_a_role() {
    let Some(role) = Role::of_environment() else {
        return;
    };
    // The test's own name stands on the first line.
    tell("");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime starts");
    match role.part.as_str() {
        "work" | "broken" | "drain" => runtime.block_on(crate::work::run(role)),
        "power" => runtime.block_on(crate::power::run(role)),
        other => panic!("unknown part {other}"),
    }
}
