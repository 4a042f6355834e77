//! The script equals its twin, step by step.
//!
//! `SHOPWIRE_STEPS=200000 cargo test -p common-limit-redis script` tries as many random steps.

use fastrand::Rng;

use super::twin::Twin;
use crate::{
    protocol::{Answer, Ask},
    terms::{MILLISECOND, Micros, SECOND, Terms},
    tests::simulation::terms,
};

#[allow(dead_code, reason = "other tests need more of it")]
#[path = "../../tests/support/redis.rs"]
mod server;

/// The script with the clock of the test.
const SCRIPT: &str = concat!(
    "local now, run = tonumber(ARGV[5]), ARGV[6]\n",
    include_str!("../script/step.lua")
);

const BATCH: usize = 500;

/// What a process knows.
#[derive(Clone, Default)]
struct Process {
    version: i64,
    epoch: Micros,
    members: i64,
    slots: Vec<Micros>,
    late: i64,
}

/// Random asks at random times.
struct Asks {
    rng: Rng,
    now: Micros,
    run: u64,
    processes: Vec<Process>,
    terms: Terms,
}

impl Asks {
    fn ask(&mut self, process: usize) -> Ask {
        let rng = &mut self.rng;
        let it = &mut self.processes[process];
        let mut unused = Vec::new();
        it.slots.retain(|stamp| {
            let goes_back = rng.u8(0..8) == 0;
            if goes_back {
                unused.push(*stamp);
            }
            !goes_back && *stamp > self.now - SECOND
        });
        let late_sent = if it.late > 0 { 1 } else { 0 };
        it.late -= late_sent;
        if rng.u8(0..60) == 0 {
            it.late += 1;
        }
        Ask {
            waiting: [rng.i64(0..4), rng.i64(0..4)],
            unused,
            version: it.version,
            epoch: it.epoch,
            members: if rng.u8(0..20) == 0 { 0 } else { it.members },
            share: rng.i64(0..4),
            void: if rng.bool() {
                0
            } else {
                self.now + rng.i64(-2_000..200_000)
            },
            pause: if rng.u16(0..800) == 0 {
                rng.i64(1..2 * SECOND)
            } else {
                0
            },
            open: rng.i64(0..3),
            late: it.late,
            late_sent,
            is_away: rng.u8(0..120) == 0,
            refuses: rng.u8(0..10) == 0,
            is_leaving: rng.u8(0..80) == 0,
            has_jumped: rng.u16(0..2_000) == 0,
        }
    }

    /// Time passes, in most cases a little; seldom the clock is set back, or another server takes over.
    fn pass(&mut self) {
        let rng = &mut self.rng;
        self.now += match rng.u16(0..1_000) {
            0 => -rng.i64(0..5 * SECOND),
            1..4 => rng.i64(0..40 * SECOND),
            4..40 => rng.i64(0..2 * SECOND),
            _ => rng.i64(0..25 * MILLISECOND),
        };
        if rng.u16(0..1_000) == 0 {
            self.run += 1;
        }
        if rng.u16(0..4_000) == 0 {
            let longer = if rng.bool() { 7 } else { 0 };
            self.terms.age = 10 * MILLISECOND + longer;
        }
    }
}

// D18
#[test]
fn d18_the_script_equals_its_twin() {
    let Some(redis) = server::Redis::start() else {
        return;
    };
    let steps = std::env::var("SHOPWIRE_STEPS").ok();
    let steps: usize = steps.and_then(|steps| steps.parse().ok()).unwrap_or(20_000);
    let client = redis::Client::open(redis.address()).expect("an address");
    let mut connection = client.get_connection().expect("it runs");
    let script = redis::Script::new(SCRIPT);
    let hash: String = script.load(&mut connection).expect("it compiles");
    let mut asks = Asks {
        rng: Rng::with_seed(18),
        now: 1_700_000_000 * SECOND,
        run: 1,
        processes: vec![Process::default(); 8],
        terms: terms(10),
    };
    let mut twin = Twin::default();
    let (mut slots, mut refused) = (0, [0; 2]);
    for batch in 0..steps.div_ceil(BATCH) {
        // Now and then the key is gone.
        if batch % 16 == 15 {
            twin.clear();
            let () = redis::cmd("DEL")
                .arg("key")
                .query(&mut connection)
                .expect("it runs");
        }
        let mut pipe = redis::pipe();
        let mut expected = Vec::new();
        for _ in 0..BATCH {
            asks.pass();
            let process = asks.rng.usize(0..asks.processes.len());
            let ask = asks.ask(process);
            let id = format!("p{process}");
            let answer = twin.step(asks.now, asks.run, &id, &asks.terms, &ask);
            let call = pipe.cmd("EVALSHA").arg(&hash).arg(1).arg("key");
            for argument in ask.arguments(&id, &asks.terms) {
                call.arg(argument);
            }
            call.arg(asks.now).arg(asks.run);
            match Answer::read(&answer).expect("an answer") {
                Answer::Done(told) => {
                    slots += told.slots.len();
                    let it = &mut asks.processes[process];
                    (it.version, it.epoch, it.members) = (told.version, told.epoch, told.members);
                    it.slots.extend(told.slots.iter().map(|slot| slot.stamp));
                    if ask.is_leaving {
                        *it = Process::default();
                    }
                }
                Answer::TooLate { .. } => refused[0] += 1,
                Answer::OtherTerms { .. } => refused[1] += 1,
            }
            expected.push((ask, answer));
        }
        let answers: Vec<Vec<i64>> = pipe.query(&mut connection).expect("it runs");
        for (step, (answer, (ask, expected))) in answers.iter().zip(&expected).enumerate() {
            assert_eq!(answer, expected, "batch {batch}, step {step}: {ask:?}");
        }
    }
    println!("{steps} steps, {slots} slots, {refused:?} refused");
    assert!(
        slots > steps / 60 && refused[0] > 0,
        "the steps reach everything: {slots} slots, {refused:?}"
    );
}
