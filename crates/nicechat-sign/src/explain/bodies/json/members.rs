//! JSON with its members in another order, or with objects as lists.

use std::collections::BTreeMap;

use super::super::super::json::Json;

/// The depth to which objects are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    All,
    Outer,
}

/// Returns the JSON with the members of objects sorted by name.
pub(super) fn sorted(json: &Json, depth: Depth) -> Json {
    let inner = |json: &Json| match depth {
        Depth::All => sorted(json, depth),
        Depth::Outer => json.clone(),
    };
    match json {
        Json::Array(items) => Json::Array(items.iter().map(inner).collect()),
        Json::Object(members) => {
            let members = members.iter();
            let sorted: BTreeMap<String, Json> = members
                .map(|(name, member)| (name.clone(), inner(member)))
                .collect();
            Json::Object(sorted.into_iter().collect())
        }
        plain => plain.clone(),
    }
}

/// Returns the JSON as PHP has it after `json_decode($text, true)`: an empty object is an empty
/// array.
pub(super) fn listed(json: &Json) -> Json {
    match json {
        Json::Array(items) => Json::Array(items.iter().map(listed).collect()),
        Json::Object(members) if members.is_empty() => Json::Array(Vec::new()),
        Json::Object(members) => {
            let members = members.iter();
            Json::Object(
                members
                    .map(|(name, member)| (name.clone(), listed(member)))
                    .collect(),
            )
        }
        plain => plain.clone(),
    }
}
