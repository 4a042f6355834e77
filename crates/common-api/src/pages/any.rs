//! Lists whose type is known only at run time, for command lines and mirrors.

use std::{borrow::Cow, fmt, marker::PhantomData};

use bytes::Bytes;
use common_model::{Map, Value, civil::DateTime, from_json, to_json};
use common_transport::{Decoder, Error, ErrorKind, Metadata, Operation};
use http::{Request, Response};

use super::{Cursor, History, Layout, Page, Paged, RawItem, raw};
use crate::{OperationEntry, invalid_input};

/// The part of a list that a call asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Turn {
    /// The page of this number, from 1.
    Page(u64),
    /// Of a history, the changes after this id; without an id, the first portion.
    Since(Option<i64>),
    /// Of a history, the changes from this date on.
    Date(DateTime),
}

/// Writes a [`Turn`] into the parameters of a call, by their names on the wire.
type TurnParams = fn(&mut Map<Value>, Turn);

/// One row of a service's table of lists, such as `retailcrm_v5::lists()`.
#[derive(Debug, Clone, Copy)]
pub struct ListEntry {
    operation: &'static str,
    layout: Layout,
    turn: TurnParams,
    is_history: bool,
}

impl ListEntry {
    /// The list of an operation: the place of its items, and the way to ask for a part of it.
    pub const fn new(operation: &'static str, layout: Layout, turn: TurnParams) -> Self {
        Self {
            operation,
            layout,
            turn,
            is_history: false,
        }
    }

    /// The list of an operation that has a type.
    pub const fn of<O: Paged>(operation: &'static str, turn: TurnParams) -> Self {
        Self::new(operation, O::LAYOUT, turn)
    }

    /// The history of an operation that has a type.
    pub const fn history_of<O: History>(operation: &'static str, turn: TurnParams) -> Self {
        Self {
            is_history: true,
            ..Self::of::<O>(operation, turn)
        }
    }

    /// The name of the operation.
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// The names of the members of an answer that may hold the items.
    pub fn members(&self) -> &'static [&'static str] {
        self.layout.lists()
    }

    /// The name of the object that holds the list, when it is not the answer itself.
    pub fn within(&self) -> Option<&'static str> {
        self.layout.holder()
    }

    /// The names of the members that identify an item; the first one that is present counts.
    pub fn identities(&self) -> &'static [&'static str] {
        self.layout.identity_names()
    }

    /// Whether the list can be read as [`Changes`](crate::Changes), from any id onwards.
    pub fn is_history(&self) -> bool {
        self.is_history
    }

    /// Builds the list with parameters by wire name, as one JSON object. `operations` is the table of the service.
    ///
    /// # Errors
    /// [`Error::is_invalid_input`] names the parameter that is missing or of the wrong type, or the operation when it
    /// is not in the table.
    pub fn open<C: Cursor>(
        &self,
        operations: &[OperationEntry],
        params: &str,
    ) -> Result<AnyList<C>, Error> {
        let named = |entry: &&OperationEntry| entry.metadata.name == self.operation;
        let entry = operations.iter().find(named).copied().ok_or_else(|| {
            Error::invalid_input("operation", format!("there is no {}", self.operation))
        })?;
        entry.operation(params)?;
        let params = from_json(params).map_err(|error| invalid_input(&error))?;
        Ok(AnyList {
            entry,
            list: *self,
            params,
            cursor: PhantomData,
        })
    }
}

/// A list whose type is known only at run time. Its items are raw JSON, as those of [`RawList`](super::RawList).
pub struct AnyList<C = ()> {
    entry: OperationEntry,
    list: ListEntry,
    params: Map<Value>,
    cursor: PhantomData<fn() -> C>,
}

impl<C> Clone for AnyList<C> {
    fn clone(&self) -> Self {
        Self {
            entry: self.entry,
            list: self.list,
            params: self.params.clone(),
            cursor: PhantomData,
        }
    }
}

/// Shows the name only: a parameter may be personal.
impl<C> fmt::Debug for AnyList<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AnyList")
            .field(&self.list.operation)
            .finish()
    }
}

impl<C> Operation for AnyList<C> {
    type Output = Page<RawItem>;

    fn metadata(&self) -> &'static Metadata {
        self.entry.metadata
    }

    fn request(&self) -> Result<Request<Bytes>, Error> {
        self.entry.operation(&to_json(&self.params))?.request()
    }

    fn decode(&self, response: Response<Bytes>) -> Result<Self::Output, Error> {
        raw::page(self.metadata(), response, &self.list.layout)
    }

    fn decoder(&self) -> Option<Decoder<Self::Output>> {
        let (metadata, layout) = (self.metadata(), self.list.layout);
        Some(Box::new(move |response| {
            raw::page(metadata, response, &layout)
        }))
    }
}

impl<C: Cursor> Paged for AnyList<C> {
    type Item = RawItem;
    type Cursor = C;

    /// No layout fits all lists: see [`layout`](Paged::layout).
    const LAYOUT: Layout = Layout::new(
        |_, _| {
            Err(Error::new(
                ErrorKind::Decode,
                "the list has no fixed layout",
            ))
        },
        &[],
        |_, _, _| {},
    );

    fn layout(&self) -> Layout {
        self.list.layout
    }

    fn turn_to(&mut self, page: u64) {
        (self.list.turn)(&mut self.params, Turn::Page(page));
    }

    fn page(output: Self::Output) -> Page<RawItem> {
        output
    }

    fn identity(item: &RawItem) -> Option<Cow<'_, str>> {
        item.identity().map(Cow::Borrowed)
    }
}

impl<C: Cursor> History for AnyList<C> {
    fn since(&mut self, id: Option<i64>) {
        (self.list.turn)(&mut self.params, Turn::Since(id));
    }

    fn turn_to_date(&mut self, date: DateTime) {
        (self.list.turn)(&mut self.params, Turn::Date(date));
    }

    fn id(item: &RawItem) -> Option<i64> {
        from_json(item.identity()?).ok()
    }
}
