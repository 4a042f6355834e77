//! The public paths of a crate's items: each item has one.
//!
//! A path is found as a user finds it: from the root, through public modules and re-exports. A second path under
//! another name is a rename, which [`RENAMED`] has to list. Items of other crates are told apart by their id too, so
//! a foreign type that is re-exported twice is found as well.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Short names for items of generated modules, whose names are those of the descriptions.
const RENAMED: &[&str] = &["retailcrm_v5::By"];

/// The items that have more than one path, a line each.
pub(super) fn repeated(package: &str, json: &Value) -> Vec<String> {
    let mut found = Paths {
        index: &json["index"],
        paths: BTreeMap::new(),
    };
    found.module(
        &json["root"],
        &package.replace('-', "_"),
        &mut BTreeSet::new(),
    );
    let repeated = found.paths.into_values().filter(|paths| paths.len() > 1);
    repeated
        .map(|paths| {
            let paths: Vec<String> = paths.into_iter().collect();
            format!(
                "{package}: one item has several paths: {}",
                paths.join(", ")
            )
        })
        .collect()
}

struct Paths<'j> {
    index: &'j Value,
    /// The paths of each item, by its id.
    paths: BTreeMap<String, BTreeSet<String>>,
}

impl Paths<'_> {
    /// Walks a module; `within` holds the modules around it, since a re-export may lead back to one of them.
    fn module(&mut self, id: &Value, path: &str, within: &mut BTreeSet<String>) {
        let key = id.to_string();
        if !within.insert(key.clone()) {
            return;
        }
        let index = self.index;
        let children = index[&key]["inner"]["module"]["items"].as_array();
        for child in children.into_iter().flatten() {
            self.item(child, path, within);
        }
        within.remove(&key);
    }

    fn item(&mut self, id: &Value, path: &str, within: &mut BTreeSet<String>) {
        let index = self.index;
        let item = &index[id.to_string()];
        let import = &item["inner"]["use"];
        if import["is_glob"] == true {
            return self.module(&import["id"], path, within);
        }
        let (target, name) = match import.is_object() {
            true => (&import["id"], &import["name"]),
            false => (id, &item["name"]),
        };
        // An implementation has no name.
        let (Some(name), false) = (name.as_str(), target.is_null()) else {
            return;
        };
        let path = format!("{path}::{name}");
        if !RENAMED.contains(&path.as_str()) {
            let paths = self.paths.entry(target.to_string()).or_default();
            paths.insert(path.clone());
        }
        self.module(target, &path, within);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn index(reexport: &Value) -> Value {
        json!({"root": 0, "index": {
            "0": {"name": "a", "inner": {"module": {"items": [1, 3]}}},
            "1": {"name": "b", "inner": {"module": {"items": [2]}}},
            "2": {"name": "C", "inner": {"struct": {}}},
            "3": {"name": null, "inner": reexport},
        }})
    }

    // C11
    #[test]
    fn c11_a_second_path_is_found_and_one_path_is_none() {
        let second = index(&json!({"use": {"id": 2, "name": "C", "is_glob": false}}));
        assert_eq!(
            repeated("a", &second),
            ["a: one item has several paths: a::C, a::b::C"]
        );
        let glob = index(&json!({"use": {"id": 1, "name": "b", "is_glob": true}}));
        assert_eq!(repeated("a", &glob).len(), 1);
        let other = index(&json!({"impl": {}}));
        assert!(repeated("a", &other).is_empty());
    }

    // C11
    #[test]
    fn c11_a_module_that_shows_itself_ends() {
        let cycle = index(&json!({"use": {"id": 0, "name": "me", "is_glob": false}}));
        assert!(
            repeated("a", &cycle)
                .iter()
                .all(|line| line.contains("a::"))
        );
    }
}
