//! The content of a feed, independent of its format.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// The content of a feed.
#[derive(Debug, Default, PartialEq)]
pub(in crate::nicechat) struct Feed {
    /// Categories by id: fields without the id.
    pub(in crate::nicechat) categories: Vec<(String, Map<String, Value>)>,
    /// Products by id: fields without the id. If an id repeats, its last product counts.
    pub(in crate::nicechat) products: Vec<(String, Map<String, Value>)>,
    /// Items that were left out, each with its line and the reason.
    pub(in crate::nicechat) refused: Vec<String>,
}

impl Feed {
    /// Number of products; a repeated id counts once.
    pub(in crate::nicechat) fn count(&self) -> usize {
        let ids: BTreeSet<&str> = self.products.iter().map(|(id, _)| id.as_str()).collect();
        ids.len()
    }
}
