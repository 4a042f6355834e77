//! `shopwire import` as operators use it, against the sandbox in this process.

#[path = "../support/mod.rs"]
mod support;

mod again;
mod answers;
mod between;
mod checks;
mod edits;
mod files;
#[cfg(unix)]
mod guide;
#[cfg(unix)]
mod kills;
#[cfg(target_os = "linux")]
mod memory;
mod parts;
mod plan;
mod rejects;
mod round_trip;
mod shop;
#[cfg(unix)]
mod stop;
mod tables;
mod triggers;
mod unclear;
