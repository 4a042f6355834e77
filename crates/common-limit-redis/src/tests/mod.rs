//! The algorithm in virtual time, with faults, and against rules left out.

mod controls;
mod script;
mod simulation;
mod stamps;
mod twin;
mod world;
