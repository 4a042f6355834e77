//! `shopwire export` as operators use it, against `shopwire sandbox`.

#[path = "../support/mod.rs"]
mod support;

mod bonuses;
mod excel;
#[cfg(unix)]
mod follow;
mod formats;
mod guide;
mod habits;
mod increments;
#[cfg(unix)]
mod kills;
mod lists;
mod nameless;
mod outputs;
mod refused;
mod shop;
#[cfg(unix)]
mod signals;
