//! Verification of signatures on a server, without tower.

mod claim;
mod guard;
mod rejection;
mod rules;
mod verifier;

pub use claim::{Claim, Verified};
#[cfg(feature = "tower")]
pub(crate) use rejection::Kind;
pub use rejection::Rejection;
pub use verifier::Verifier;
