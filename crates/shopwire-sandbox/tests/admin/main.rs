//! The admin API from outside: raw HTTP over real sockets, as a shell speaks it.

#[path = "../services/support/mod.rs"]
#[expect(dead_code, reason = "the tests of the services use all of it")]
mod services;
mod support;

mod bounds;
mod errors;
mod events;
mod faults;
mod har;
mod requests;
mod state;
mod wait;
