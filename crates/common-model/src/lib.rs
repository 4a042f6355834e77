//! The base of generated API models: a strict JSON reader and writer. Both accept the shapes in which PHP
//! writes values, keep unknown fields, and handle exact decimals and civil dates.
//!
//! A model is a struct that matches a key and reads the value into a field. The rest, from the loop over the
//! object to `Debug`, is shared code:
//!
//! ```
//! use common_model::{
//!     Decimal, Error, Extra, Model, ObjectWriter, Options, Reader, Value, civil::DateTime, from_json,
//!     from_json_with, to_json,
//! };
//!
//! #[derive(Clone, Default, PartialEq)]
//! #[non_exhaustive]
//! pub struct Order {
//!     /// `number`
//!     pub number: Option<String>,
//!     /// `totalSumm`
//!     pub total: Option<Decimal>,
//!     /// `createdAt`
//!     pub created_at: Option<DateTime>,
//!     /// `items`
//!     pub items: Option<Vec<String>>,
//!     /// Unknown fields, and the shapes of those that came empty.
//!     pub extra: Extra,
//! }
//!
//! impl Model for Order {
//!     fn read_field(&mut self, key: &str, reader: &mut Reader<'_>) -> Result<bool, Error> {
//!         match key {
//!             "number" => reader.field("number", &mut self.number, &mut self.extra),
//!             "totalSumm" => reader.field("totalSumm", &mut self.total, &mut self.extra),
//!             "createdAt" => reader.field("createdAt", &mut self.created_at, &mut self.extra),
//!             "items" => reader.field("items", &mut self.items, &mut self.extra),
//!             _ => Ok(false),
//!         }
//!     }
//!
//!     fn write_fields(&self, object: &mut ObjectWriter<'_>) {
//!         object.field("number", &self.number, &self.extra);
//!         object.field("totalSumm", &self.total, &self.extra);
//!         object.field("createdAt", &self.created_at, &self.extra);
//!         object.field("items", &self.items, &self.extra);
//!     }
//!
//!     fn extra(&self) -> &Extra {
//!         &self.extra
//!     }
//!
//!     fn extra_mut(&mut self) -> &mut Extra {
//!         &mut self.extra
//!     }
//! }
//!
//! common_model::model!(Order);
//!
//! // An answer as PHP writes it: a number as a string, a list as an object, an undocumented field.
//! let answer = r#"{"number":"7","totalSumm":"10.00","createdAt":false,"items":{"4":"tea"},"vip":true}"#;
//! let mut order: Order = from_json(answer)?;
//! assert_eq!(order.total, Some(Decimal::new(1000, 2)));
//! assert_eq!(order.created_at, None);
//! assert_eq!(order.items.as_deref(), Some(&["tea".to_owned()][..]));
//! assert_eq!(order.extra.get("vip"), Some(&Value::Bool(true)));
//!
//! // Writing loses nothing; a changed field is written in the usual form.
//! assert_eq!(to_json(&order), answer);
//! order.total = Some(Decimal::new(1250, 2));
//! order.clear("number")?;
//! assert_eq!(
//!     to_json(&order),
//!     r#"{"number":null,"totalSumm":12.50,"createdAt":false,"items":{"4":"tea"},"vip":true}"#
//! );
//!
//! // A value of the wrong type does not lose the others, and is reported without being quoted.
//! let read = from_json_with::<Vec<Order>>(r#"[{"totalSumm":"many"},null,{}]"#, &Options::new())?;
//! assert_eq!(read.value.len(), 2);
//! assert_eq!(read.odd[0].to_string(), "expected a number at [0].totalSumm (byte 14)");
//! assert_eq!(read.odd[1].to_string(), "expected an object, found null at [1] (byte 22)");
//! assert_eq!(to_json(&read), r#"[{"totalSumm":"many"},null,{}]"#);
//! # Ok::<(), Error>(())
//! ```
//!
//! # Tolerated shapes
//!
//! | type of the field | also reads |
//! |---|---|
//! | all but `bool` and [`Value`] | `false` as no value |
//! | all | `null` as no value |
//! | all but `String` and [`Value`] | `""` as no value |
//! | all but the lists, maps and [`Value`] | `[]` as no value |
//! | `Vec<T>`, [`ListOrMap<T>`] | an object, as the list of its values |
//! | [`Map<V>`] | a list, with keys `0`, `1`, … |
//! | integers, [`Decimal`] | a string that holds a number |
//! | `String`, [open enums](open_enum) | a number or boolean, as text |
//! | `bool` | `1`, `0`, `"1"`, `"0"`, `"true"`, `"false"`, `"Y"`, `"N"` |
//! | [`civil`] types, [`Timestamp`] | other forms of date and time; a date of zeros as no value |
//!
//! An unchanged field that was read by [`Reader::field`] is written in the form in which it came. Elsewhere,
//! in a required field or in a text that is one value, a numeric string is written as a number and a keyed
//! `Vec` as a list.
//!
//! # Values of the wrong type
//!
//! One value of the wrong type does not lose the rest. If it is JSON, but neither of its field's type nor one
//! of the shapes above, the reader sets it aside as text. [`Decoded::odd`] tells its place and the error:
//!
//! | place | in the decoded value | written again |
//! |---|---|---|
//! | an element of a list or map, at any depth | left out; a [`Map`] that came as a list keeps the original places of the others as keys | at its original place, if the list or map still has as many other elements as it came with |
//! | an optional field of a model | `None` | as it came, as long as the field is `None` |
//! | a required field of a model | the enclosing element or optional field is set aside as a whole | with the enclosing value |
//! | a whole text that is one model or scalar | an error | |
//!
//! [`Extra::empty_shape`] returns the original value of such a field. `Debug` hides it, since it may be a
//! secret. A text that is not JSON is always an error. With [`from_json_strict`] and [`Options::strict`], a
//! value of the wrong type is an error everywhere.
//!
//! # Memory
//!
//! A decoded value may take [`Options::budget`] bytes of memory. The default is 8 times the length of the text
//! plus 64 MiB. A text that would take more is an error with [`Error::is_budget`].
//!
//! The reader accepts strict JSON (RFC 8259) only. [`lenient`] repairs texts that are nearly JSON.
//!
//! # Speed and size
//!
//! All models are read by one loop over `&mut dyn Model`, and a type of field is compiled once. A page of
//! 100 orders is decoded in 0.65 to 0.67 of the time `serde_json::from_slice` takes into derived structs,
//! which keep nothing (`cargo bench -p common-model` prints it for your machine).
//!
//! # Features
//!
//! - `serde`: `Serialize` and `Deserialize` for [`Value`] and for every type made by [`model!`] and
//!   [`open_enum!`]. They go through the JSON text: for use with other formats, not for speed. Numbers with
//!   a fraction pass as `f64` there.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod aside;
#[cfg(feature = "serde")]
mod bridge;
pub mod civil;
mod decode;
mod decoded;
mod encode;
mod error;
mod extra;
mod form;
mod id;
mod key;
pub mod lenient;
#[cfg(test)]
mod linear;
mod list;
mod macros;
mod map;
mod model;
mod options;
mod plain;
mod reader;
mod scalar;
mod secret;
mod steps;
mod timestamp;
mod unknown;
mod value;
mod watch;
mod writer;

pub use decode::{
    Absent, Decode, from_json, from_json_bytes, from_json_bytes_into, from_json_bytes_with,
    from_json_into, from_json_strict, from_json_with, utf8,
};
pub use decoded::{Decoded, Odd};
pub use encode::{Encode, to_json};
pub use error::Error;
pub use extra::Extra;
pub use id::Id;
pub use list::ListOrMap;
pub use map::{Map, MapIntoIter};
pub use model::{Model, clear_field, read_object, write_object};
pub use options::Options;
pub use reader::{Kind, Reader};
pub use rust_decimal::Decimal;
pub use secret::SecretText;
pub use timestamp::Timestamp;
pub use unknown::{UnknownField, unknown_fields};
pub use value::{Number, Value};
pub use writer::{ArrayWriter, ObjectWriter, Writer};

/// Items that the expansions of this crate's macros use; not for use by hand.
#[doc(hidden)]
pub mod __private {
    #[cfg(feature = "serde")]
    pub use crate::bridge::{deserialize, serialize};
    pub use crate::decode::decode;
    pub use crate::macros::{decode_text, encode_text, is_number};
    pub use crate::model::debug_object;
    #[cfg(feature = "serde")]
    pub use serde;
}
