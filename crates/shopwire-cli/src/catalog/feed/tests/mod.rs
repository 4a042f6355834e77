//! Tests of the feeds as a whole.

mod converted;
mod feeds;
mod hostile;
mod planted;
mod properties;
mod support;
mod taken;
