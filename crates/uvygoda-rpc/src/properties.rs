//! A check of a card's property values against the properties of its section.

use std::{
    collections::{HashMap, HashSet},
    fmt,
};

use common_model::{Id, Map};
use common_transport::Error;

use crate::shared::{Property, PropertyType};

/// A fault in one property of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PropertyError {
    /// The property's id, as the key of `PROPERTIES`.
    pub property: String,
    /// The property's name, if the section has the property.
    pub name: Option<String>,
    /// The reason.
    pub reason: PropertyErrorReason,
}

/// The reason that a property's value is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PropertyErrorReason {
    /// The section requires the property, and its value is missing or empty.
    Missing,
    /// The section has no such property.
    Unknown,
    /// The property is a list, and the value is not the id of one of its entries.
    NotInList,
    /// The property is an integer, and the value is not.
    NotAnInteger,
}

/// Checks the values of a card against the properties of its section, as `getSectionProperties`
/// lists them: required properties have a value, list values are in the list, integers are
/// integers. Properties of an unknown type take any value.
///
/// ```
/// use uvygoda_rpc::{Id, Map, shared::Property, check_properties};
///
/// let schema: Vec<Property> = common_model::from_json(
///     r#"[{"ID":123,"NAME":"Цвет","REQUIRED":true,"TYPE":"LIST","VALUES":{"7":{"ID":7,"VALUE":"синий"}}}]"#,
/// ).unwrap();
/// let blue: Map<Id> = common_model::from_json(r#"{"123":7}"#).unwrap();
/// assert!(check_properties(&blue, &schema).is_ok());
/// let pink: Map<Id> = common_model::from_json(r#"{"123":8}"#).unwrap();
/// assert!(check_properties(&pink, &schema).unwrap_err().to_string().contains("123"));
/// ```
///
/// # Errors
/// All faults of the card at once.
// U42
pub fn check_properties<'a>(
    values: &Map<Id>,
    schema: impl IntoIterator<Item = &'a Property>,
) -> Result<(), PropertyErrors> {
    let schema: Vec<(String, &Property)> = schema
        .into_iter()
        .filter_map(|property| Some((property.id?.to_string(), property)))
        .collect();
    // A look-up in a `Map` is linear, and a section may have many properties.
    let by_key: HashMap<&str, &Id> = values.iter().collect();
    let mut faults = Vec::new();
    for (key, property) in &schema {
        let reason = match by_key.get(key.as_str()).filter(|value| !is_empty(value)) {
            None => (property.required == Some(true)).then_some(PropertyErrorReason::Missing),
            Some(value) => check_value(value, property),
        };
        faults.extend(reason.map(|reason| PropertyError {
            property: key.clone(),
            name: property.name.clone(),
            reason,
        }));
    }
    let known: HashSet<&str> = schema.iter().map(|(key, _)| key.as_str()).collect();
    for (key, _) in values.iter() {
        if !known.contains(key) {
            faults.push(PropertyError {
                property: key.to_owned(),
                name: None,
                reason: PropertyErrorReason::Unknown,
            });
        }
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(PropertyErrors(faults))
    }
}

/// Returns the full set of values to send when some of them change. `updateProduct` replaces all
/// properties of a card, and no method reads its values, so the caller must keep them.
///
/// ```
/// use uvygoda_rpc::{Id, Map, merge_properties};
///
/// let kept: Map<Id> = common_model::from_json(r#"{"1":"лён","2":5}"#).unwrap();
/// let changes: Map<Id> = common_model::from_json(r#"{"2":6,"3":"new"}"#).unwrap();
/// let all = merge_properties(&kept, &changes);
/// assert_eq!(common_model::to_json(&all), r#"{"1":"лён","2":6,"3":"new"}"#);
/// ```
// U46
#[must_use]
pub fn merge_properties(all_current: &Map<Id>, changes: &Map<Id>) -> Map<Id> {
    let mut merged = all_current.clone();
    merged.extend(changes.iter().map(|(key, value)| (key, value.clone())));
    merged
}

/// An error with all faults in the properties of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PropertyErrors(Vec<PropertyError>);

impl PropertyErrors {
    /// Iterates over the faults, one for each property, in the section's order.
    pub fn iter(&self) -> std::slice::Iter<'_, PropertyError> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a PropertyErrors {
    type Item = &'a PropertyError;
    type IntoIter = std::slice::Iter<'a, PropertyError>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for PropertyErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

impl fmt::Display for PropertyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "property {}", self.property)?;
        if let Some(name) = &self.name {
            write!(f, " ({name})")?;
        }
        f.write_str(match self.reason {
            PropertyErrorReason::Missing => " is required",
            PropertyErrorReason::Unknown => " is none of the section's",
            PropertyErrorReason::NotInList => " takes the id of one of its values",
            PropertyErrorReason::NotAnInteger => " takes an integer",
        })
    }
}

impl std::error::Error for PropertyErrors {}

impl From<PropertyErrors> for Error {
    fn from(faults: PropertyErrors) -> Self {
        Self::invalid_input("PROPERTIES", faults.to_string())
    }
}

fn is_empty(value: &Id) -> bool {
    matches!(value, Id::Text(text) if text.trim().is_empty())
}

fn check_value(value: &Id, property: &Property) -> Option<PropertyErrorReason> {
    match &property.type_ {
        Some(PropertyType::Integer) if integer(value).is_none() => {
            Some(PropertyErrorReason::NotAnInteger)
        }
        Some(PropertyType::List) => {
            let ids = property.values.iter().flat_map(|values| values.iter());
            let mut ids = ids.filter_map(|value| value.id);
            let wanted = integer(value);
            (!ids.any(|id| Some(id) == wanted)).then_some(PropertyErrorReason::NotInList)
        }
        _ => None,
    }
}

fn integer(value: &Id) -> Option<i64> {
    match value {
        Id::Number(number) => Some(*number),
        Id::Text(text) => text.trim().parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMA: &str = r#"{
        "1":{"ID":1,"NAME":"Имя","REQUIRED":true,"VALUES":false,"TYPE":"STRING"},
        "123":{"ID":123,"NAME":"Цвет","REQUIRED":false,"TYPE":"LIST",
               "VALUES":{"1":{"ID":1,"VALUE":"синий"},"2":{"ID":2,"VALUE":"белый"}}},
        "124":{"ID":124,"NAME":"Длина","REQUIRED":true,"VALUES":false,"TYPE":"INTEGER"},
        "125":{"ID":125,"NAME":"Новое","REQUIRED":false,"VALUES":false,"TYPE":"COLOUR"}}"#;

    fn faults(values: &str) -> Vec<(String, PropertyErrorReason)> {
        let schema: Vec<Property> = common_model::from_json(SCHEMA).unwrap();
        let values: Map<Id> = common_model::from_json(values).unwrap();
        match check_properties(&values, &schema) {
            Ok(()) => Vec::new(),
            Err(faults) => faults
                .iter()
                .map(|fault| (fault.property.clone(), fault.reason.clone()))
                .collect(),
        }
    }

    #[test]
    fn u42_a_complete_card_passes_with_numbers_or_numeric_texts() {
        assert_eq!(faults(r#"{"1":"Плед","123":2,"124":150}"#), []);
        assert_eq!(
            faults(r#"{"1":"Плед","123":"2","124":"150","125":"любой"}"#),
            []
        );
        assert_eq!(
            faults(r#"{"1":"Плед","124":150,"123":""}"#),
            [],
            "an optional one may be empty"
        );
    }

    #[test]
    fn u42_everything_wrong_is_told_at_once() {
        assert_eq!(
            faults(r#"{"1":" ","123":3,"124":"1.5","9":"x"}"#),
            [
                ("1".to_owned(), PropertyErrorReason::Missing),
                ("123".to_owned(), PropertyErrorReason::NotInList),
                ("124".to_owned(), PropertyErrorReason::NotAnInteger),
                ("9".to_owned(), PropertyErrorReason::Unknown),
            ]
        );
        assert_eq!(faults("{}").len(), 2);
    }

    #[test]
    fn u42_the_error_names_property_and_field() {
        let schema: Vec<Property> = common_model::from_json(SCHEMA).unwrap();
        let error = Error::from(check_properties(&Map::default(), &schema).unwrap_err());
        assert_eq!(error.field(), Some("PROPERTIES"));
        assert!(
            error
                .to_string()
                .contains("property 124 (Длина) is required"),
            "{error}"
        );
    }
}
