//! Real processes that are killed, and syncs that are counted from outside.
//!
//! This binary is both sides. The oracle starts it once more with a role in the environment, and that process does the
//! work until it is killed.

mod image;
mod kills;
mod power;
mod role;
mod trace;
mod work;

#[path = "../sqlite/folder.rs"]
mod folder;
