//! Lists read page by page: one family for all services.
//!
//! | type | what it gives |
//! |---|---|
//! | [`Pages`] | the pages of a list |
//! | [`Changes`] | the changes after a position, in portions |
//! | [`Items`] | the items of either, one by one |
//! | [`PageStream`], [`ItemStream`] | the same as a [`Stream`](futures_core::Stream) |
//!
//! An API crate describes its lists by [`Paged`], by [`History`], and by a [`Cursor`] where a page number is not
//! enough.

mod any;
mod cursor;
mod history;
mod keys;
mod page;
mod paged;
mod position;
mod raw;

#[cfg(feature = "client")]
mod ahead;
#[cfg(feature = "client")]
mod changes;
#[cfg(feature = "client")]
mod items;
#[cfg(feature = "client")]
mod portions;
#[cfg(feature = "client")]
mod source;
#[cfg(feature = "client")]
mod stream;
#[cfg(feature = "client")]
mod walker;

pub use any::{AnyList, ListEntry, Turn};
pub use cursor::Cursor;
pub use history::History;
pub use keys::PageKeys;
pub use page::Page;
pub use paged::Paged;
pub use position::Position;
pub use raw::{Layout, RawItem, RawList};

#[cfg(feature = "client")]
pub use self::{
    changes::Changes,
    items::Items,
    stream::{ItemStream, PageStream},
    walker::Pages,
};
