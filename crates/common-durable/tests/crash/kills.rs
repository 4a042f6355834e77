//! Kills: an oracle outside of the process knows what was tried and what was acknowledged.

use std::{fs, path::Path, time::Duration};

use crate::{
    folder::Folder, life::Life, place::Place, role::Role, server, verdict::judge, work::KEYS,
};

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
pub(crate) struct Known {
    pub(crate) next: u64,
    tried: Option<u64>,
}

#[test]
fn d10_no_kill_of_the_process_loses_or_doubles() {
    let folder = Folder::new();
    kill_often(&folder, &Place::file(folder.path()), 24);
}

#[test]
fn d10_d11_no_kill_of_the_process_loses_or_doubles_on_postgresql() {
    if let Some(place) = database() {
        kill_often(&Folder::new(), &place, 12);
    }
}

/// `DURABLE_KILLS` sets the number of kills and `DURABLE_SEED` the seed, which a failure names.
fn kill_often(folder: &Folder, place: &Place, few: u64) {
    let number = |name: &str, default| {
        std::env::var(name)
            .ok()
            .and_then(|text| text.parse().ok())
            .unwrap_or(default)
    };
    let kills = number("DURABLE_KILLS", few);
    let seed = number("DURABLE_SEED", fastrand::u64(0..1_000_000));
    println!("DURABLE_SEED={seed} DURABLE_KILLS={kills}");
    let sums = run(folder, place, "work", kills, seed);
    println!("{sums:?}, all worked off: 0 lost, 0 doubled, in order");
    assert!(sums.stored >= kills, "hardly anything was sent: {sums:?}");
}

/// The oracle sees an engine that answers before it commits.
#[test]
fn d10_an_answer_before_the_commit_does_not_survive_the_kills() {
    let folder = Folder::new();
    does_not_survive(&folder, &Place::file(folder.path()));
}

#[test]
fn d10_an_answer_before_the_commit_does_not_survive_the_kills_on_postgresql() {
    if let Some(place) = database() {
        does_not_survive(&Folder::new(), &place);
    }
}

fn does_not_survive(folder: &Folder, place: &Place) {
    let broken = || run(folder, place, "broken", 40, 5);
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(broken));
    assert!(outcome.is_err(), "the oracle saw nothing");
}

/// A new database of the server that the tests share.
fn database() -> Option<Place> {
    let server = server::shared()?;
    let name = server::block_on(server.database());
    Some(Place::Database(server.address(&name)))
}

/// Starts and kills processes of a part, works everything off, and judges.
fn run(folder: &Folder, place: &Place, part: &str, kills: u64, seed: u64) -> Sums {
    let mut run = Run {
        folder: folder.path(),
        place,
        random: fastrand::Rng::with_seed(seed),
        known: vec![Known::default(); usize::try_from(KEYS).expect("small")],
        sums: Sums::default(),
    };
    while run.sums.kills < kills {
        run.one_life(part);
    }
    run.drain();
    judge(&place.content(), folder.path(), &run.known);
    run.sums
}

struct Run<'r> {
    folder: &'r Path,
    place: &'r Place,
    random: fastrand::Rng,
    known: Vec<Known>,
    sums: Sums,
}

impl Run<'_> {
    /// Starts a process, and kills it or lets it kill itself.
    fn one_life(&mut self, part: &str) {
        let points = self.place.points();
        let (longest, visits) = self.place.life();
        let point = match self.random.bool() {
            _ if part == "broken" => Some(points.iter().find(|name| name.ends_with("steps_done"))),
            true => Some(self.random.choice(points)),
            false => None,
        };
        let point = point
            .flatten()
            .map(|name| ((*name).to_owned(), self.random.u64(1..visits)));
        let patience = match point {
            // A point that is not reached in time is a kill from outside.
            Some(_) => longest * 2,
            None => longest.mul_f32(self.random.f32()),
        };
        let mut life = self.start(part, point);
        if life.wait(patience) {
            self.sums.at_points += 1;
        }
        life.kill();
        self.sums.kills += 1;
        self.read(&life.lines());
    }

    /// Lets a process work everything off.
    fn drain(&mut self) {
        let mut life = self.start("drain", None);
        assert!(
            life.wait(Duration::from_secs(120)),
            "it is not worked off in time"
        );
        let lines = life.lines();
        self.read(&lines);
        assert_eq!(
            lines.iter().filter(|line| *line == "done").count(),
            1,
            "the last process failed: {lines:#?}"
        );
    }

    fn start(&mut self, part: &str, point: Option<(String, u64)>) -> Life {
        let line = |known: &Known| format!("{} {}\n", known.next, known.tried.unwrap_or(0));
        let plan: String = self.known.iter().map(line).collect();
        fs::write(self.folder.join("plan"), plan).expect("the plan can be written");
        let role = Role {
            folder: self.folder.to_owned(),
            place: self.place.clone(),
            part: part.to_owned(),
            seed: self.random.u64(..),
            point,
        };
        Life::start(role.command())
    }

    /// Takes note of what the process said.
    fn read(&mut self, lines: &[String]) {
        for line in lines {
            let parts: Vec<_> = line.split(' ').collect();
            match parts.as_slice() {
                ["tried", key, number] => {
                    let (key, number) = numbers(key, number);
                    self.known[key].tried = self.known[key].tried.max(Some(number));
                    self.sums.tried += 1;
                }
                ["stored", key, number] => {
                    let (key, number) = numbers(key, number);
                    self.known[key].next = number + 1;
                    self.sums.stored += 1;
                }
                ["fenced"] => self.sums.fenced += 1,
                ["failed", ..] => panic!("a worker's commit failed: {line}"),
                _ => {}
            }
        }
    }
}

fn numbers(key: &str, number: &str) -> (usize, u64) {
    (
        key.parse().expect("a key"),
        number.parse().expect("a number"),
    )
}
