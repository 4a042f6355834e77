//! What joins `common-transport` (HTTP) and `common-model` (JSON) for every API crate. It knows no service.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod decoding;
mod params;
#[cfg(feature = "receivers")]
#[cfg_attr(docsrs, doc(cfg(feature = "receivers")))]
pub mod receive;
mod table;
pub mod walk;

pub use decoding::{Decoding, Reports, Source, read, read_into};
pub use params::{invalid_input, read_params};
pub use table::{Answer, AnyModel, AnyOperation, Entry, Output, Params};
