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
//! - **No row that is there throughout is skipped where an answer hints at a change.** Rows that slide to later pages
//!   are met again. Rows that slide to earlier pages are the danger: the walk would pass them.
//! - **The walk ends**, or it fails with [`NoProgress`]. An empty page ends nothing while the service says that more
//!   pages follow.
//! - **Memory is bounded**: 9 MiB of identities and two pages, whatever the length of the list.
//!
//! # How
//!
//! A page *follows* what was seen when no unseen row can stand between. That is certain when the page holds a row
//! that was seen before: rows keep their order, so all behind that row is on the page. Otherwise the answers' totals
//! are the hint. As long as they stay what they were, the page is taken to follow, and a list at rest costs one
//! request a page. When they change without a row that was seen, the page is held back and the page before it
//! is read again: further back, the more rows were lost. When that page shows that the held one follows, both
//! are given out.
//!
//! A list that loses rows has probably lost some unseen too. So the pages before a loss are read once more, the
//! boundaries behind it are looked at from both sides, and when losses come more often than once in 16 pages,
//! the walk begins again at the end, until two passes have seen the same, six times at most. It does so as well when
//! the list counts more rows than were given out, and when it has up to 32 pages and changed
//! meanwhile otherwise than by rows in front.
//!
//! # What page numbers cannot tell
//!
//! Between two requests a row on a page that was read may vanish while another comes behind the page that is read
//! next. The total stays, and a row in between has slid past the walk. The answers are the same as those of a list
//! at rest that never held that row: nothing hints at it. Only a second look at each page can find it, which would
//! halve the speed of every walk. [`Care::Always`] takes that look.
//!
//! A list that shows its newest rows first is safe from this as long as rows come only as new ones: they come in front
//! and push back what a vanished row pulled forward. Mind lists with a filter that old rows can enter.
//!
//! What was skipped in simulations, and how many requests it took, is said at [`Care`].

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
