//! The walk engine over lists that change between requests.

mod list;
mod simulation;
