//! What generated API models stand on: JSON reader and writer, PHP shapes, unknown fields, money, civil dates
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "serde")]
mod bridge;
pub mod civil;
mod decode;
mod encode;
mod error;
mod extra;
mod form;
mod id;
mod key;
pub mod lenient;
mod list;
mod macros;
mod map;
mod model;
mod reader;
mod scalar;
mod timestamp;
mod value;
mod writer;

pub use decode::{Absent, Decode, from_json, from_json_bytes};
pub use encode::{Encode, to_json};
pub use error::Error;
pub use extra::Extra;
pub use id::Id;
pub use list::ListOrMap;
pub use map::Map;
pub use model::{Model, read_object, write_object};
pub use reader::{Kind, Reader};
pub use rust_decimal::Decimal;
pub use timestamp::Timestamp;
pub use value::{Number, Value};
pub use writer::{ArrayWriter, ObjectWriter, Writer};

/// What the macros of this crate expand to; not for use by hand.
#[doc(hidden)]
pub mod __private {
    #[cfg(feature = "serde")]
    pub use crate::bridge::{deserialize, serialize};
    pub use crate::macros::{decode_text, encode_text, is_number};
    pub use crate::model::debug_object;
    #[cfg(feature = "serde")]
    pub use serde;
}
