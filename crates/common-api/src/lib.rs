//! What joins `common-transport` (HTTP) and `common-model` (JSON) for every API crate. It knows no service.
//!
//! - [`walk`]: reading lists page by page while they change.
//! - [`look`]: finding out whether a call of unknown outcome took effect.
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod answer;
mod decoding;
#[cfg(feature = "client")]
#[cfg_attr(docsrs, doc(cfg(feature = "client")))]
pub mod look;
mod params;
#[cfg(feature = "receivers")]
#[cfg_attr(docsrs, doc(cfg(feature = "receivers")))]
pub mod receive;
mod table;
mod waits;
pub mod walk;

pub use decoding::{Decoding, Mend, Reports, Stop, Success, check, mend_first, read, read_into};
pub use params::{invalid_input, read_params};
pub use table::{AnyModel, AnyOperation, AnyOutput, OperationEntry, ReadOutput, ReadParams};
pub use waits::{LEAST_WAIT, Waits};
