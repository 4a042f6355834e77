//! What the rows of docs/acceptance.md promise to who uses the clients, from the facade to the socket of the sandbox.

mod batches;
mod callback;
mod catalogue;
mod errors;
mod faults;
mod files;
mod limit;
#[path = "../../../crates/common-transport/tests/support/recorder.rs"]
mod recorder;
mod token;
mod zone;
