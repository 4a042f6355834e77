//! The rows of an export: lists walked one after the other, each from a position.

use std::sync::Arc;

use common_api::{AnyList, Changes, ListEntry, Page, Pages, Position, RawItem, Sender, walk::Care};
use common_transport::{Error, Priority};
use shopwire::{nicechat::Links, retailcrm};

use crate::{args::Service, call};

/// Where an export stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// Number of the list among the lists of the export.
    pub(super) part: usize,
    /// The position in it; `None` at its beginning.
    pub(super) position: Option<Position>,
}

impl Place {
    pub(super) const START: Self = Self {
        part: 0,
        position: None,
    };
}

/// The lists of an export, and the place that was reached.
pub(super) struct Source {
    service: Service,
    sender: Arc<dyn Sender>,
    parts: Vec<Part>,
    place: Place,
    walk: Option<Walk>,
    /// The position at the end of the last list.
    last: Option<Position>,
}

/// A list and the parameters of its calls.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) list: &'static ListEntry,
    pub(super) params: String,
    /// The id after which the changes of a history are read.
    pub(super) since: Option<i64>,
}

/// A page of one of the lists.
pub(super) struct Batch {
    pub(super) part: usize,
    pub(super) page: Page<RawItem>,
}

enum Walk {
    Numbered(Box<Pages<AnyList>>),
    Linked(Box<Pages<AnyList<Links>>>),
    ByCursor(Box<Pages<AnyList<retailcrm::Cursors>>>),
    Changes(Box<Changes<AnyList>>),
}

impl Source {
    pub(super) fn new(service: Service, sender: Arc<dyn Sender>, parts: Vec<Part>) -> Self {
        Self {
            service,
            sender,
            parts,
            place: Place::START,
            walk: None,
            last: None,
        }
    }

    /// Goes to a place. `known` has the identities of the rows of that part that are written.
    ///
    /// # Errors
    /// The place is not in these lists.
    pub(super) fn go_to(
        &mut self,
        place: Place,
        known: impl IntoIterator<Item = String>,
    ) -> Result<(), Error> {
        if let Some(part) = self.parts.get(place.part) {
            self.walk = Some(self.open(part, place.position.as_ref(), known)?);
        }
        self.place = place;
        Ok(())
    }

    /// The place after the last batch.
    pub(super) fn place(&self) -> Place {
        Place {
            part: self.place.part,
            position: match &self.walk {
                Some(walk) => Some(walk.position()),
                None => self.place.position.clone(),
            },
        }
    }

    /// The next page; `None` after the last list.
    ///
    /// # Errors
    /// Those of a walk. A later call goes on.
    pub(super) async fn next(&mut self) -> Result<Option<Batch>, Error> {
        loop {
            let Some(part) = self.parts.get(self.place.part).cloned() else {
                return Ok(None);
            };
            if self.walk.is_none() {
                let from = self.place.position.take();
                self.walk = Some(self.open(&part, from.as_ref(), [])?);
            }
            let page = match &mut self.walk {
                Some(walk) => walk.next().await?,
                None => None,
            };
            match page {
                Some(page) => {
                    let part = self.place.part;
                    return Ok(Some(Batch { part, page }));
                }
                None => {
                    self.place.position = None;
                    self.place.part += 1;
                    self.last = self.walk.take().map(|walk| walk.position());
                }
            }
        }
    }

    /// Begins the last list again, where it ended: of a history, the changes that came since.
    pub(super) fn again(&mut self) {
        if let Some(position) = self.last.take() {
            let part = self.parts.len() - 1;
            self.place = Place {
                part,
                position: Some(position),
            };
        }
    }

    /// The last change that was read, of a history.
    pub(super) fn since(&self) -> Option<i64> {
        let walk = self.walk.as_ref().map(Walk::position);
        let ended = self.last.as_ref().or(self.place.position.as_ref());
        walk.as_ref().or(ended)?.change()
    }

    fn open(
        &self,
        part: &Part,
        from: Option<&Position>,
        known: impl IntoIterator<Item = String>,
    ) -> Result<Walk, Error> {
        let sender = Arc::clone(&self.sender);
        let operations = call::operations(self.service);
        let Part {
            list,
            params,
            since,
        } = part;
        Ok(match self.service {
            Service::Nicechat => {
                let pages = Pages::new(sender, list.open(operations, params)?);
                Walk::Linked(Box::new(begun(pages, list, from, known)?))
            }
            _ if list.is_history() => {
                let changes = Changes::new(sender, list.open(operations, params)?, *since);
                let changes = match from {
                    Some(position) => changes.from_position(position)?,
                    None => changes,
                };
                Walk::Changes(Box::new(changes.prefetch(true).priority(Priority::Low)))
            }
            _ if call::takes(self.service, list.operation(), "cursor") => {
                let pages = Pages::new(sender, list.open(operations, params)?);
                Walk::ByCursor(Box::new(begun(pages, list, from, known)?))
            }
            _ => {
                let pages = Pages::new(sender, list.open(operations, params)?);
                Walk::Numbered(Box::new(begun(pages, list, from, known)?))
            }
        })
    }
}

/// The pages from a position on, requested in advance, behind calls that somebody waits for.
///
/// Rows without an identity cannot be known again. So their pages are read once, in their order, and from the position
/// on: a row stands twice only where rows slide while the export is interrupted.
fn begun<O: common_api::Paged>(
    pages: Pages<O>,
    list: &ListEntry,
    from: Option<&Position>,
    known: impl IntoIterator<Item = String>,
) -> Result<Pages<O>, Error> {
    let has_identities = !list.identities().is_empty();
    let pages = match has_identities {
        true => pages,
        false => pages.care(Care::OnHints),
    };
    let pages = match from {
        Some(position) if has_identities => pages.from_position(position)?.known(known),
        Some(position) => pages.from_position(position)?,
        None => pages,
    };
    Ok(pages.prefetch(true).priority(Priority::Low))
}

impl Walk {
    async fn next(&mut self) -> Result<Option<Page<RawItem>>, Error> {
        match self {
            Self::Numbered(pages) => pages.next().await,
            Self::Linked(pages) => pages.next().await,
            Self::ByCursor(pages) => pages.next().await,
            Self::Changes(changes) => changes.next().await,
        }
    }

    fn position(&self) -> Position {
        match self {
            Self::Numbered(pages) => pages.position(),
            Self::Linked(pages) => pages.position(),
            Self::ByCursor(pages) => pages.position(),
            Self::Changes(changes) => changes.position(),
        }
    }
}

/// The id of the newest change of a history.
///
/// # Errors
/// Those of the calls.
pub(super) async fn latest(
    sender: Arc<dyn Sender>,
    history: &ListEntry,
) -> Result<Option<i64>, Error> {
    let list: AnyList = history.open(retailcrm::operations(), "{}")?;
    Changes::new(sender, list, None).latest().await
}
