//! Tests of the feeds as a whole.

mod feeds;
mod planted;
mod properties;
mod support;
mod taken;
