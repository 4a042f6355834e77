//! `shopwire sandbox --record`, `--play` and `--compare`.

#[path = "../support/mod.rs"]
mod support;

mod account;
mod bounds;
mod compare;
mod crash;
mod doctored;
mod full;
mod http;
mod leaks;
mod odd;
mod play;
mod record;
mod state;
