//! The shared base of all API crates. It joins `common-transport` (HTTP) and `common-model` (JSON), and knows no
//! service.
//!
#![cfg_attr(
    feature = "client",
    doc = "- [`Call`]: an operation bound to a client, sent by `.await`.\n- [`Pages`], [`Changes`], [`Items`] and their streams: lists and histories, page by page."
)]
//! - [`WireFormat`]: how a service takes parameters and answers; the operations of its API crate stand on it.
//! - [`Paged`], [`History`]: the description of a list by its API crate; [`RawList`]: the same list without models.
//! - [`walk`]: which page to read next while a list changes.
//! - [`look`]: finding out whether a call with an unknown outcome took effect.
#![cfg_attr(
    feature = "cassette",
    doc = "- [`cassette`]: recordings of exchanges, and their playback."
)]
#![cfg_attr(
    feature = "mock",
    doc = "- [`mock`]: a test double that answers operations by their type."
)]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod answer;
#[cfg(feature = "client")]
mod call;
#[cfg(feature = "cassette")]
#[cfg_attr(docsrs, doc(cfg(feature = "cassette")))]
pub mod cassette;
#[cfg(any(feature = "cassette", feature = "mock", feature = "receivers"))]
mod credential;
mod decoding;
#[cfg(feature = "forms")]
#[cfg_attr(docsrs, doc(cfg(feature = "forms")))]
pub mod form;
mod header;
#[cfg(feature = "client")]
#[cfg_attr(docsrs, doc(cfg(feature = "client")))]
pub mod look;
#[cfg(any(feature = "cassette", feature = "mock"))]
mod masked;
#[cfg(feature = "mock")]
#[cfg_attr(docsrs, doc(cfg(feature = "mock")))]
pub mod mock;
#[cfg(any(feature = "cassette", feature = "mock"))]
mod near;
mod pages;
mod params;
#[cfg(feature = "receivers")]
#[cfg_attr(docsrs, doc(cfg(feature = "receivers")))]
pub mod receive;
#[cfg(feature = "client")]
mod settings;
mod strictness;
mod table;
mod waits;
pub mod walk;
mod wire;

#[cfg(feature = "client")]
#[cfg_attr(docsrs, doc(cfg(feature = "client")))]
pub use call::{Answered, Call, Sender};
pub use decoding::{Decoding, Reports, Stop, Success, check, read, read_into};
pub use header::secret_header;
pub use pages::{
    AnyList, Cursor, History, Layout, ListEntry, Page, PageKeys, Paged, Position, RawItem, RawList,
    Turn,
};
#[cfg(feature = "client")]
#[cfg_attr(docsrs, doc(cfg(feature = "client")))]
pub use pages::{Changes, ItemStream, Items, PageStream, Pages};
pub use params::{each_param, invalid_input, read_fields, read_params};
#[cfg(feature = "client")]
#[cfg_attr(docsrs, doc(cfg(feature = "client")))]
pub use settings::Reading;
pub use strictness::{Repair, Strictness, repair_noise};
pub use table::{AnyModel, AnyOperation, AnyOutput, OperationEntry, ReadOutput, ReadParams};
pub use waits::{LEAST_WAIT, Waits};
pub use wire::WireFormat;

/// Items that the expansions of this crate's macros use; not for use by hand.
#[cfg(feature = "client")]
#[doc(hidden)]
pub mod __private {
    pub use tower_service::Service;
}
