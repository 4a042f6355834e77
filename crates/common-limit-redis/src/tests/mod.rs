//! The algorithm in virtual time, with faults, and against rules left out.

mod controls;
mod script;
mod simulation;
mod twin;
mod world;
