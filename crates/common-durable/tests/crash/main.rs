//! Real processes that are killed, and syncs that are counted from outside.
//!
//! This binary is both sides. The oracle starts it once more with a role in the environment, and that process does the
//! work until it is killed.

mod image;
mod kills;
mod life;
mod place;
mod power;
mod role;
mod trace;
mod verdict;
mod work;

#[path = "../sqlite/folder.rs"]
mod folder;

// The private server of the engine's own tests.
#[path = "../postgres/binaries.rs"]
mod binaries;
#[path = "../postgres/server.rs"]
#[expect(dead_code, reason = "these tests use a part of it")]
mod server;
