//! The walk engine over lists that change between requests.

mod extremes;
mod list;
mod simulation;
