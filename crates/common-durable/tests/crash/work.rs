//! The process that is killed: senders, workers and a service outside of the store.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use common_durable::{
    Claim, Commit, Delivery, EffectDelivery, End, Inbox, NewEffect, NewEvent, Outbox, Position,
    Repeat, Retry, Statement, Store, Task, Token,
};

use crate::{
    place::Engine,
    role::{Role, tell},
};

/// Number of keys, each with a sender of its own.
pub(crate) const KEYS: u64 = 6;
pub(crate) const SOURCE: &str = "source:1";
const ACCOUNT: &str = "account:1";
const LEASE: Duration = Duration::from_millis(150);

/// Runs until it is killed, or for the part `drain` until everything is worked off.
pub(crate) async fn run(role: Role) {
    let engine = Engine::open(&role).await;
    let store = engine.store(&role);
    let context = Arc::new(Context {
        inbox: Inbox::new(Arc::clone(&store)),
        outbox: Outbox::new(store),
        pace: role.place.pace(),
        service: role.folder.join("service"),
        random: Mutex::new(fastrand::Rng::with_seed(role.seed)),
        is_draining: role.part == "drain",
    });
    fs::create_dir_all(&context.service).expect("the service has a folder");
    let plan = plan(&role.folder);
    tell("open");
    let senders: Vec<_> = (0..KEYS)
        .map(|key| {
            let (first, last) = plan[usize::try_from(key).expect("small")];
            tokio::spawn(send(Arc::clone(&context), key, first, last))
        })
        .collect();
    let workers: Vec<_> = (0..3)
        .map(|_| tokio::spawn(work(Arc::clone(&context))))
        .collect();
    let callers: Vec<_> = (0..2)
        .map(|_| tokio::spawn(call(Arc::clone(&context))))
        .collect();
    for task in senders.into_iter().chain(workers).chain(callers) {
        task.await.expect("no task panics");
    }
    engine.close().await;
    tell("done");
}

/// The first number to send for each key, and the last one that was tried.
fn plan(folder: &Path) -> Vec<(u64, u64)> {
    let text = fs::read_to_string(folder.join("plan")).expect("the oracle wrote a plan");
    let number = |part: Option<&str>| part.and_then(|part| part.parse().ok()).expect("a number");
    text.lines()
        .map(|line| {
            let mut parts = line.split(' ');
            (number(parts.next()), number(parts.next()))
        })
        .collect()
}

struct Context {
    inbox: Inbox,
    outbox: Outbox,
    service: PathBuf,
    pace: Duration,
    random: Mutex<fastrand::Rng>,
    is_draining: bool,
}

impl Context {
    /// Whether something that happens once in so many times happens now. It never does while everything is worked off.
    fn once_in(&self, times: u32) -> bool {
        !self.is_draining && self.random.lock().expect("no task panics").u32(0..times) == 0
    }
}

/// Sends the numbers of a key one after another, each until it is acknowledged.
async fn send(context: Arc<Context>, key: u64, first: u64, last: u64) {
    let mut number = first;
    while !context.is_draining || number <= last {
        tell(&format!("tried {key} {number}"));
        if context.inbox.append(event(key, number)).await.is_ok() {
            tell(&format!("stored {key} {number}"));
            number += 1;
        }
        if !context.is_draining {
            tokio::time::sleep(context.pace).await;
        }
    }
}

/// The event of a number, the same whenever it is sent.
pub(crate) fn event(key: u64, number: u64) -> NewEvent {
    let body = format!("{key} {number}");
    let mut event = NewEvent::new(SOURCE, body.clone()).key(format!("key {key}"));
    if key.is_multiple_of(2) {
        event = event.event_id(body);
    } else {
        event.receipt =
            Token::from_bytes((u128::from(key) << 64 | u128::from(number)).to_be_bytes());
    }
    event
}

async fn work(context: Arc<Context>) {
    loop {
        let at_most = if context.once_in(2) { 3 } else { 1 };
        let claim = Claim::events(SOURCE)
            .at_most(at_most)
            .lease(LEASE)
            .most_claims(1_000);
        let claimed = context.inbox.claim(claim).await.unwrap_or_default();
        if claimed.is_empty() {
            if context.is_draining && is_idle(&context).await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
        for delivery in claimed {
            handle(&context, delivery).await;
        }
    }
}

async fn handle(context: &Context, delivery: Delivery) {
    let body = String::from_utf8(delivery.event.body.to_vec()).expect("it is a text");
    let (key, number) = body.split_once(' ').expect("a key and a number");
    let (key, number): (u64, u64) = (
        key.parse().expect("a key"),
        number.parse().expect("a number"),
    );
    if context.once_in(20) {
        // The worker forgets it: the lease runs out.
        return;
    }
    if context.once_in(40) {
        // The worker comes late: another one may have it.
        tokio::time::sleep(LEASE * 2).await;
    }
    if context.once_in(30) {
        let _ = context
            .inbox
            .retry(
                delivery.ticket,
                Retry::After(Duration::from_millis(5)),
                "again",
            )
            .await;
        return;
    }
    let cursor = format!("key {key}");
    let from = (number > 0).then(|| Position::new((number - 1).to_string()));
    const INSERT: &str = "insert into applied (key, number) values ($1, $2)";
    let mut commit = Commit::new()
        .finish(delivery.ticket)
        .own(
            Statement::new(INSERT, INSERT)
                .arg(key as i64)
                .arg(number as i64)
                .rows(1),
        )
        .move_cursor(cursor, from, Position::new(number.to_string()));
    if let Some(effect) = effect(key, number) {
        commit = commit.intend(effect);
    }
    match context.inbox.store().commit(commit).await {
        Ok(_) => tell(&format!("applied {key} {number}")),
        Err(error) if error.is_lease_lost() => tell("fenced"),
        Err(error) => tell(&format!("failed {key} {number} {error}")),
    }
}

/// Every third event has an effect; half of them have a unique key at the service.
pub(crate) fn effect(key: u64, number: u64) -> Option<NewEffect> {
    let repeat = match number % 6 {
        0 => Repeat::UniqueKey,
        3 => Repeat::Never,
        _ => return None,
    };
    let name = format!("{key}-{number}");
    let effect = NewEffect::new(ACCOUNT, "create", name.clone(), repeat).natural_key(name);
    Some(effect.wait(Duration::ZERO))
}

async fn is_idle(context: &Context) -> bool {
    let totals = context.inbox.totals().await.expect("totals");
    let pending = totals
        .sources
        .iter()
        .map(|source| source.pending)
        .sum::<u64>();
    let open = totals
        .accounts
        .iter()
        .map(|account| account.open + account.unknown)
        .sum::<u64>();
    pending + open == 0 && context.is_draining && totals.sources.iter().all(|one| one.dead == 0)
}

async fn call(context: Arc<Context>) {
    loop {
        let claim = Claim::effects(ACCOUNT).lease(LEASE).most_claims(1_000);
        let claimed = context.outbox.claim(claim).await.unwrap_or_default();
        if claimed.is_empty() {
            if context.is_draining && is_idle(&context).await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        for delivery in claimed {
            settle(&context, delivery).await;
        }
    }
}

async fn settle(context: &Context, delivery: EffectDelivery) {
    const WITHIN: Duration = Duration::from_millis(100);
    let name = delivery.effect.natural_key.clone().expect("each has one");
    let repeat = delivery.effect.repeat;
    let end = match delivery.task {
        Task::Send => {
            let ticket = delivery.ticket.clone();
            let start = tokio::time::Instant::now();
            if context
                .outbox
                .send(ticket, WITHIN, Bytes::new())
                .await
                .is_err()
                || start.elapsed() > WITHIN
            {
                return;
            }
            land(&context.service, &name, repeat);
            if context.once_in(10) {
                End::Ambiguous {
                    reason: "the answer was lost".into(),
                }
            } else {
                End::Landed { object: Some(name) }
            }
        }
        _ => match landings(&context.service, &name, repeat) {
            0 => End::Absent,
            1 => End::Landed { object: Some(name) },
            number => End::Doubled {
                reason: format!("{number} times"),
            },
        },
    };
    let _ = context.outbox.settle(delivery.ticket, end).await;
}

/// The service outside of the store. With a unique key an object is a file, and no second one is made. Without a key,
/// each landing is a line, written at once.
fn land(service: &Path, name: &str, repeat: Repeat) {
    let mut open = OpenOptions::new();
    match repeat {
        Repeat::UniqueKey => open.write(true).create_new(true),
        _ => open.append(true).create(true),
    };
    if let Ok(mut file) = open.open(service.join(name)) {
        file.write_all(b"landed\n").expect("the service has room");
    }
}

/// How often an effect landed at the service.
pub(crate) fn landings(service: &Path, name: &str, repeat: Repeat) -> usize {
    let path = service.join(name);
    match repeat {
        Repeat::UniqueKey => usize::from(path.exists()),
        _ => fs::read_to_string(path).map_or(0, |text| text.lines().count()),
    }
}
