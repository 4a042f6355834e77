//! Kills: an oracle outside of the process knows what was tried and what was acknowledged.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::Duration,
};

use common_durable::sqlite::rusqlite::Connection;

use crate::{
    folder::Folder,
    role,
    work::{self, KEYS, landings},
};

/// The engine's points at which every second process kills itself.
const POINTS: [&str; 5] = [
    "sqlite.taken",
    "sqlite.steps_done",
    "sqlite.committed",
    "sqlite.answered",
    "sqlite.checkpoint",
];

/// Numbers of one run.
#[derive(Debug, Default)]
struct Sums {
    kills: u64,
    at_points: u64,
    tried: u64,
    stored: u64,
    fenced: u64,
}

/// What the oracle knows of a key: the next number that is not acknowledged, and the last one that was tried.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    next: u64,
    tried: Option<u64>,
}

/// `DURABLE_KILLS` sets the number of kills and `DURABLE_SEED` the seed, which a failure names.
#[test]
fn d10_no_kill_of_the_process_loses_or_doubles() {
    let number = |name: &str, default| {
        std::env::var(name)
            .ok()
            .and_then(|text| text.parse().ok())
            .unwrap_or(default)
    };
    let kills = number("DURABLE_KILLS", 24);
    let seed = number("DURABLE_SEED", fastrand::u64(0..1_000_000));
    println!("DURABLE_SEED={seed} DURABLE_KILLS={kills}");
    let sums = run("work", kills, seed);
    println!("{sums:?}");
    assert!(sums.stored >= kills, "hardly anything was sent: {sums:?}");
}

/// The oracle sees an engine that answers before it commits.
#[test]
fn d10_an_answer_before_the_commit_does_not_survive_the_kills() {
    let outcome = std::panic::catch_unwind(|| run("broken", 40, 5));
    assert!(outcome.is_err(), "the oracle saw nothing");
}

/// Starts and kills processes of a part, works everything off, and judges.
fn run(part: &str, kills: u64, seed: u64) -> Sums {
    let folder = Folder::new();
    let mut random = fastrand::Rng::with_seed(seed);
    let mut known = vec![Known::default(); usize::try_from(KEYS).expect("small")];
    let mut sums = Sums::default();
    while sums.kills < kills {
        one_life(folder.path(), part, &mut random, &mut known, &mut sums);
    }
    drain(folder.path(), &mut random, &mut known, &mut sums);
    judge(folder.path(), &known);
    sums
}

/// Starts a process, and kills it or lets it kill itself.
fn one_life(
    folder: &Path,
    part: &str,
    random: &mut fastrand::Rng,
    known: &mut [Known],
    sums: &mut Sums,
) {
    write_plan(folder, known);
    let point = match random.bool() {
        _ if part == "broken" => Some(("sqlite.steps_done", random.u64(1..60))),
        true => Some((POINTS[random.usize(0..POINTS.len())], random.u64(1..60))),
        false => None,
    };
    let mut life = Life::start(role::command(folder, part, random.u64(..), point));
    let patience = match point {
        // A point that is not reached in time is a kill from outside.
        Some(_) => Duration::from_millis(400),
        None => Duration::from_millis(random.u64(1..200)),
    };
    if life.wait(patience) {
        sums.at_points += 1;
    }
    life.kill();
    sums.kills += 1;
    for line in life.lines() {
        read(&line, known, sums);
    }
}

/// Lets a process work everything off.
fn drain(folder: &Path, random: &mut fastrand::Rng, known: &mut [Known], sums: &mut Sums) {
    write_plan(folder, known);
    let mut life = Life::start(role::command(folder, "drain", random.u64(..), None));
    assert!(
        life.wait(Duration::from_secs(120)),
        "it is not worked off in time"
    );
    let lines = life.lines();
    lines.iter().for_each(|line| read(line, known, sums));
    assert_eq!(
        lines.iter().filter(|line| *line == "done").count(),
        1,
        "the last process failed: {lines:#?}"
    );
}

fn write_plan(folder: &Path, known: &[Known]) {
    let line = |known: &Known| format!("{} {}\n", known.next, known.tried.unwrap_or(0));
    let plan: String = known.iter().map(line).collect();
    fs::write(folder.join("plan"), plan).expect("the plan can be written");
}

/// Takes note of one line of the process.
fn read(line: &str, known: &mut [Known], sums: &mut Sums) {
    let parts: Vec<_> = line.split(' ').collect();
    match parts.as_slice() {
        ["tried", key, number] => {
            let (key, number) = numbers(key, number);
            known[key].tried = known[key].tried.max(Some(number));
            sums.tried += 1;
        }
        ["stored", key, number] => {
            let (key, number) = numbers(key, number);
            known[key].next = number + 1;
            sums.stored += 1;
        }
        ["fenced"] => sums.fenced += 1,
        ["failed", ..] => panic!("a worker's commit failed: {line}"),
        _ => {}
    }
}

fn numbers(key: &str, number: &str) -> (usize, u64) {
    (
        key.parse().expect("a key"),
        number.parse().expect("a number"),
    )
}

/// Compares the store and the service with what the oracle knows.
fn judge(folder: &Path, known: &[Known]) {
    let connection = Connection::open(folder.join("store.db")).expect("it opens");
    let mut applied: BTreeMap<usize, Vec<u64>> = BTreeMap::new();
    let mut statement = connection
        .prepare("select key, number from applied order by place")
        .expect("the table is there");
    let rows = statement.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)));
    for row in rows.expect("it can be read") {
        let (key, number) = row.expect("a row");
        applied.entry(key as usize).or_default().push(number as u64);
    }
    let effects = effects(&connection);
    for (key, known) in known.iter().enumerate() {
        let numbers = applied.remove(&key).unwrap_or_default();
        let expected: Vec<_> = (0..known.next).collect();
        assert_eq!(
            numbers, expected,
            "key {key}: lost, doubled or out of order"
        );
        for number in expected {
            judge_effect(&effects, folder, key as u64, number);
        }
    }
    let ok: String = connection
        .query_row("pragma integrity_check", [], |row| row.get(0))
        .expect("it is checked");
    assert_eq!(ok, "ok");
}

/// The states of all effects by their natural keys.
fn effects(connection: &Connection) -> HashMap<String, Vec<i64>> {
    let mut effects: HashMap<String, Vec<i64>> = HashMap::new();
    let mut statement = connection
        .prepare("select natural_key, state from durable_effect")
        .expect("effects can be read");
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    for row in rows.expect("effects can be read") {
        let (name, state) = row.expect("a row");
        effects.entry(name).or_default().push(state);
    }
    effects
}

fn judge_effect(effects: &HashMap<String, Vec<i64>>, folder: &Path, key: u64, number: u64) {
    let states = effects
        .get(&format!("{key}-{number}"))
        .cloned()
        .unwrap_or_default();
    let Some(effect) = work::effect(key, number) else {
        assert_eq!(states.len(), 0);
        return;
    };
    let landed = landings(
        &folder.join("service"),
        &format!("{key}-{number}"),
        effect.repeat,
    );
    // 3 is landed and 5 is parked, where a look found nothing.
    match (states.as_slice(), landed) {
        ([3], 1) | ([5], 0) => {}
        other => panic!("effect {key}-{number}: states and landings {other:?}"),
    }
}

/// A process, and what it says.
struct Life {
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
    fn start(mut command: Command) -> Self {
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
    fn wait(&mut self, patience: Duration) -> bool {
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
    fn kill(&mut self) {
        // It may have killed itself already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Everything that the process said. The pipe keeps it over the kill.
    fn lines(&mut self) -> Vec<String> {
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
