//! Walks over lists that change while they are read.
//!
//! A service gives a list in pages. Between two requests rows come, go and move, so page 5 of now is not page 5 of
//! then. [`Walk`] decides what to ask for next and which rows to give out. It does no IO: a client asks for the page
//! that [`Walk::step`] names and hands the answer to [`Walk::read`].
//!
//! # What a walk promises
//!
//! - **No row is given out twice**, as long as its identity is among the last 458,752. Rows without an identity are
//!   given out when their page is read for the first time, and not again.
//! - **No row that is there throughout is skipped by one change**, whatever the totals say of it. Rows that slide to
//!   later pages are met again. Rows that slide to earlier pages are found, since each boundary between two pages is
//!   looked at from both sides. Several changes in a row that undo each other can deceive any walk: see below.
//! - **The walk ends**, or it fails with [`NoProgress`]. An empty page ends nothing while the service says that more
//!   pages follow.
//! - **Memory is bounded**: 9 MiB of identities and three pages, whatever the length of the list.
//!
//! # How
//!
//! A page *follows* what was seen when no unseen row can stand between. That is certain when the page holds a row
//! that was seen before: rows keep their order, so all behind that row is on the page. Otherwise the page before is
//! read again. When it is what it was, nothing has moved across the boundary between the two.
//!
//! One second look serves two boundaries: pages 1, 3, 2, 1, 5, 4, 3 and so on. Pages 1 and 3 stand on both sides of
//! page 2 in time and in place. This order needs the number of pages in advance. Where an answer only links to the
//! next page, each page is read again after the one behind it.
//!
//! When an answer shows a change, the walk reads page by page. When the total falls, it goes back: further, the more
//! rows were lost. A list that loses rows has probably lost some unseen too. So the pages before a loss are read once
//! more, and when changes other than rows in front come more often than once in 16 pages, the walk begins again at
//! the end, until two passes have seen the same, six times at most. It does so as well when the list counts more rows
//! than were given out, and when it has up to 32 pages and changed meanwhile otherwise than by rows in front.
//!
//! # What a walk costs at least
//!
//! Let pages 1 and 2 be neighbours. A row of page 1 vanishes and another one comes behind page 2: the total stays, and
//! the first row of page 2 slides to page 1. A walk that reads page 1 only before that and page 2 only after that misses
//! the row. The other way round, a row vanishes behind page 2 and another one comes on page 1: the last row of page 1
//! slides to page 2, and a walk that reads page 2 only before and page 1 only after misses it. In both cases all
//! answers are those of a list at rest that never held the row, so nothing tells the walk to look again.
//!
//! So of any two neighbours one has to be read both before and after the other. Of *n* pages in a row, at least
//! half (rounded down) have to be read twice: no walk over a list at rest that skips nothing takes fewer than *n* + *n*/2
//! requests. [`Care::BothSides`], the default, takes that, and one more where *n* is odd or the last page is full. A walk along links cannot
//! read a page before the one that links to it. It has to read each page but the last again: 2*n* - 1 requests, and the
//! default takes just that.
//!
//! [`Care::OnHints`] takes *n* requests. It trusts totals that stay. A list that shows its newest rows first is safe
//! from what it misses as long as rows come only as new ones: they come in front and push back what a vanished
//! row pulled forward. Mind lists with a filter that old rows can enter.
//!
//! No number of requests is enough against an adversary: a row that always stands on a page that is not being read is
//! never seen. What was skipped in simulations, and how many requests it took, is said at [`Care`].

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
