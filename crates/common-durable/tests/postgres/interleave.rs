//! The three interleavings that tempting ways of claiming and finishing do not survive, made by barriers.

use std::{sync::Arc, time::Duration};

use common_durable::{
    Claim, Delivery, Inbox, NewEvent,
    postgres::{Postgres, tokio_postgres::Client},
};

use crate::server::{self, Server, block_on};

const SOURCE: &str = "source:1";

struct Bench {
    server: &'static Server,
    database: String,
    inbox: Inbox,
    other: Inbox,
    /// A connection that holds locks.
    holder: Client,
}

impl Bench {
    async fn new(server: &'static Server) -> Self {
        let database = server.database().await;
        let inbox = async || {
            let store = Postgres::open(server.options(&database)).await;
            Inbox::new(Arc::new(store.expect("the store opens")))
        };
        Self {
            server,
            inbox: inbox().await,
            other: inbox().await,
            holder: server.connect(&database).await.expect("a connection"),
            database,
        }
    }

    async fn claim(&self) -> Vec<Delivery> {
        self.inbox
            .claim(Claim::events(SOURCE).at_most(10))
            .await
            .expect("a claim")
    }

    /// Waits until so many statements wait for a lock.
    async fn wait_for_blocked(&self, number: i64) {
        let watcher = self
            .server
            .connect(&self.database)
            .await
            .expect("a connection");
        for _ in 0..1_000 {
            let row = watcher
                .query_one(
                    "select count(*) from pg_stat_activity
                     where datname = current_database() and wait_event_type = 'Lock'",
                    &[],
                )
                .await
                .expect("a count");
            if row.get::<_, i64>(0) == number {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("there are not {number} statements that wait for a lock");
    }

    async fn hold(&self, sql: &str) {
        self.holder.batch_execute(sql).await.expect(sql);
    }
}

fn event(body: &str) -> NewEvent {
    NewEvent::new(SOURCE, body.to_owned()).key("k")
}

fn body(delivery: &Delivery) -> &[u8] {
    &delivery.event.body
}

/// An id that was drawn early and committed late would be delivered beside a later one.
#[test]
fn d5_ids_are_drawn_under_the_lock_of_the_key() {
    let Some(server) = server::shared() else {
        return;
    };
    block_on(async {
        let bench = Bench::new(server).await;
        bench.inbox.append(event("0")).await.expect("stored");
        let first = bench.claim().await.remove(0);
        bench.inbox.finish(first.ticket).await.expect("finished");
        let drawn = "select last_value from durable_event_id_seq";
        let before: i64 = bench
            .holder
            .query_one(drawn, &[])
            .await
            .expect("a number")
            .get(0);

        bench
            .hold("begin; select from durable_lane for update")
            .await;
        // Two processes append to the key at once.
        let one = tokio::spawn(append(bench.inbox.clone(), "a"));
        bench.wait_for_blocked(1).await;
        let two = tokio::spawn(append(bench.other.clone(), "b"));
        bench.wait_for_blocked(2).await;
        let now: i64 = bench
            .holder
            .query_one(drawn, &[])
            .await
            .expect("a number")
            .get(0);
        assert_eq!(now, before, "an id was drawn before the key was locked");
        assert!(bench.claim().await.is_empty());
        bench.hold("commit").await;

        let (one, two) = (one.await.expect("it ends"), two.await.expect("it ends"));
        let claimed = bench.claim().await;
        assert_eq!(claimed.len(), 1, "two deliveries of one key at once");
        assert_eq!(claimed[0].event.id.0, one.min(two));
        bench
            .inbox
            .finish(claimed[0].ticket.clone())
            .await
            .expect("finished");
        assert_eq!(bench.claim().await[0].event.id.0, one.max(two));
    });
}

async fn append(inbox: Inbox, body: &'static str) -> i64 {
    inbox.append(event(body)).await.expect("stored").event().0
}

/// A claim whose snapshot is older than the lock it waited for would deliver a finished event again.
///
/// The barrier is a policy on lanes: it makes statements that skip locks wait between their snapshot and their lock.
#[test]
fn d5_a_claim_sees_what_was_finished_before_its_lock() {
    let Some(server) = server::shared() else {
        return;
    };
    block_on(async {
        let bench = Bench::new(server).await;
        bench.inbox.append(event("1")).await.expect("stored");
        bench.inbox.append(event("2")).await.expect("stored");
        bench.inbox.append(event("3")).await.expect("stored");
        bench.hold(GATE).await;

        // What a claim in one statement does. It runs as a user whom the policy concerns.
        let late = late(&bench).await;
        let wrong = server.connect(&bench.database).await.expect("a connection");
        wrong
            .batch_execute("set role worker")
            .await
            .expect("a role");
        bench.hold("select pg_advisory_lock(42)").await;
        let wrong = tokio::spawn(async move { wrong.query_one(WRONG_CLAIM, &[]).await });
        bench.wait_for_blocked(1).await;
        let finished = late.event.id.0;
        bench
            .inbox
            .finish(late.ticket)
            .await
            .expect("nobody has taken the lease");
        bench.hold("select pg_advisory_unlock(42)").await;
        let row = wrong.await.expect("it ends").expect("a row");
        assert_eq!(
            row.get::<_, i64>(0),
            finished,
            "the barrier does not make the interleaving"
        );

        // The same for the engine's claim.
        let late = self::late(&bench).await;
        assert_eq!(body(&late), b"2");
        let worker = engine_of(server, &bench.database, "worker").await;
        bench.hold("select pg_advisory_lock(42)").await;
        let claim = tokio::spawn(async move {
            worker
                .claim(Claim::events(SOURCE).at_most(10))
                .await
                .expect("a claim")
        });
        bench.wait_for_blocked(1).await;
        bench
            .inbox
            .finish(late.ticket)
            .await
            .expect("nobody has taken the lease");
        bench.hold("select pg_advisory_unlock(42)").await;
        let claimed = claim.await.expect("it ends");
        assert_eq!(claimed.len(), 1);
        assert_eq!(
            body(&claimed[0]),
            b"3",
            "a finished event was delivered again"
        );
    });
}

/// A delivery whose lease runs out while its worker still lives.
async fn late(bench: &Bench) -> Delivery {
    let late = bench.claim().await.remove(0);
    bench.hold("update durable_lane set next_at = 0").await;
    late
}

const GATE: &str = "
    do $$ begin
        if not exists (select from pg_roles where rolname = 'worker') then create role worker login; end if;
    end $$;
    alter role worker password 'worker';
    grant all on all tables in schema public to worker;
    grant all on all sequences in schema public to worker;
    create function gate() returns boolean language plpgsql volatile as $$
    begin
        if current_query() like '%skip locked%' then
            perform pg_advisory_lock_shared(42);
            perform pg_advisory_unlock_shared(42);
        end if;
        return true;
    end $$;
    alter table durable_lane enable row level security;
    create policy gate on durable_lane using (gate())";

/// The lane is locked and its event read in one statement, with one snapshot.
const WRONG_CLAIM: &str = "
    select (select e.id from durable_event e where e.lane = l.id and e.state = 0 order by e.id limit 1)
    from durable_lane l where l.next_at is not null for update skip locked";

async fn engine_of(server: &Server, database: &str, user: &str) -> Inbox {
    let address = format!("{} user={user} password={user}", server.address(database));
    // Its clock is ahead, so what is due a moment later is due for it.
    let clock = common_durable::Clock::system();
    clock.advance(Duration::from_secs(30));
    let options = common_durable::postgres::PostgresOptions::new(&address)
        .expect("an address")
        .clock(clock);
    Inbox::new(Arc::new(
        Postgres::open(options).await.expect("the store opens"),
    ))
}

/// A finish that looks for the next event with the snapshot from before its lock would put the key to sleep for ever.
#[test]
fn d5_a_finish_sees_what_was_appended_before_its_lock() {
    let Some(server) = server::shared() else {
        return;
    };
    block_on(async {
        let bench = Bench::new(server).await;
        bench.inbox.append(event("1")).await.expect("stored");
        let first = bench.claim().await.remove(0);
        // An append of another process has locked the key and is about to commit.
        bench
            .hold(
                "begin;
                 update durable_lane set open = open + 1;
                 with new as (insert into durable_event (lane, queue, received_at, body_bytes)
                     select id, queue, 0, 1 from durable_lane returning id)
                 insert into durable_body (event, headers, body) select id, '', 'x' from new",
            )
            .await;
        let inbox = bench.inbox.clone();
        let finish = tokio::spawn(async move { inbox.finish(first.ticket).await });
        bench.wait_for_blocked(1).await;
        bench.hold("commit").await;
        finish.await.expect("it ends").expect("it is finished");
        let claimed = bench.claim().await;
        assert_eq!(claimed.len(), 1, "the key sleeps with an event in it");
        assert_eq!(body(&claimed[0]), b"x");
    });
}

/// Transactions of many appends lock their keys in one order.
#[test]
fn d11_appends_to_many_keys_crosswise_make_no_deadlock() {
    let Some(server) = server::shared() else {
        return;
    };
    block_on(async {
        let bench = Bench::new(server).await;
        let mut tasks = tokio::task::JoinSet::new();
        for sender in 0..8_u64 {
            let inbox = if sender.is_multiple_of(2) {
                bench.inbox.clone()
            } else {
                bench.other.clone()
            };
            tasks.spawn(async move {
                let mut random = fastrand::Rng::with_seed(sender);
                for round in 0..30 {
                    let mut commit = common_durable::Commit::new();
                    for _ in 0..4 {
                        let key = format!("key {}", random.u8(0..12));
                        commit = commit.append(NewEvent::new(SOURCE, "x").key(key));
                    }
                    // Some have a transaction of their own.
                    if round % 3 == 0 {
                        let name = format!("{sender} {round}");
                        commit = commit.move_cursor(name, None, common_durable::Position::new("1"));
                    }
                    inbox.store().commit(commit).await.expect("stored");
                }
            });
        }
        while let Some(ended) = tasks.join_next().await {
            ended.expect("a sender ends");
        }
        let row = bench
            .holder
            .query_one(
                "select (select count(*) from durable_event),
                     (select deadlocks from pg_stat_database where datname = current_database())",
                &[],
            )
            .await
            .expect("statistics");
        assert_eq!(
            (row.get::<_, i64>(0), row.get::<_, i64>(1)),
            (8 * 30 * 4, 0)
        );
    });
}
