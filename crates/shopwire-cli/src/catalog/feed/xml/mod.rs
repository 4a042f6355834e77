//! ICML and YML.

pub(super) mod parts;
pub(crate) mod read;
mod state;
mod tags;
mod tree;
pub(crate) mod write;

use super::{number::short, text::is_allowed};
