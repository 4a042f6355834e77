//! Categories from a file of their own.

use std::{
    collections::HashMap,
    io::{self, Read},
};

use common_model::Value;
use encoding_rs::Encoding;

use super::{
    super::{
        feed::{Category, visit::Fault},
        stop::Stop,
    },
    Rows, csv, json, scalar,
};

/// Bytes of all categories together.
const MOST: usize = 6 << 20;

/// The rows of a file of categories, and where each came from.
pub(in super::super) struct Groups<'s> {
    rows: Vec<(Group, u64)>,
    bytes: usize,
    stop: &'s Stop,
}

struct Group {
    id: Option<String>,
    /// The id in the merchant's own system, which comes first.
    external: Option<String>,
    parent: Option<String>,
    name: String,
}

impl<'s> Groups<'s> {
    /// Reads categories: CSV or JSON Lines with id or externalId, name and parentId. The names that NiceChat and Uvygoda
    /// use are taken too.
    pub(in super::super) fn read(
        input: &mut dyn Read,
        is_csv: bool,
        encoding: Option<&'static Encoding>,
        stop: &'s Stop,
    ) -> io::Result<Vec<(Category, u64)>> {
        let mut groups = Self {
            rows: Vec::new(),
            bytes: 0,
            stop,
        };
        match is_csv {
            true => csv::rows(input, encoding, &mut groups)?,
            false => json::rows(input, encoding, json::DoubledKeys::Taken, &mut groups)?,
        }
        Ok(groups.categories())
    }

    /// A parent is named by the id of the account; a feed has the merchant's own ids.
    fn categories(self) -> Vec<(Category, u64)> {
        let own: HashMap<String, String> = self
            .rows
            .iter()
            .filter_map(|(group, _)| Some((group.id.clone()?, group.external.clone()?)))
            .collect();
        let category = |(group, line): (Group, u64)| {
            let parent = group
                .parent
                .map(|parent| own.get(&parent).cloned().unwrap_or(parent));
            let category = Category {
                id: group.external.or(group.id).unwrap_or_default(),
                parent,
                name: group.name,
                ..Category::default()
            };
            (category, line)
        };
        self.rows.into_iter().map(category).collect()
    }
}

impl Rows for Groups<'_> {
    fn row(&mut self, row: Value, line: u64) -> io::Result<()> {
        self.stop.check()?;
        let text = |names: &[&str]| names.iter().find_map(|name| row.get(name).and_then(scalar));
        let group = Group {
            id: text(&["id", "ID"]),
            external: text(&["externalId"]),
            // Uvygoda's topmost sections have the parent 0.
            parent: text(&["parentId", "PARENT_ID"]).filter(|parent| parent != "0"),
            name: text(&["name", "NAME"]).unwrap_or_default(),
        };
        let length = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        self.bytes += 160
            + length(&group.id)
            + length(&group.external)
            + length(&group.parent)
            + group.name.len();
        if self.bytes > MOST {
            return Err(io::Error::other("the categories take more than 6 MiB"));
        }
        self.rows.push((group, line));
        Ok(())
    }

    fn fault(&mut self, fault: Fault) -> io::Result<()> {
        Err(io::Error::other(format!(
            "line {}: {}",
            fault.line, fault.detail
        )))
    }
}
