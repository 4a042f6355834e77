//! The seller's cards, which are checked when they are written and move from stage to stage.

use std::collections::BTreeMap;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::catalog::{self, Kind, Property};
use super::failure::Failure;
use super::markup;

/// The stage of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Stage {
    Draft,
    Moderation,
    Awaiting,
    Public,
    End,
}

/// A card with all fields that the seller wrote.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Card {
    id: u64,
    pub(super) stage: Stage,
    /// The end of a moderation that ends by itself.
    until: Option<Timestamp>,
    /// The fields by their wire names.
    fields: Map<String, Value>,
}

/// All cards by id.
#[derive(Clone, Debug, Default)]
pub(super) struct Cards {
    cards: BTreeMap<u64, Card>,
}

impl Stage {
    const ALL: [Self; 5] = [
        Self::Draft,
        Self::Moderation,
        Self::Awaiting,
        Self::Public,
        Self::End,
    ];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "DRAFT",
            Self::Moderation => "MODERATION",
            Self::Awaiting => "AWAITING",
            Self::Public => "PUBLIC",
            Self::End => "END",
        }
    }
}

impl FromStr for Stage {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL
            .into_iter()
            .find(|stage| stage.as_str() == text)
            .ok_or(())
    }
}

impl Cards {
    pub(super) fn len(&self) -> usize {
        self.cards.len()
    }

    pub(super) fn newest(&self) -> Option<&Card> {
        self.cards.values().next_back()
    }

    pub(super) fn find(&self, id: u64) -> Option<&Card> {
        self.cards.get(&id)
    }

    /// Adds a draft and returns its id.
    pub(super) fn add(&mut self, fields: Map<String, Value>) -> Result<u64, Failure> {
        check(&fields)?;
        let id = self.cards.keys().next_back().map_or(1001, |last| last + 1);
        self.cards.insert(
            id,
            Card {
                id,
                stage: Stage::Draft,
                until: None,
                fields,
            },
        );
        Ok(id)
    }

    /// Overwrites the given fields. Properties and pictures are replaced as a whole.
    pub(super) fn update(&mut self, id: u64, changes: Map<String, Value>) -> Result<(), Failure> {
        let card = self.cards.get_mut(&id).ok_or(Failure::NoProduct)?;
        let mut fields = card.fields.clone();
        fields.extend(changes);
        check(&fields)?;
        card.fields = fields;
        Ok(())
    }

    /// Moves a card to a stage; returns false when there is no such card.
    pub(super) fn enter(&mut self, id: u64, stage: Stage) -> bool {
        match self.cards.get_mut(&id) {
            Some(card) => (card.stage, card.until) = (stage, None),
            None => return false,
        }
        true
    }

    /// Sends a card to a moderation that ends by itself; returns false when there is no such card.
    pub(super) fn moderate(&mut self, id: u64, until: Timestamp) -> bool {
        match self.cards.get_mut(&id) {
            Some(card) => (card.stage, card.until) = (Stage::Moderation, Some(until)),
            None => return false,
        }
        true
    }

    /// The cards by growing id.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Card> {
        self.cards.values()
    }

    /// Cards as they were kept. The error is the index of a card whose id is there twice.
    pub(super) fn of(cards: Vec<Card>) -> Result<Self, usize> {
        let mut all = Self::default();
        for (index, card) in cards.into_iter().enumerate() {
            if all.cards.insert(card.id, card).is_some() {
                return Err(index);
            }
        }
        Ok(all)
    }

    /// Returns the cards in a stage, or all cards, keyed by id.
    pub(super) fn list(&self, stage: Option<Stage>) -> Value {
        let wanted = self
            .cards
            .values()
            .filter(|card| stage.is_none_or(|stage| card.stage == stage));
        catalog::keyed(wanted.map(|card| (card.id, Value::Object(card.summary()))))
    }
}

impl Card {
    pub(super) fn id(&self) -> u64 {
        self.id
    }

    /// When its moderation ends by itself, if it is in one.
    pub(super) fn moderated_until(&self) -> Option<Timestamp> {
        self.until
    }

    /// Returns a field as the seller wrote it.
    pub(super) fn field(&self, name: &str) -> Option<&Value> {
        self.fields.get(name)
    }

    /// Returns all fields, for tests.
    pub(super) fn to_json(&self) -> Value {
        let mut all = self.fields.clone();
        all.insert("ID".into(), self.id.into());
        all.insert("STAGE".into(), self.stage.as_str().into());
        Value::Object(all)
    }

    /// Returns the answer of `getProductInfo`: the schema of the properties, not their values.
    pub(super) fn info(&self) -> Value {
        let mut item = self.summary();
        let properties = catalog::properties(self.section()).unwrap_or_default();
        item.insert(
            "PROPERTIES".into(),
            catalog::keyed(properties.iter().map(|one| (one.id, one.to_json()))),
        );
        catalog::keyed(std::iter::once((self.id, Value::Object(item))))
    }

    fn summary(&self) -> Map<String, Value> {
        let summary = json!({
            "ID": self.id,
            "NAME": self.fields.get("NAME"),
            "STAGE": self.stage.as_str(),
            "VALUES": false,
            "SECTION_ID": self.section(),
            "URL": format!("https://uvygoda.ru/catalog/{}/{}/", self.section(), self.id),
        });
        summary.as_object().cloned().unwrap_or_default()
    }

    fn section(&self) -> u64 {
        section(&self.fields)
    }
}

fn section(fields: &Map<String, Value>) -> u64 {
    fields
        .get("SECTION_ID")
        .and_then(Value::as_u64)
        .unwrap_or_default()
}

/// Checks the rules that the description cannot express: the section, the markup, and the properties against their
/// schema.
fn check(fields: &Map<String, Value>) -> Result<(), Failure> {
    let schema = catalog::properties(section(fields))?;
    if fields
        .get("NAME")
        .and_then(Value::as_str)
        .is_some_and(|name| name.trim().is_empty())
    {
        return Err(Failure::Missing("NAME".into()));
    }
    if let Some(tag) = fields
        .get("DESCRIPTION")
        .and_then(Value::as_str)
        .and_then(markup::forbidden_tag)
    {
        return Err(Failure::Markup(tag));
    }
    let empty = Map::new();
    let given = fields
        .get("PROPERTIES")
        .and_then(Value::as_object)
        .unwrap_or(&empty);
    for (key, value) in given {
        let property = schema.iter().find(|one| one.id.to_string() == *key);
        check_property(
            property.ok_or_else(|| Failure::NoProperty(key.clone()))?,
            value,
        )?;
    }
    match schema
        .iter()
        .find(|one| one.required && !given.contains_key(&one.id.to_string()))
    {
        Some(absent) => Err(Failure::Missing(format!("PROPERTIES.{}", absent.id))),
        None => Ok(()),
    }
}

/// Checks a value or a value's id, as a number or as text.
fn check_property(property: &Property, value: &Value) -> Result<(), Failure> {
    let text = value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned);
    let wrong = || Failure::Wrong(format!("PROPERTIES.{}", property.id));
    match property.kind {
        Kind::Text if text.trim().is_empty() => Err(wrong()),
        Kind::Text => Ok(()),
        Kind::Integer => text.parse::<i64>().map(|_| ()).map_err(|_| wrong()),
        Kind::List(values) => {
            let is_listed = text
                .parse()
                .is_ok_and(|id: u64| values.iter().any(|(known, _)| *known == id));
            if is_listed {
                Ok(())
            } else {
                Err(Failure::NotInList(property.id.to_string()))
            }
        }
    }
}

#[cfg(test)]
mod tests;
