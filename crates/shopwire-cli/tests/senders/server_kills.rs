//! Kills of the PostgreSQL server while a receiver takes events.

use std::sync::atomic::Ordering::Relaxed;

use crate::{
    load::{Load, Receiver, SENDERS},
    place::Place,
    server::Server,
    work,
};

/// `SHOPWIRE_SERVER_KILLS` sets the number of kills: 3 unless set.
#[test]
fn d10_d11_a_killed_server_has_every_event_that_the_receiver_acknowledged() {
    // Its own server: the others would notice.
    let Some(server) = Server::start(&[]) else {
        return;
    };
    let kills: usize =
        std::env::var("SHOPWIRE_SERVER_KILLS").map_or(3, |kills| kills.parse().expect("a number"));
    let place = Place::of(&server);
    let receiving = place.receiving();
    let load = Load::default();
    load.during(receiving.address(), Receiver::Stays, || {
        for round in 0..kills {
            load.wait_for_more(1 + (round * 7) % 90);
            server.kill_and_restart();
        }
        load.wait_for_more(1);
    });
    let (code, log) = receiving.stop();
    assert_eq!(code, Some(0), "{log}");
    work::prepare(&place);
    work::work_off(&place);
    let stored = work::judge(&place, &load);
    let acknowledged: usize = (0..SENDERS)
        .map(|order| load.acknowledged(order).len())
        .sum();
    println!(
        "{kills} kills of the server, {} sent, {acknowledged} acknowledged, {} refused with 503, {} without an answer, \
         {stored} stored and worked off: 0 lost, 0 doubled, in order",
        load.sent(),
        load.refused.load(Relaxed),
        load.unanswered.load(Relaxed),
    );
}
