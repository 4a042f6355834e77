//! The rows that changed after a place in the history.
//!
//! The history names the rows, each row once, and then the rows are read as they are now. A row that was deleted is
//! only its id, with `deleted`.

use std::{collections::BTreeMap, str::FromStr, sync::Arc};

use common_api::{AnyList, Changes, ListEntry, Page, RawItem, Sender};
use common_model::{
    Map, Value,
    civil::{Date, DateTime},
    from_json, to_json,
};
use common_transport::{Error, Priority};
use shopwire::retailcrm;

/// Number of rows that are asked for at once: as many as a page holds.
const AT_ONCE: usize = 100;

/// Where the changes begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Since {
    Start,
    Id(i64),
    Date(DateTime),
}

/// An id of a change, or a date; the error does not show the text.
impl FromStr for Since {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(id) = text.parse() {
            return Ok(Self::Id(id));
        }
        let date = text.parse().or_else(|_| {
            let date: Result<Date, _> = text.parse();
            date.map(|date| date.at(0, 0, 0, 0))
        });
        date.map(Self::Date).map_err(|_| {
            "an id of a change, or a date as 2026-01-31 or 2026-01-31T08:00:00, is needed"
                .to_owned()
        })
    }
}

/// Rows that changed.
pub(super) struct Changed {
    sender: Arc<dyn Sender>,
    list: &'static ListEntry,
    params: String,
    history: &'static ListEntry,
    /// The member of a change that names the row.
    member: &'static str,
    since: Since,
    /// The ids of the rows and whether they were deleted; `None` before the history was read.
    ids: Option<BTreeMap<i64, bool>>,
    /// The last id that was returned.
    done: Option<i64>,
}

/// Rows as they are now, and the ids of those that are gone.
pub(super) struct Rows {
    pub(super) page: Page<RawItem>,
    pub(super) gone: Vec<i64>,
}

impl Changed {
    pub(super) fn new(
        sender: Arc<dyn Sender>,
        (list, params): (&'static ListEntry, String),
        (history, member): (&'static ListEntry, &'static str),
        since: Since,
    ) -> Self {
        Self {
            sender,
            list,
            params,
            history,
            member,
            since,
            ids: None,
            done: None,
        }
    }

    /// The change up to which the history was read.
    pub(super) fn since(&self) -> Since {
        self.since
    }

    /// The last id that was returned.
    pub(super) fn done(&self) -> Option<i64> {
        self.done
    }

    /// Leaves out the ids up to this one.
    pub(super) fn skip_to(&mut self, id: Option<i64>) {
        self.done = id;
    }

    /// Begins again after the changes that were read.
    pub(super) fn again(&mut self) {
        (self.ids, self.done) = (None, None);
    }

    /// The number of rows that changed, once the history was read.
    pub(super) fn total(&self) -> Option<u64> {
        self.ids.as_ref().map(|ids| ids.len() as u64)
    }

    /// The next rows, by id; `None` after the last one.
    ///
    /// # Errors
    /// Those of the calls. A later call goes on.
    pub(super) async fn next(&mut self) -> Result<Option<Rows>, Error> {
        if self.ids.is_none() {
            let (ids, newest) = self.read_history().await?;
            self.ids = Some(ids);
            self.since = newest.map_or(self.since, Since::Id);
        }
        let ids = self.ids.iter().flatten();
        let left = ids.filter(|(id, _)| self.done.is_none_or(|done| **id > done));
        let next: Vec<(i64, bool)> = left.take(AT_ONCE).map(|(id, gone)| (*id, *gone)).collect();
        let Some((last, _)) = next.last().copied() else {
            return Ok(None);
        };
        let mut page = self.read(&next).await?;
        page.total_count = self.total();
        let found = |id: i64| page.items.iter().any(|item| id_of(item) == Some(id));
        let gone = next.iter().filter(|(id, gone)| *gone && !found(*id));
        let gone = gone.map(|(id, _)| *id).collect();
        self.done = Some(last);
        Ok(Some(Rows { page, gone }))
    }

    async fn read_history(&self) -> Result<(BTreeMap<i64, bool>, Option<i64>), Error> {
        let list: AnyList = self.history.open(retailcrm::operations(), "{}")?;
        let sender = Arc::clone(&self.sender);
        let changes = match self.since {
            Since::Start => Changes::new(sender, list, None),
            Since::Id(id) => Changes::new(sender, list, Some(id)),
            Since::Date(date) => Changes::new(sender, list, None).from_date(date),
        };
        let mut changes = changes.prefetch(true).priority(Priority::Low);
        let mut ids = BTreeMap::new();
        while let Some(portion) = changes.next().await? {
            for change in &portion.items {
                let Ok(change) = from_json::<Value>(change.json()) else {
                    continue;
                };
                let Some(id) = change
                    .get(self.member)
                    .and_then(|row| row.get("id")?.as_i64())
                else {
                    continue;
                };
                let deleted = change.get("deleted").and_then(Value::as_bool) == Some(true);
                let joined = change
                    .get("combinedTo")
                    .is_some_and(|to| to.as_object().is_some());
                *ids.entry(id).or_default() |= deleted || joined;
            }
        }
        Ok((ids, changes.since()))
    }

    /// The rows with these ids that match the filter.
    async fn read(&self, ids: &[(i64, bool)]) -> Result<Page<RawItem>, Error> {
        let mut params: Map<Value> = from_json(&self.params).unwrap_or_default();
        let filter = params.get("filter");
        if filter.and_then(Value::as_object).is_none() {
            params.insert("filter", Value::Object(Map::default()));
        }
        if let Some(filter) = params.get_mut("filter").and_then(Value::as_object_mut) {
            let ids = ids.iter().map(|(id, _)| Value::of(id)).collect();
            filter.insert("ids", Value::Array(ids));
        }
        params.insert("limit", Value::of(&AT_ONCE));
        let list: AnyList = self.list.open(retailcrm::operations(), &to_json(&params))?;
        self.sender.send(&list).await
    }
}

fn id_of(item: &RawItem) -> Option<i64> {
    item.identity()?.parse().ok()
}
