//! Describes what an export reads: whole lists, or the rows of a list that changed.

use common_api::{Page, Position, RawItem};
use common_transport::Error;

use super::{
    changed::{Changed, Since},
    source::{Place, Source},
};

pub(super) enum Feed {
    Lists(Source),
    Changed(Box<Changed>),
}

/// Rows to write.
pub(super) struct Batch {
    pub(super) part: usize,
    pub(super) page: Page<RawItem>,
    /// Ids of rows that were deleted.
    pub(super) gone: Vec<i64>,
}

impl Feed {
    /// The next rows; `None` at the end.
    ///
    /// # Errors
    /// Those of the calls. A later call goes on.
    pub(super) async fn next(&mut self) -> Result<Option<Batch>, Error> {
        Ok(match self {
            Self::Lists(source) => source.next().await?.map(|batch| Batch {
                part: batch.part,
                page: batch.page,
                gone: Vec::new(),
            }),
            Self::Changed(changed) => changed.next().await?.map(|rows| Batch {
                part: 0,
                page: rows.page,
                gone: rows.gone,
            }),
        })
    }

    /// The place after the last rows.
    pub(super) fn place(&self) -> Place {
        match self {
            Self::Lists(source) => source.place(),
            Self::Changed(changed) => Place {
                part: 0,
                position: changed.done().and_then(position),
            },
        }
    }

    /// Goes to a place.
    ///
    /// # Errors
    /// The place is not in these lists.
    pub(super) fn go_to(
        &mut self,
        place: Place,
        known: impl IntoIterator<Item = String>,
    ) -> Result<(), Error> {
        match self {
            Self::Lists(source) => source.go_to(place, known),
            Self::Changed(changed) => {
                changed.skip_to(place.position.and_then(|position| position.change()));
                Ok(())
            }
        }
    }

    /// Begins again after what was read.
    pub(super) fn again(&mut self) {
        match self {
            Self::Lists(source) => source.again(),
            Self::Changed(changed) => changed.again(),
        }
    }

    /// The last change that was read, of a history and of rows that changed.
    pub(super) fn since(&self) -> Option<i64> {
        match self {
            Self::Lists(source) => source.since(),
            Self::Changed(changed) => match changed.since() {
                Since::Id(id) => Some(id),
                _ => None,
            },
        }
    }
}

/// The place after the row with this id, among rows in the order of their ids.
fn position(id: i64) -> Option<Position> {
    format!("retailcrm/changed change {id}").parse().ok()
}
