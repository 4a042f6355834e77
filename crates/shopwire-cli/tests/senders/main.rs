//! Senders that give up at every point, receivers and servers that are killed: nothing is acknowledged and lost.
#![cfg(unix)]

// The private server of the engine's own tests.
#[path = "../../../common-durable/tests/postgres/binaries.rs"]
mod binaries;
#[path = "../support/place.rs"]
mod place;
#[path = "../../../common-durable/tests/postgres/server.rs"]
#[expect(dead_code, reason = "these tests use a part of it")]
mod server;
#[path = "../support/mod.rs"]
mod support;

mod give_up;
mod kills;
mod load;
mod server_kills;
mod stored;
mod work;

use support::receiving::{UVYGODA, post};

/// The bytes of an event.
fn request(body: &str) -> Vec<u8> {
    post(
        &format!("/uvygoda/{UVYGODA}"),
        "content-type: application/json",
        body,
    )
}
