//! What joins `common-transport` (HTTP) and `common-model` (JSON) for every API crate. It knows no service.
//!
#![cfg_attr(
    feature = "client",
    doc = "- [`Pages`], [`Changes`], [`Items`] and their streams: lists and histories, page by page."
)]
//! - [`Paged`], [`History`]: what an API crate says of a list; [`RawList`]: the same list without models.
//! - [`walk`]: what to ask for next while a list changes.
//! - [`look`]: finding out whether a call of unknown outcome took effect.
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod answer;
mod decoding;
#[cfg(feature = "client")]
#[cfg_attr(docsrs, doc(cfg(feature = "client")))]
pub mod look;
mod pages;
mod params;
#[cfg(feature = "receivers")]
#[cfg_attr(docsrs, doc(cfg(feature = "receivers")))]
pub mod receive;
mod table;
mod waits;
pub mod walk;

pub use decoding::{Decoding, Mend, Reports, Stop, Success, check, mend_first, read, read_into};
#[cfg(feature = "client")]
#[cfg_attr(docsrs, doc(cfg(feature = "client")))]
pub use pages::{Changes, ItemStream, Items, PageStream, Pages};
pub use pages::{Cursor, History, Layout, Page, Paged, Position, RawItem, RawList};
pub use params::{invalid_input, read_params};
pub use table::{AnyModel, AnyOperation, AnyOutput, OperationEntry, ReadOutput, ReadParams};
pub use waits::{LEAST_WAIT, Waits};
