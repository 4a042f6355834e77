//! JSON under construction: values are put into it in any order, each place once.

use std::collections::BTreeMap;

use common_model::{Map, Value as Json};
use common_transport::Error;

use super::{
    super::description::{Described, Schema},
    key::{Key, Part},
};

/// A value under construction.
#[derive(Debug, Default)]
pub(super) enum Node {
    /// Nothing yet.
    #[default]
    Vacant,
    /// A value without parts.
    Leaf(Json),
    Object(Map<Node>),
    /// The items by number; none may be missing at the end.
    List(BTreeMap<usize, Node>),
}

impl From<Json> for Node {
    fn from(json: Json) -> Self {
        match json {
            Json::Object(members) => {
                let members = members.into_iter();
                Self::Object(members.map(|(name, json)| (name, json.into())).collect())
            }
            Json::Array(items) => {
                let items = items.into_iter().map(Self::from);
                Self::List(items.enumerate().collect())
            }
            leaf => Self::Leaf(leaf),
        }
    }
}

impl Node {
    /// Puts a value under a key of the root.
    ///
    /// # Errors
    /// [`Error::is_invalid_input`] names the key: it has a value already, or it has no such part.
    pub(super) fn insert(
        &mut self,
        key: &Key,
        described: Option<Described<'_>>,
        value: Json,
    ) -> Result<(), Error> {
        let Self::Object(members) = self else {
            return Err(Error::invalid_input("params", "a JSON object is needed"));
        };
        let schema = described.and_then(|described| described.param(&key.name));
        let mut schema = schema.map(|meant| meant.schema);
        let mut path = key.name.clone();
        let mut node = member(members, &key.name);
        for part in &key.parts {
            node = node.part(part, schema, &path)?;
            schema = schema.and_then(|schema| part.schema(schema));
            path.push_str(&part.to_string());
        }
        node.merge(value, &path)
    }

    /// A part of the value, made if it is missing. In a list, a number in brackets is the number of an item; in an
    /// object, it is the name of a member.
    fn part(
        &mut self,
        part: &Part,
        schema: Option<Schema<'_>>,
        path: &str,
    ) -> Result<&mut Self, Error> {
        if let Self::Vacant = self {
            *self = match is_list(part, schema) {
                true => Self::List(BTreeMap::new()),
                false => Self::Object(Map::default()),
            };
        }
        match (self, part) {
            (Self::Object(members), Part::Name(name)) => Ok(member(members, name)),
            (Self::Object(_), Part::Further) => {
                Err(Error::invalid_input(path, "it is an object, not a list"))
            }
            (Self::List(items), part) => {
                let next = items.keys().next_back().map_or(0, |last| last + 1);
                let index = match part {
                    Part::Further => Some(next),
                    Part::Name(_) => part.index(),
                };
                let why = "it is a list: number its items, as in [0]";
                let index = index.ok_or_else(|| Error::invalid_input(path, why))?;
                Ok(items.entry(index).or_default())
            }
            (Self::Leaf(_) | Self::Vacant, _) => Err(twice(path)),
        }
    }

    /// Puts a value here; objects and lists are joined, member by member.
    fn merge(&mut self, value: Json, path: &str) -> Result<(), Error> {
        match (self, value) {
            (node @ Self::Vacant, value) => {
                *node = value.into();
                Ok(())
            }
            (Self::Object(members), Json::Object(others)) => {
                let mut others = others.into_iter();
                others.try_for_each(|(name, value)| {
                    member(members, &name).merge(value, &format!("{path}[{name}]"))
                })
            }
            (Self::List(items), Json::Array(others)) => {
                let mut others = others.into_iter().enumerate();
                others.try_for_each(|(index, value)| {
                    let item = items.entry(index).or_default();
                    item.merge(value, &format!("{path}[{index}]"))
                })
            }
            _ => Err(twice(path)),
        }
    }

    /// The finished value.
    ///
    /// # Errors
    /// [`Error::is_invalid_input`] names an item that is missing before others.
    pub(super) fn into_json(self, path: &str) -> Result<Json, Error> {
        Ok(match self {
            Self::Vacant => Json::Null,
            Self::Leaf(json) => json,
            Self::Object(members) => {
                let members = members.into_iter().map(|(name, node)| {
                    let path = match path {
                        "" => name.clone(),
                        path => format!("{path}[{name}]"),
                    };
                    node.into_json(&path).map(|json| (name, json))
                });
                Json::Object(members.collect::<Result<_, _>>()?)
            }
            Self::List(items) => {
                let items = items.into_iter().enumerate();
                let items = items.map(|(at, (index, node))| {
                    if at < index {
                        let missing = format!("{path}[{at}]");
                        let why = "the item is missing: items are numbered from 0, without gaps";
                        return Err(Error::invalid_input(missing, why));
                    }
                    node.into_json(&format!("{path}[{index}]"))
                });
                Json::Array(items.collect::<Result<_, _>>()?)
            }
        })
    }
}

fn member<'m>(members: &'m mut Map<Node>, name: &str) -> &'m mut Node {
    if !members.contains_key(name) {
        members.insert(name, Node::Vacant);
    }
    members.get_mut(name).expect("it was put there")
}

/// Whether a new value with this part is a list. The description decides; where it does not, a number means a list.
fn is_list(part: &Part, schema: Option<Schema<'_>>) -> bool {
    match (part, schema) {
        (Part::Further, _) => true,
        (_, Some(schema)) if schema.is_list() => true,
        (_, Some(schema)) if schema.is_object() => false,
        (part, _) => part.index().is_some(),
    }
}

fn twice(path: &str) -> Error {
    Error::invalid_input(path, "it is given twice, with --params or --param")
}
