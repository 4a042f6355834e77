//! Kills of the receiver under load.

use crate::{
    load::{Load, Receiver},
    place::{Place, database},
    support::receiving::fresh_store,
    work,
};

// D2, D10
#[test]
fn d2_d10_a_killed_receiver_has_every_event_that_it_acknowledged() {
    kill_under_load(&Place::File(fresh_store("kills")));
}

#[test]
fn d2_d10_a_killed_receiver_has_every_event_on_postgresql() {
    if let Some(place) = database() {
        kill_under_load(&place);
    }
}

/// The verdict sees an event that is acknowledged and not stored.
#[test]
#[should_panic(expected = "acknowledged and lost")]
fn d10_the_verdict_sees_a_lost_event() {
    let place = Place::File(fresh_store("lost"));
    let load = Load::default();
    one_round(&place, &load, 20);
    work::prepare(&place);
    work::work_off(&place);
    let Place::File(path) = &place else {
        return;
    };
    let connection = shopwire::durable::sqlite::rusqlite::Connection::open(path).expect("it opens");
    let removed = "delete from durable_event where id = (select min(id) from durable_event);
        delete from worked where event = (select min(event) from worked)";
    connection.execute_batch(removed).expect("it is removed");
    work::judge(&place, &load);
}

/// Kills the receiver under load as often as `SHOPWIRE_KILLS` says; a few times unless it is set. After each kill,
/// workers work the inbox off.
fn kill_under_load(place: &Place) {
    let kills: usize =
        std::env::var("SHOPWIRE_KILLS").map_or(5, |kills| kills.parse().expect("a number"));
    let load = Load::default();
    let mut stored = 0;
    for round in 0..kills {
        // Different points of the work: after 1, 8, 15, … events.
        one_round(place, &load, 1 + (round * 7) % 90);
        if round == 0 {
            work::prepare(place);
        }
        work::work_off(place);
        stored = work::judge(place, &load);
    }
    let acknowledged: usize = (0..crate::load::SENDERS)
        .map(|order| load.acknowledged(order).len())
        .sum();
    println!(
        "{kills} kills, {} sent, {acknowledged} acknowledged, {stored} stored and worked off: 0 lost, 0 doubled, in order",
        load.sent(),
    );
}

/// Starts a receiver, and kills it when so many more events are acknowledged.
fn one_round(place: &Place, load: &Load, events: usize) {
    let receiving = place.receiving();
    load.during(receiving.address(), Receiver::Ends, || {
        load.wait_for_more(events);
        load.end();
        receiving.kill();
    });
}
