//! Verification of signatures on a server, without tower.

mod claim;
mod guard;
mod rules;
mod verifier;
mod verify_error;

pub use claim::{Claim, Verified};
pub use verifier::Verifier;
#[cfg(feature = "tower")]
pub(crate) use verify_error::Kind;
pub use verify_error::VerifyError;
