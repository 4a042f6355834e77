//! The walk engine over lists that change between requests.

mod extremes;
mod hidden;
mod list;
mod simulation;
