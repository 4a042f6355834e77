//! Walks over lists that change while they are read.
//!
//! A service sends a list in pages. Between two requests rows are added, removed and moved, so the same page number may
//! stand for other rows each time. [`Walk`] decides which page to request next and which rows to return. It does no IO:
//! a client requests the page that [`Walk::step`] names and passes the response to [`Walk::read`].
//!
//! # What a walk promises
//!
//! - **No row is returned twice**, as long as its identity is among the last 458,752. Rows without an identity are
//!   returned when their page is read for the first time, and not again.
//! - **A single change makes the walk skip no row that stays in the list**, even when no total shows the change. Rows
//!   that slide to later pages are read again there. Rows that slide to earlier pages are found, since each boundary
//!   between two pages is checked from both sides. Several changes in a row that undo each other can deceive any walk:
//!   see below.
//! - **The walk ends**, or it fails with [`NoProgress`]. An empty page is not the end while the service says that more
//!   pages follow.
//! - **Memory is bounded**: 4.1 MiB of identities and three pages, regardless of the length of the list.
//!
//! # How
//!
//! A page *follows* the rows seen so far when no unseen row can stand in between. That is certain when the page holds a
//! row that was seen before: rows keep their order, so the rows after it are on the page. Otherwise the previous page
//! is read again. If it has not changed, nothing has moved across the boundary between the two.
//!
//! A single repeated read serves two boundaries: pages 1, 3, 2, 1, 5, 4, 3 and so on. Pages 1 and 3 are on both sides
//! of page 2 in time and in place. This order needs the number of pages in advance. When a response only links to the
//! next page, each page is read again after the next page.
//!
//! When a response shows a change, the walk reads page by page. When the total falls, the walk goes back, and further
//! for more lost rows. A list that loses rows has probably lost some unnoticed too. So the pages before a loss are read
//! once more.
//!
//! The walk may read the whole list again after the last page, until two passes have seen the same rows, but at most
//! six times. It does so in three cases:
//!
//! - changes other than new rows in front happen more often than once in 16 pages;
//! - the list counts more rows than were returned;
//! - the list has up to 32 pages and changed meanwhile by more than new rows in front.
//!
//! # What a walk costs at least
//!
//! Let pages 1 and 2 be neighbours. A row of page 1 is removed and another one is added after page 2: the total stays,
//! and the first row of page 2 slides to page 1. A walk that reads page 1 only before that and page 2 only after that
//! misses the row. In the opposite case, a row is removed after page 2 and another one is added on page 1: the last row
//! of page 1 slides to page 2. A walk that reads page 2 only before that and page 1 only after that misses the row. In
//! both cases all responses look like those of a list at rest without the row, so nothing tells the walk to read a page
//! again.
//!
//! So of any two neighbours one has to be read both before and after the other. Of *n* pages in a row, at least half
//! (rounded down) have to be read twice. A walk that skips no row therefore takes at least *n* + *n*/2 requests, even
//! over a list at rest. [`Care::BothSides`], the default, takes this number, and one more when *n* is odd or the last
//! page is full. A walk along links can only read a page after the page that links to it. It has to read each page but
//! the last again: 2*n* - 1 requests, and the default takes exactly this number.
//!
//! [`Care::OnHints`] takes *n* requests. It takes an unchanged total as a sign of an unchanged list. This is safe for a
//! list that shows its newest rows first, as long as all added rows are new: they come in front, and push back the rows
//! that a removed row pulled forward. It is not safe for a list with a filter that old rows can start to match.
//!
//! No number of requests is enough against an adversary: a row that is always on another page than the one being read
//! is never seen. [`Care`] has the skipped rows and the requests of simulations.

mod engine;
mod page;
mod progress;
mod seen;
#[cfg(feature = "client")]
mod step;

pub use engine::{Care, Step, Walk};
pub use page::{ListEnd, PageInfo, rows_aside};
pub use progress::NoProgress;
pub use seen::SeenRows;
#[cfg(feature = "client")]
#[cfg_attr(docsrs, doc(cfg(feature = "client")))]
pub use step::within;
