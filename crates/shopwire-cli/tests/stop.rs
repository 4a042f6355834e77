//! The end of `shopwire webhooks`: what is in the air is finished, and a sender that never ends is cut.
#![cfg(unix)]

#[path = "../../common-durable/tests/postgres/binaries.rs"]
mod binaries;
#[path = "support/place.rs"]
mod place;
#[path = "../../common-durable/tests/postgres/server.rs"]
#[expect(dead_code, reason = "this test uses a part of it")]
mod server;
mod support;

use std::{io::Write as _, net::TcpStream, time::Duration};

use place::{Place, on_both_engines};
use support::receiving::{Receiving, UVYGODA, answer, connect, post};

const IN_FLIGHT: &str = "shopwire_webhook_deliveries_in_flight{source=\"uvygoda:main\"}";

const STORED: &str = "shopwire_webhook_deliveries_stored_total{source=\"uvygoda:main\"}";

fn request(body: &str) -> Vec<u8> {
    post(&format!("/uvygoda/{UVYGODA}"), "x: y", body)
}

/// A sender that has sent all but the last bytes of its event, and the rest.
fn slow_sender(receiving: &Receiving) -> (TcpStream, Vec<u8>) {
    let bytes = request("0123456789");
    let (first, rest) = bytes.split_at(bytes.len() - 5);
    let mut stream = receiving.connect();
    stream.write_all(first).expect("sent");
    receiving.wait_for(IN_FLIGHT, 1.0);
    (stream, rest.to_owned())
}

/// Asks for the end, and waits until nobody can connect: then it is under way.
fn begin_to_stop(receiving: &Receiving) {
    let address = receiving.address();
    receiving.ask_to_stop();
    while connect(address).is_ok() {
        std::thread::yield_now();
    }
}

// D2, D16, H3
#[test]
fn d16_h3_a_sender_in_the_middle_of_its_body_gets_its_answer() {
    on_both_engines("stop-slow", |place| {
        let receiving = place.receiving();
        let (mut slow, rest) = slow_sender(&receiving);
        begin_to_stop(&receiving);
        assert!(connect(receiving.address()).is_err(), "nobody can connect");
        slow.write_all(&rest).expect("sent");
        assert_eq!(answer(&mut slow).map(|answer| answer.0), Some(200));
        assert_eq!(receiving.wait(), (Some(0), String::new()));
        assert_eq!(place.events().len(), 1);
    });
}

// D16, H3
#[test]
fn d16_h3_a_sender_that_never_ends_is_cut_and_named_in_the_log() {
    on_both_engines("stop-never", |place| {
        let receiving = Receiving::spawn(&mut place.webhooks(&["--grace", "1s"]));
        assert_eq!(receiving.post("{}"), 200);
        let (mut never, _) = slow_sender(&receiving);
        begin_to_stop(&receiving);
        let (code, log) = receiving.wait();
        assert_eq!(code, Some(0), "{log}");
        assert!(log.contains("cut=1"), "{log}");
        assert!(log.contains("a delivery was not taken"), "{log}");
        assert!(!log.contains("hidden") && !log.contains("01234"), "{log}");
        assert_eq!(answer(&mut never), None);
        assert_eq!(
            place.events().len(),
            1,
            "an event that is not whole is not stored"
        );
    });
}

// D16
#[test]
fn d16_a_second_signal_ends_it_at_once() {
    on_both_engines("stop-twice", |place| {
        let receiving = place.receiving();
        assert_eq!(receiving.post("{}"), 200);
        let (never, _) = slow_sender(&receiving);
        begin_to_stop(&receiving);
        // Two at the same time are one.
        server::pause(Duration::from_millis(400));
        receiving.ask_to_stop();
        let (code, log) = receiving.wait();
        assert_eq!(code, Some(1), "{log}");
        assert!(log.contains("second signal"), "{log}");
        drop(never);
        assert_eq!(place.events().len(), 1);
    });
}

// D16
#[test]
fn d16_a_signal_that_comes_twice_at_a_time_is_one() {
    on_both_engines("stop-double", |place| {
        let receiving = place.receiving();
        let (mut slow, rest) = slow_sender(&receiving);
        receiving.ask_to_stop();
        // The system joins signals that wait.
        server::pause(Duration::from_millis(5));
        receiving.ask_to_stop();
        server::pause(Duration::from_millis(5));
        slow.write_all(&rest).expect("sent");
        assert_eq!(answer(&mut slow).map(|answer| answer.0), Some(200));
        assert_eq!(receiving.wait(), (Some(0), String::new()));
    });
}

// D2, D16: an event that has been read is stored although its connection was cut. The moment is not known from outside, so
// many are tried: each event is in the store, or in the log as one that was cut off, and none of them met a closed store.
#[test]
fn d2_d16_an_event_that_was_read_is_stored_without_its_connection() {
    on_both_engines("stop-read", |place| {
        // Addresses and phones are looked for in it, which takes a while.
        let body = "a@b.cd 8 (900) 123-45-67 ".repeat(40_000);
        let (mut stored, rounds) = (0, 12);
        for round in 0..rounds {
            let receiving = Receiving::spawn(
                place
                    .webhooks(&["--grace", "0s"])
                    .env("TOKIO_WORKER_THREADS", "4"),
            );
            let mut sender = receiving.connect();
            sender.write_all(&request(&body)).expect("sent");
            // The delivery has begun, or has ended already.
            while receiving.metric(IN_FLIGHT) != Some(1.0) && receiving.metric(STORED) != Some(1.0)
            {
                std::thread::yield_now();
            }
            server::pause(Duration::from_millis(round * 4));
            receiving.ask_to_stop();
            let (code, log) = receiving.wait();
            assert_eq!(code, Some(0), "{log}");
            let now = events(place);
            let was_cut = log.contains("the body broke off");
            assert_eq!(now, stored + usize::from(!was_cut), "{round}: {log}");
            assert!(!log.contains("could not be stored"), "{round}: {log}");
            stored = now;
        }
        println!("{stored} of {rounds} were stored");
        assert!(stored > 0);
    });
}

fn events(place: &Place) -> usize {
    place.events().len()
}

// D16, X7
#[test]
fn d16_x7_a_request_that_is_refused_before_its_body_leaves_a_reason_and_no_secret() {
    on_both_engines("stop-heads", |place| {
        let receiving = Receiving::spawn(&mut place.webhooks(&["-vv"]));
        let path = format!("/uvygoda/{UVYGODA}");
        let head = |line: &str, header: &str| {
            format!("{line}\r\nhost: x\r\nauthorization: Bearer hidden-bearer\r\n{header}\r\n\r\n")
        };
        let long = "hidden-long".repeat(60_000);
        // The bodies are announced, and never sent.
        let announced = "content-length: 9";
        for (bytes, status) in [
            (head("POST /uvygoda/hidden-guess HTTP/1.1", announced), 404),
            (
                head(&format!("POST /uvigoda/{UVYGODA} HTTP/1.1"), announced),
                404,
            ),
            (head(&format!("POST {path} HTTP/9.9"), "x: y"), 400),
            (
                head(&format!("POST {path} HTTP/1.1"), "hidden header: y"),
                400,
            ),
            (
                head(&format!("POST {path} HTTP/1.1"), &format!("x: {long}")),
                431,
            ),
        ] {
            let mut stream = receiving.connect();
            // The receiver may answer and close before it has read everything.
            let _ = stream.write_all(bytes.as_bytes());
            if let Some((answered, _)) = answer(&mut stream) {
                assert_eq!(answered, status);
            }
        }
        let (code, log) = receiving.stop();
        assert_eq!(code, Some(0), "{log}");
        for reason in [
            "a delivery was refused",
            "nothing has this path",
            "invalid HTTP version",
            "invalid HTTP header",
            "message head is too large",
        ] {
            assert!(log.contains(reason), "{reason}: {log}");
        }
        let warnings: Vec<&str> = log.lines().filter(|line| line.contains("WARN")).collect();
        assert_eq!(warnings.len(), 3, "{log}");
        assert!(!log.contains("hidden"), "{log}");
        assert!(place.events().is_empty());
    });
}
