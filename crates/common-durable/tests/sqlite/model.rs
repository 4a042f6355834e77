//! Random steps, with a check of everything that must hold after each.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use common_durable::{
    Claim, Clock, Commit, Decision, Delivery, EffectDelivery, EffectId, End, Error, ErrorKind,
    EventId, Inbox, Later, NewEffect, NewEvent, Outbox, Repeat, Retry, Store, Task, Timestamp,
    sqlite::{Sqlite, SqliteOptions},
};

const SOURCE: &str = "source:1";
const ACCOUNT: &str = "account:1";
const LEASE: Duration = Duration::from_secs(60);
const WAIT: Duration = Duration::from_secs(90);

struct Model {
    store: Sqlite,
    inbox: Inbox,
    outbox: Outbox,
    clock: Clock,
    random: fastrand::Rng,
    deliveries: Vec<Delivery>,
    effects: Vec<EffectDelivery>,
    number: u64,
    /// Sends of each effect without a key, unless a person asked for another.
    sends: BTreeMap<EffectId, u32>,
}

impl Model {
    async fn new(seed: u64) -> Self {
        let clock = Clock::stopped_at(Timestamp::from_millis(1_800_000_000_000));
        let store = Sqlite::open(SqliteOptions::memory().clock(clock.clone()))
            .await
            .expect("it opens");
        Self {
            inbox: Inbox::new(Arc::new(store.clone())),
            outbox: Outbox::new(Arc::new(store.clone())),
            store,
            clock,
            random: fastrand::Rng::with_seed(seed),
            deliveries: Vec::new(),
            effects: Vec::new(),
            number: 0,
            sends: BTreeMap::new(),
        }
    }

    fn later(&mut self) -> Later {
        if self.random.u32(0..3) == 0 {
            Later::Wait
        } else {
            Later::Pass
        }
    }

    fn key(&mut self) -> Option<String> {
        match self.random.u32(0..5) {
            0 => None,
            number => Some(format!("key {number}")),
        }
    }

    /// An event that may exist.
    fn event(&mut self) -> EventId {
        EventId(self.random.i64(1..=self.number.max(1) as i64))
    }

    async fn step(&mut self) {
        match self.random.u32(0..100) {
            0..25 => self.append().await,
            25..40 => self.claim().await,
            40..58 => self.end().await,
            58..66 => self
                .clock
                .advance(Duration::from_secs(self.random.u64(1..80))),
            66..72 => self.operate().await,
            72..74 => self.forget().await,
            74..82 => self.intend().await,
            82..88 => self.claim_effects().await,
            88..97 => self.settle().await,
            97..99 => self.decide().await,
            _ => drop(self.outbox.restored().await.expect("it is told")),
        }
    }

    async fn append(&mut self) {
        self.number += 1;
        let mut event = NewEvent::new(SOURCE, self.number.to_string())
            .erase_by(format!("person {}", self.number % 7));
        event.key = self.key().map(Into::into);
        self.inbox.append(event).await.expect("stored");
    }

    async fn claim(&mut self) {
        let claim = Claim::events(SOURCE)
            .at_most(self.random.u32(1..4))
            .lease(LEASE)
            .most_claims(3);
        let later = self.later();
        let claimed = self.inbox.claim(claim.later(later)).await.expect("a claim");
        self.deliveries.extend(claimed);
    }

    async fn end(&mut self) {
        if self.deliveries.is_empty() {
            return;
        }
        let delivery = self
            .deliveries
            .swap_remove(self.random.usize(0..self.deliveries.len()));
        let (ticket, later) = (delivery.ticket, self.later());
        let commit = match self.random.u32(0..10) {
            0 => Commit::new().dead(ticket, "dead", later),
            1..4 => Commit::new().retry(ticket, Retry::After(Duration::from_secs(30)), "again"),
            4 => Commit::new().renew(ticket, LEASE),
            _ => Commit::new().finish(ticket),
        };
        allowed(self.store.commit(commit).await, &[ErrorKind::LeaseLost]);
    }

    async fn operate(&mut self) {
        let event = self.event();
        let commit = match self.random.u32(0..4) {
            0 => Commit::new().bury(event, "not wanted"),
            1 => Commit::new().replay_since(SOURCE, Timestamp::from_millis(0), 2),
            _ => Commit::new().replay(event),
        };
        allowed(
            self.store.commit(commit).await,
            &[ErrorKind::WrongState, ErrorKind::NotFound],
        );
    }

    async fn forget(&mut self) {
        let now = self.clock.wall();
        if self.random.bool() {
            let ids = now.before(Duration::from_secs(400));
            self.inbox
                .purge(now.before(Duration::from_secs(200)), ids, 20)
                .await
                .expect("a purge");
        } else {
            let person = format!("person {}", self.random.u32(0..7));
            self.inbox.erase(person).await.expect("erased");
        }
    }

    async fn intend(&mut self) {
        self.number += 1;
        let repeats = [
            Repeat::UniqueKey,
            Repeat::Edit,
            Repeat::Never,
            Repeat::AfterLook,
        ];
        let repeat = repeats[self.random.usize(0..4)];
        let mut effect = NewEffect::new(ACCOUNT, "do", "params", repeat)
            .wait(WAIT)
            .later(self.later())
            .erase_by(format!("person {}", self.number % 7));
        effect.key = self.key().map(Into::into);
        self.outbox.intend(effect).await.expect("intended");
    }

    async fn claim_effects(&mut self) {
        let claim = Claim::effects(ACCOUNT)
            .at_most(3)
            .lease(LEASE)
            .most_claims(5);
        self.effects
            .extend(self.outbox.claim(claim).await.expect("a claim"));
    }

    async fn settle(&mut self) {
        if self.effects.is_empty() {
            return;
        }
        let delivery = self
            .effects
            .swap_remove(self.random.usize(0..self.effects.len()));
        let (ticket, id) = (delivery.ticket, delivery.effect.id);
        let known = [ErrorKind::LeaseLost, ErrorKind::WrongState];
        let reason = || "why".to_owned();
        let end = if delivery.task == Task::Send {
            let sent = self
                .outbox
                .send(ticket.clone(), Duration::from_secs(20), "note")
                .await;
            if sent.is_err() {
                return allowed(sent, &known);
            }
            if delivery.effect.repeat == Repeat::Never {
                let sends = self.sends.entry(id).or_default();
                *sends += 1;
                assert_eq!(*sends, 1, "{id} was sent again without a person");
            }
            match self.random.u32(0..6) {
                0 => return, // The worker is lost.
                1 | 2 => End::Ambiguous { reason: reason() },
                3 => End::Refused { reason: reason() },
                _ => End::Landed { object: None },
            }
        } else {
            match self.random.u32(0..5) {
                0 => End::NotSeen {
                    reason: reason(),
                    retry: Retry::After(WAIT),
                },
                1 => End::Unclear { reason: reason() },
                2 => End::Doubled { reason: reason() },
                3 => End::Absent,
                _ => End::Landed { object: None },
            }
        };
        allowed(self.outbox.settle(ticket, end).await, &known);
    }

    async fn decide(&mut self) {
        let id = EffectId(self.random.i64(1..=self.number.max(1) as i64));
        let decision = match self.random.u32(0..3) {
            0 => Decision::Bury,
            1 => Decision::Again,
            _ => Decision::Landed { object: None },
        };
        if decision == Decision::Again {
            self.sends.remove(&id);
        }
        let outcome = self.outbox.decide(id, decision).await;
        allowed(outcome, &[ErrorKind::WrongState, ErrorKind::NotFound]);
    }

    /// Counts rows that must not be there.
    async fn check(&self, seed: u64, step: u32) {
        const WRONG: [(&str, &str); 6] = [
            (
                "lanes whose number of open events is wrong",
                "select count(*) from durable_lane l join durable_queue q on q.id = l.queue and q.kind = 0
                 where open <> (select count(*) from durable_event e where e.lane = l.id and e.state = 0)",
            ),
            (
                "lanes whose number of open effects is wrong",
                "select count(*) from durable_lane l join durable_queue q on q.id = l.queue and q.kind = 1
                 where open <> (select count(*) from durable_effect e
                     where e.lane = l.id and e.state in (0, 1, 2) and e.id > l.passed)",
            ),
            (
                "open events that no lane will deliver",
                "select count(*) from durable_event e left join durable_lane l on l.id = e.lane
                 where e.state = 0 and (l.id is null or e.id <= l.passed or l.next_at is null and l.held is null)",
            ),
            (
                "open effects that no lane will deliver",
                "select count(*) from durable_effect e left join durable_lane l on l.id = e.lane
                 where e.state in (0, 1) and (l.id is null or e.id <= l.passed or l.next_at is null and l.held is null)",
            ),
            (
                "held lanes whose work needs no person",
                "select count(*) from durable_lane l join durable_queue q on q.id = l.queue
                 where held is not null and not exists (select 1 from durable_event e
                         where q.kind = 0 and e.id = l.held and e.state = 2)
                     and not exists (select 1 from durable_effect f
                         where q.kind = 1 and f.id = l.held and f.state in (5, 6))",
            ),
            (
                "open events without a body",
                "select count(*) from durable_event e where e.state = 0
                 and not exists (select 1 from durable_body b where b.event = e.id)",
            ),
        ];
        let wrong = self.store.with(|transaction| {
            for (what, sql) in WRONG {
                let rows: i64 = transaction
                    .connection()
                    .query_row(sql, [], |row| row.get(0))
                    .map_err(|error| Error::new(ErrorKind::Statement, error.to_string()))?;
                if rows != 0 {
                    return Ok(Some((what, rows)));
                }
            }
            Ok(None)
        });
        let wrong = wrong.await.expect("it can be checked");
        assert_eq!(wrong, None, "seed {seed}, step {step}");
    }

    /// Works off everything that waits for no person.
    async fn work_off(&mut self, seed: u64) {
        for _ in 0..2_000 {
            self.clock.advance(WAIT);
            let claim = Claim::events(SOURCE).at_most(50);
            let events = self.inbox.claim(claim).await.expect("a claim");
            let effects = self
                .outbox
                .claim(Claim::effects(ACCOUNT).at_most(50))
                .await
                .expect("a claim");
            if events.is_empty() && effects.is_empty() && self.is_settled().await {
                return;
            }
            for delivery in events {
                self.inbox.finish(delivery.ticket).await.expect("finished");
            }
            for delivery in effects {
                self.outbox
                    .settle(delivery.ticket, End::Landed { object: None })
                    .await
                    .expect("settled");
            }
        }
        panic!("seed {seed}: it is not worked off");
    }

    /// Whether no lane is due any more.
    async fn is_settled(&self) -> bool {
        let due = self.store.with(|transaction| {
            transaction
                .connection()
                .query_row(
                    "select count(*) from durable_lane where next_at is not null",
                    [],
                    |row| row.get(0),
                )
                .map_err(|error| Error::new(ErrorKind::Statement, error.to_string()))
        });
        let due: i64 = due.await.expect("it can be counted");
        due == 0
    }
}

/// Panics for an error that random steps do not explain.
fn allowed<T>(outcome: Result<T, Error>, kinds: &[ErrorKind]) {
    if let Err(error) = outcome {
        assert!(kinds.contains(&error.kind()), "{error}");
    }
}

/// `DURABLE_SEEDS` sets the number of seeds.
#[tokio::test]
async fn d5_d8_random_steps_strand_nothing() {
    let seeds = std::env::var("DURABLE_SEEDS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(60);
    for seed in 0..seeds {
        let mut model = Model::new(seed).await;
        for step in 0..200 {
            model.step().await;
            model.check(seed, step).await;
        }
        model.work_off(seed).await;
        model.check(seed, u32::MAX).await;
        model.store.close().await;
    }
}
