//! Health and metrics of the receiver on both engines.
#![cfg(unix)]

#[path = "../../common-durable/tests/postgres/binaries.rs"]
mod binaries;
#[path = "support/place.rs"]
mod place;
#[path = "../../common-durable/tests/postgres/server.rs"]
#[expect(dead_code, reason = "this test uses a part of it")]
mod server;
mod support;

use common_model::Value as Json;
use place::{Place, on_both_engines};
use server::Server;
use shopwire::durable::{Claim, Later, NewEffect, Outbox, Repeat};
use support::receiving::{Receiving, post};

const STORED: &str = "shopwire_webhook_deliveries_stored_total{source=\"uvygoda:main\"}";

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new()
        .expect("a runtime")
        .block_on(work)
}

// D6
#[test]
fn d6_health_metrics_and_status_tell_how_it_stands() {
    on_both_engines("metrics", |place| {
        let receiving = place.receiving();
        let health = receiving.get("/health");
        assert_eq!(health, (200, r#"{"status":"ok"}"#.to_owned()));
        assert_eq!(receiving.send(&post("/health", "x: y", "")).0, 405);
        assert_eq!(receiving.metric("shopwire_store_up"), Some(1.0));
        for body in ["{}", "{}", "{}"] {
            assert_eq!(receiving.post(body), 200);
        }
        block_on(async {
            let opened = place.open().await;
            let claimed = opened.inbox.claim(Claim::events("uvygoda:main")).await;
            let ticket = claimed.expect("claimed").remove(0).ticket;
            let dead = opened.inbox.dead(ticket, "no \"article\"", Later::Pass);
            dead.await.expect("dead");
            let effect = NewEffect::new("retailcrm:shop-7", "create", "{}", Repeat::Never);
            let effect = Outbox::new(opened.store()).intend(effect).await;
            effect.expect("stored");
            opened.close().await;
        });
        assert_eq!(receiving.metric(STORED), Some(3.0));
        for (name, value) in [
            ("shopwire_inbox_pending{source=\"uvygoda:main\"}", 2.0),
            ("shopwire_inbox_dead{source=\"uvygoda:main\"}", 1.0),
            ("shopwire_outbox_open{account=\"retailcrm:shop-7\"}", 1.0),
            ("shopwire_outbox_parked{account=\"retailcrm:shop-7\"}", 0.0),
            ("shopwire_outbox_doubled{account=\"retailcrm:shop-7\"}", 0.0),
        ] {
            assert_eq!(receiving.metric(name), Some(value), "{name}");
        }
        let age = "shopwire_inbox_oldest_pending_seconds{source=\"uvygoda:main\"}";
        assert!(receiving.metric(age).is_some_and(|age| age < 600.0));
        let log = receiving.metric("shopwire_store_log_bytes");
        assert_eq!(log.is_some_and(|bytes| bytes > 0.0), place.is_file());
        let proxied = "GET /metrics HTTP/1.1\r\nhost: x\r\nx-forwarded-for: 1.2.3.4\r\n\r\n";
        assert_eq!(receiving.send(proxied.as_bytes()).0, 404);

        let status = place.inbox(&["status", "--json"]).json();
        let at = |path: &str| status.pointer(path).and_then(Json::as_i64);
        assert_eq!(
            (at("/sources/0/pending"), at("/sources/0/dead")),
            (Some(2), Some(1))
        );
        assert_eq!(
            (at("/accounts/0/open"), at("/accounts/0/parked")),
            (Some(1), Some(0))
        );
        let shown = place.inbox(&["status"]).stdout;
        assert!(shown.contains("uvygoda:main  2 pending, 1 dead"), "{shown}");
        assert!(
            shown.contains("effects at retailcrm:shop-7: 1 open, 0 unknown"),
            "{shown}"
        );
    });
}

// D6, D20
#[test]
fn d6_an_open_snapshot_and_a_stopped_server_are_seen() {
    let Some(server) = Server::start(&[]) else {
        return;
    };
    let place = Place::Database(server.address("postgres"));
    let receiving = place.receiving();
    let snapshot = "shopwire_store_oldest_snapshot_seconds";
    server::block_on(async {
        let client = server.connect("postgres").await.expect("a connection");
        let open = "begin isolation level repeatable read; select count(*) from durable_event";
        client.batch_execute(open).await.expect("a snapshot");
        server::pause(std::time::Duration::from_millis(20));
        tokio::task::block_in_place(|| {
            assert!(receiving.metric(snapshot).is_some_and(|age| age >= 0.02));
            let status = place.inbox(&["status", "--json"]).json();
            let age = status.get("oldest_snapshot_seconds").and_then(Json::as_i64);
            assert_eq!(age, Some(0));
        });
        client.batch_execute("rollback").await.expect("rolled back");
    });
    server.kill();
    let (status, body) = receiving.get("/health");
    assert_eq!(
        (status, body.contains("cannot be read")),
        (503, true),
        "{body}"
    );
    assert_eq!(receiving.metric("shopwire_store_up"), Some(0.0));
    assert_eq!(receiving.post("{}"), 503);
    server.kill_and_restart();
    wait_until_healthy(&receiving);
    assert_eq!(receiving.post("{}"), 200);
    assert_eq!(receiving.metric(STORED), Some(1.0));
    let (code, log) = receiving.stop();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("the store cannot be read"), "{log}");
    assert!(!log.contains(server::PASSWORD), "{log}");
}

fn wait_until_healthy(receiving: &Receiving) {
    for _ in 0..500 {
        if receiving.get("/health").0 == 200 {
            return;
        }
        server::pause(std::time::Duration::from_millis(10));
    }
    panic!("the receiver does not find the server again");
}
