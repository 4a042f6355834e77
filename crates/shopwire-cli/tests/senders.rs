//! Senders that give up at every point, and receivers that are killed: nothing is acknowledged and lost.
#![cfg(unix)]

// The private server of the engine's own tests.
#[path = "../../common-durable/tests/postgres/binaries.rs"]
mod binaries;
#[path = "support/place.rs"]
mod place;
#[path = "../../common-durable/tests/postgres/server.rs"]
#[expect(dead_code, reason = "this test uses a part of it")]
mod server;
mod support;

use std::{
    collections::BTreeMap,
    io::Write as _,
    net::{Shutdown, SocketAddr, TcpStream},
    sync::{
        Condvar, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    thread,
};

use place::{Place, database};
use shopwire::durable::{EventId, Inbox};
use support::receiving::{UVYGODA, answer, connect, fresh_store, post};

/// What a sender does after the last byte that it sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Closes the connection.
    HangsUp,
    /// Resets the connection. After a whole event it first waits for the answer: a reset throws away what the
    /// receiver has not read yet.
    Resets,
    /// Closes its sending side and waits for an answer.
    HalfCloses,
    /// Waits for an answer only if it has sent everything, and then closes.
    Waits,
}

fn request(body: &str) -> Vec<u8> {
    post(
        &format!("/uvygoda/{UVYGODA}"),
        "content-type: application/json",
        body,
    )
}

/// Sends the first bytes of a request and ends as told. Returns whether the event was acknowledged.
fn send(address: SocketAddr, bytes: &[u8], is_whole: bool, end: End) -> bool {
    let mut stream = connect(address).expect("a connection");
    stream.write_all(bytes).expect("sent");
    let is_acknowledged =
        |stream: &mut TcpStream| answer(stream).is_some_and(|answer| answer.0 == 200);
    match end {
        End::HangsUp => false,
        End::Resets => {
            if is_whole {
                stream.peek(&mut [0]).expect("an answer begins");
            }
            rustix::net::sockopt::set_socket_linger(&stream, Some(std::time::Duration::ZERO))
                .expect("it can be");
            false
        }
        End::HalfCloses => {
            stream.shutdown(Shutdown::Write).expect("half closed");
            is_acknowledged(&mut stream)
        }
        End::Waits => is_whole && is_acknowledged(&mut stream),
    }
}

/// How often each body is in the store.
fn stored(place: &Place) -> BTreeMap<String, u32> {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let opened = place.open().await;
        let bodies = bodies(&opened.inbox).await;
        opened.close().await;
        bodies
    })
}

async fn bodies(inbox: &Inbox) -> BTreeMap<String, u32> {
    let (mut bodies, mut after) = (BTreeMap::new(), None);
    loop {
        let events = inbox.events(None, None, after, 1_000).await.expect("read");
        let Some(last) = events.last() else {
            return bodies;
        };
        after = Some(EventId(last.id.0));
        for event in events {
            let details = inbox.event(event.id).await.expect("read");
            let content = details.expect("it is there").event.expect("its content");
            let body = String::from_utf8_lossy(&content.body).into_owned();
            *bodies.entry(body).or_default() += 1;
        }
    }
}

// H3
#[test]
fn h3_d2_senders_that_give_up_at_every_point_lose_no_event() {
    give_up_at_every_point(&Place::File(fresh_store("senders")));
}

#[test]
fn h3_d2_senders_that_give_up_lose_no_event_on_postgresql() {
    if let Some(place) = database() {
        give_up_at_every_point(&place);
    }
}

fn give_up_at_every_point(place: &Place) {
    let receiving = place.receiving();
    let address = receiving.address();
    let (mut sent, mut number) = (Vec::new(), 0);
    for end in [End::HangsUp, End::Resets, End::HalfCloses, End::Waits] {
        let length = request(&format!("{number:06}")).len();
        for cut in 0..=length {
            number += 1;
            let body = format!("{number:06}");
            let bytes = request(&body);
            let is_whole = cut == length;
            let is_acknowledged = send(address, &bytes[..cut], is_whole, end);
            let must = is_whole && matches!(end, End::HalfCloses | End::Waits);
            assert_eq!(is_acknowledged, must, "{end:?} after {cut} of {length}");
            sent.push((body, is_whole, end, cut));
        }
    }
    // And many at once that hang up with the last byte.
    let many = 10_000..10_200;
    thread::scope(|scope| {
        for body in many.clone() {
            scope.spawn(move || send(address, &request(&body.to_string()), true, End::HangsUp));
        }
    });
    sent.extend(many.map(|body| (body.to_string(), true, End::HangsUp, 0)));

    // At the end the receiver finishes what it has: also what no sender waits for.
    let (code, log) = receiving.stop();
    assert_eq!(code, Some(0), "{log}");
    let stored = stored(place);
    for (body, is_whole, end, cut) in &sent {
        assert_eq!(
            stored.get(body).copied(),
            is_whole.then_some(1),
            "{body} {end:?} after {cut}"
        );
    }
}

/// What senders know.
#[derive(Default)]
struct Known {
    acknowledged: Mutex<Vec<String>>,
    changed: Condvar,
    is_over: AtomicBool,
}

/// Sends events one after another until the receiver is gone.
fn keep_sending(address: SocketAddr, known: &Known, numbers: &AtomicU64) {
    while !known.is_over.load(Relaxed) {
        let Ok(mut stream) = connect(address) else {
            return;
        };
        loop {
            let body = format!("n-{}", numbers.fetch_add(1, Relaxed));
            let sent = stream.write_all(&request(&body)).ok();
            match sent.and_then(|()| answer(&mut stream)) {
                Some((200, _)) => {
                    known.acknowledged.lock().expect("no panic").push(body);
                    known.changed.notify_all();
                }
                _ => break,
            }
        }
    }
}

// D2, D10
#[test]
fn d2_h3_a_killed_receiver_has_every_event_that_it_acknowledged() {
    kill_under_load(&Place::File(fresh_store("kills")));
}

#[test]
fn d2_h3_a_killed_receiver_has_every_event_on_postgresql() {
    if let Some(place) = database() {
        kill_under_load(&place);
    }
}

/// Kills the receiver under load as often as `SHOPWIRE_KILLS` says; a few times unless it is set.
fn kill_under_load(place: &Place) {
    let kills: u64 =
        std::env::var("SHOPWIRE_KILLS").map_or(5, |kills| kills.parse().expect("a number"));
    let (known, numbers) = (Known::default(), AtomicU64::new(0));
    for round in 0..kills {
        let receiving = place.receiving();
        let address = receiving.address();
        let before = known.acknowledged.lock().expect("no panic").len();
        // Different points of the work: after 1, 8, 15, … events.
        let wanted = before + 1 + (round as usize * 7) % 90;
        known.is_over.store(false, Relaxed);
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| keep_sending(address, &known, &numbers));
            }
            let acknowledged = known.acknowledged.lock().expect("no panic");
            let is_short = |acknowledged: &mut Vec<String>| acknowledged.len() < wanted;
            drop(
                known
                    .changed
                    .wait_while(acknowledged, is_short)
                    .expect("no panic"),
            );
            known.is_over.store(true, Relaxed);
            receiving.kill();
        });
    }
    let stored = stored(place);
    let acknowledged = known.acknowledged.into_inner().expect("no panic");
    let lost: Vec<_> = acknowledged
        .iter()
        .filter(|body| !stored.contains_key(*body))
        .collect();
    assert!(
        lost.is_empty(),
        "of {} acknowledged: {lost:?}",
        acknowledged.len()
    );
    let doubled: Vec<_> = stored.iter().filter(|(_, count)| **count > 1).collect();
    assert!(doubled.is_empty(), "{doubled:?}");
    println!(
        "{kills} kills, {} sent, {} acknowledged, {} stored, 0 lost, 0 doubled",
        numbers.load(Relaxed),
        acknowledged.len(),
        stored.len()
    );
}
