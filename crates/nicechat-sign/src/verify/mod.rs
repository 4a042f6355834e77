//! Verification of signatures on a server, without tower.

mod claim;
mod guard;
mod rules;
mod trace;
mod verifier;
mod verify_error;

pub use claim::{Claim, Verified};
#[cfg(feature = "tower")]
pub(crate) use trace::refused_by_layer;
pub use verifier::Verifier;
#[cfg(feature = "tower")]
pub(crate) use verify_error::Kind;
pub use verify_error::VerifyError;
