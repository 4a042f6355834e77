//! The macros that generated code calls.

use std::borrow::Cow;

use crate::{Error, Kind, Reader, Writer, reader::Marks};

/// Gives a [`Model`](crate::Model) the traits that follow from it: [`Decode`](crate::Decode),
/// [`Encode`](crate::Encode), `Debug` (the fields that are set), and with the feature `serde`
/// `Serialize` and `Deserialize`.
///
/// The type must implement `Default`. See the [crate's](crate) example.
// The short functions are inlined: a crate of a thousand models compiles none of them, and a program only those it calls.
#[macro_export]
macro_rules! model {
    ($name:ident) => {
        impl $crate::Decode for $name {
            const ABSENT: $crate::Absent = $crate::Absent::EMPTY;

            #[inline]
            fn decode(
                reader: &mut $crate::Reader<'_>,
            ) -> ::core::result::Result<Self, $crate::Error> {
                $crate::__private::decode(reader)
            }

            #[inline(never)]
            fn decode_into(
                slot: &mut ::core::option::Option<Self>,
                reader: &mut $crate::Reader<'_>,
            ) -> ::core::result::Result<(), $crate::Error> {
                ::core::mem::forget(slot.replace(::core::default::Default::default()));
                match slot {
                    ::core::option::Option::Some(model) => $crate::read_object(model, reader),
                    ::core::option::Option::None => ::core::result::Result::Ok(()),
                }
            }

            #[inline(never)]
            fn decode_boxed(
                reader: &mut $crate::Reader<'_>,
            ) -> ::core::result::Result<::std::boxed::Box<Self>, $crate::Error> {
                reader.charge(::core::mem::size_of::<Self>())?;
                let mut model = ::std::boxed::Box::<Self>::default();
                $crate::read_object(&mut *model, reader).map(|()| model)
            }

            #[inline(never)]
            fn decode_onto(
                list: &mut ::std::vec::Vec<Self>,
                reader: &mut $crate::Reader<'_>,
            ) -> ::core::result::Result<(), $crate::Error> {
                // Other than `push`, this makes the value where it stays.
                list.resize_with(list.len() + 1, ::core::default::Default::default);
                let ::core::option::Option::Some(model) = list.last_mut() else {
                    return ::core::result::Result::Ok(());
                };
                let read = $crate::read_object(model, reader);
                if read.is_err() {
                    list.pop();
                }
                read
            }
        }

        impl $crate::Encode for $name {
            #[inline]
            fn encode(&self, out: &mut $crate::Writer) {
                $crate::write_object(self, out);
            }
        }

        impl ::core::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::__private::debug_object(::core::stringify!($name), self, f)
            }
        }

        $crate::__serde!($name);
    };
}

/// Declares an open enum: known variants, and `Unknown`, which keeps every other value.
///
/// The wire values are all strings, or all integers. The type has `as_str`, `VALUES` (all known wire
/// values), `From<&str>`, `From<&String>`, `From<String>`, `Display`, `Default` (the empty unknown value), `Decode`,
/// `Encode`, `Debug`, `Clone`, `PartialEq`, `Eq`, `Hash`, and with the feature `serde` its traits.
///
/// ```
/// common_model::open_enum! {
///     /// Who a customer is.
///     pub enum Sex {
///         /// A man.
///         Male = "male",
///         /// A woman.
///         Female = "female",
///     }
/// }
///
/// assert_eq!(Sex::from("male"), Sex::Male);
/// assert_eq!(Sex::Female.as_str(), "female");
/// assert_eq!(Sex::from("other").to_string(), "other");
/// assert_eq!(common_model::from_json::<Sex>(r#""x""#)?, Sex::Unknown("x".into()));
/// # Ok::<(), common_model::Error>(())
/// ```
#[macro_export]
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident {
            $( $(#[$variant_meta:meta])* $variant:ident = $value:literal ),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        $vis enum $name {
            $(
                $(#[$variant_meta])*
                #[doc = ::core::concat!("\n\nOn the wire `", $value, "`.")]
                $variant,
            )+
            /// A value that is not among the known ones, kept as it came.
            Unknown(::std::boxed::Box<str>),
        }

        impl $name {
            /// All known wire values.
            pub const VALUES: &'static [&'static str] = &[$(::core::concat!($value)),+];

            /// Returns the wire value.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => ::core::concat!($value),)+
                    Self::Unknown(text) => text,
                }
            }
        }

        impl ::core::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $(::core::concat!($value) => Self::$variant,)+
                    _ => Self::Unknown(text.into()),
                }
            }
        }

        impl ::core::convert::From<&::std::string::String> for $name {
            fn from(text: &::std::string::String) -> Self {
                Self::from(text.as_str())
            }
        }

        /// Copies the value, for one that is needed again.
        impl ::core::convert::From<&Self> for $name {
            fn from(value: &Self) -> Self {
                ::core::clone::Clone::clone(value)
            }
        }

        impl ::core::convert::From<::std::string::String> for $name {
            fn from(text: ::std::string::String) -> Self {
                Self::from(text.as_str())
            }
        }

        impl ::core::default::Default for $name {
            fn default() -> Self {
                Self::Unknown("".into())
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::Decode for $name {
            const ABSENT: $crate::Absent = $crate::Absent::EMPTY;

            fn decode(
                reader: &mut $crate::Reader<'_>,
            ) -> ::core::result::Result<Self, $crate::Error> {
                const NUMBERS: bool = $crate::__private::is_number(&[$(::core::stringify!($value)),+]);
                $crate::__private::decode_text(reader, NUMBERS).map(|text| Self::from(&*text))
            }
        }

        impl $crate::Encode for $name {
            fn encode(&self, out: &mut $crate::Writer) {
                const NUMBERS: bool = $crate::__private::is_number(&[$(::core::stringify!($value)),+]);
                $crate::__private::encode_text(self.as_str(), NUMBERS, out);
            }
        }

        $crate::__serde!($name);
    };
}

/// The serde bridges of one type; nothing without the feature.
#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! __serde {
    ($name:ident) => {
        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::__private::serialize(self, serializer)
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::__private::deserialize(deserializer)
            }
        }
    };
}

/// The serde bridges of one type; nothing without the feature.
#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __serde {
    ($name:ident) => {};
}

/// Whether the literals of an enum are numbers.
#[must_use]
pub const fn is_number(literals: &[&str]) -> bool {
    literals[0].as_bytes()[0] != b'"'
}

/// Reads the text of an enum's value, which may be a number.
///
/// # Errors
/// The value is not a string, a number or a boolean.
pub fn decode_text<'a>(reader: &mut Reader<'a>, numbers: bool) -> Result<Cow<'a, str>, Error> {
    let text = if reader.is_at_string() {
        if numbers {
            reader.mark(Marks::FORM);
        }
        reader.string()?
    } else {
        unquoted_text(reader, numbers)?
    };
    reader.charge_text(text.len())?;
    Ok(text)
}

/// The text of an enum's value that is no string.
#[inline(never)]
fn unquoted_text<'a>(reader: &mut Reader<'a>, numbers: bool) -> Result<Cow<'a, str>, Error> {
    Ok(match reader.peek()? {
        Kind::Number if numbers => Cow::Borrowed(reader.number()?),
        Kind::Number | Kind::Bool => {
            reader.mark(Marks::FORM);
            Cow::Borrowed(reader.raw()?)
        }
        _ => return Err(reader.expected("a string")),
    })
}

/// Writes the text of an enum's value: as a number, if it is one and the enum's known values are numbers.
pub fn encode_text(text: &str, numbers: bool, out: &mut Writer) {
    if numbers
        && Reader::new(text)
            .number()
            .is_ok_and(|number| number.len() == text.len())
    {
        out.raw(text);
    } else {
        out.string(text);
    }
}
