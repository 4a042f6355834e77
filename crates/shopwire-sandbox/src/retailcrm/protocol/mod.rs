//! The parts shared by all methods: reading a call, choosing and paging rows, writing an answer.
//!
//! - [`php`], [`call`]: the request, read as PHP and the service read it;
//! - [`sites`], [`filter`], [`page`], [`batch`]: the parameters that mean the same everywhere;
//! - [`history`], [`collection`]: methods that differ only in names;
//! - [`answer`], [`refusals`]: the answer.

pub(crate) mod answer;
pub(crate) mod batch;
pub(crate) mod call;
pub(crate) mod collection;
pub(crate) mod filter;
pub(crate) mod history;
pub(crate) mod page;
pub(crate) mod php;
mod refusals;
pub(crate) mod sites;
