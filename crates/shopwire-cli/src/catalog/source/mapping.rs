//! Which column or member becomes which field.

use common_model::Value;

use crate::suggest;

use super::{
    super::feed::{Field, Offer, Param, adapt::Losses, model::Unit},
    count_rest, scalar,
};

/// An offer of a row, with the name of its category if the row has it.
#[derive(Debug, Default)]
pub(in super::super) struct Mapped {
    pub(in super::super) offer: Offer,
    pub(in super::super) category_name: Option<String>,
}

/// Describes what a column becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
enum To {
    Field(Field),
    CategoryName,
    /// A parameter with this code.
    Param(String),
}

/// The columns that were named, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Mapping {
    columns: Vec<(To, String)>,
}

impl Mapping {
    /// Reads `FIELD=COLUMN` each.
    ///
    /// # Errors
    /// There is no such field; the error names some that are similar.
    pub(crate) fn new(texts: &[String]) -> Result<Self, String> {
        let columns = texts.iter().map(|text| {
            let (field, column) = text
                .split_once('=')
                .ok_or_else(|| format!("`{text}` is not FIELD=COLUMN"))?;
            Ok((to(field)?, column.to_owned()))
        });
        Ok(Self {
            columns: columns.collect::<Result<_, String>>()?,
        })
    }

    /// Checks that a table has the columns that were named.
    ///
    /// # Errors
    /// A column is missing; the error names similar ones.
    pub(in super::super) fn check(&self, header: &[String]) -> Result<(), String> {
        let missing = self
            .columns
            .iter()
            .find(|(_, column)| !header.contains(column));
        let Some((_, column)) = missing else {
            return Ok(());
        };
        let near = suggest::nearest(column, header.iter().map(String::as_str));
        let hint = match near.as_slice() {
            [] => format!("there are {}", header.join(", ")),
            near => format!("did you mean {}?", near.join(", ")),
        };
        Err(format!("--map: there is no column {column}; {hint}"))
    }

    /// Whether a column was named for the field.
    pub(super) fn has(&self, field: Field) -> bool {
        self.columns.iter().any(|(to, _)| *to == To::Field(field))
    }

    /// Whether the column, or the member that leads to it, was named.
    pub(super) fn has_column(&self, name: &str) -> bool {
        let is_it = |column: &str| column == name || column.split('.').next() == Some(name);
        self.columns.iter().any(|(_, column)| is_it(column))
    }

    /// The offer of a row whose members are named after the fields, unless they are named here.
    pub(super) fn offer(&self, row: &Value, losses: &mut Losses) -> Mapped {
        let mut mapped = Mapped::default();
        for (name, value) in row.as_object().into_iter().flat_map(|row| row.iter()) {
            match (Field::named(name), name) {
                _ if self.has_column(name) => {}
                (Some(field), _) if self.has(field) => losses.add(&format!("source: {name}")),
                (Some(field), _) => put(&mut mapped.offer, field, value),
                (None, "categoryName") => mapped.category_name = scalar(value),
                (None, "params") => params(&mut mapped.offer, value),
                (None, "unit") => mapped.offer.unit = unit(value),
                _ => {}
            }
        }
        let is_known = |name: &str| {
            self.has_column(name)
                || Field::named(name).is_some()
                || matches!(name, "categoryName" | "params" | "unit")
        };
        count_rest(row, is_known, losses);
        self.put(row, &mut mapped);
        mapped
    }

    /// Adds the columns that were named.
    pub(super) fn put(&self, row: &Value, mapped: &mut Mapped) {
        let mut replaced = Vec::new();
        for (to, column) in &self.columns {
            let Some(value) = at(row, column) else {
                continue;
            };
            match to {
                To::Field(field) => {
                    // What was named replaces what the source has; several columns of one field are added up.
                    if !replaced.contains(field) {
                        replaced.push(*field);
                        mapped.offer.remove(*field);
                    }
                    put(&mut mapped.offer, *field, value);
                }
                To::CategoryName => mapped.category_name = scalar(value),
                To::Param(code) => {
                    if let Some(value) = scalar(value) {
                        let name = column.rsplit('.').next().unwrap_or(column);
                        mapped.offer.params.push(Param {
                            name: name.to_owned(),
                            code: Some(code.clone()),
                            value,
                            ..Param::default()
                        });
                    }
                }
            }
        }
    }
}

fn to(name: &str) -> Result<To, String> {
    if let Some(code) = name.strip_prefix("param.") {
        return Ok(To::Param(code.to_owned()));
    }
    if name == "categoryName" {
        return Ok(To::CategoryName);
    }
    Field::named(name).map(To::Field).ok_or_else(|| {
        let names: Vec<&str> = Field::all()
            .map(Field::name)
            .chain(["categoryName", "param.CODE"])
            .collect();
        let near = crate::suggest::nearest(name, names.iter().copied());
        let near = if near.is_empty() { names } else { near };
        format!("there is no field `{name}`; there is {}", near.join(", "))
    })
}

/// The value under a name, or under names and numbers with points between: `offers.0.price`.
fn at<'v>(row: &'v Value, path: &str) -> Option<&'v Value> {
    if let Some(value) = row.get(path) {
        return Some(value);
    }
    path.split('.').try_fold(row, |value, step| match value {
        Value::Array(items) => items.get(step.parse::<usize>().ok()?),
        value => value.get(step),
    })
}

/// Adds a value; a list adds each of its items.
fn put(offer: &mut Offer, field: Field, value: &Value) {
    if let Some(items) = value.as_array() {
        for item in items {
            put(offer, field, item);
        }
        return;
    }
    let is_flag = matches!(
        field,
        Field::ProductActivity | Field::Activity | Field::Markable
    );
    let text = match value {
        Value::Bool(truth) if is_flag => Some(if *truth { "Y" } else { "N" }.to_owned()),
        value => scalar(value),
    };
    if let Some(text) = text {
        offer.push(field, text);
    }
}

/// Adds parameters: `{"Size":"L"}`, or `[{"name":"Size","code":"size","value":"L"}]`.
fn params(offer: &mut Offer, value: &Value) {
    if let Some(members) = value.as_object() {
        for (name, value) in members.iter() {
            if let Some(value) = scalar(value) {
                offer.params.push(Param {
                    name: name.to_owned(),
                    value,
                    ..Param::default()
                });
            }
        }
    }
    for item in value.as_array().unwrap_or_default() {
        let text = |name| item.get(name).and_then(scalar);
        offer.params.push(Param {
            name: text("name").unwrap_or_default(),
            code: text("code"),
            unit: text("unit"),
            value: text("value").unwrap_or_default(),
            attributes: Vec::new(),
        });
    }
}

pub(super) fn unit(value: &Value) -> Option<Unit> {
    let text = |name| value.get(name).and_then(scalar).unwrap_or_default();
    value.as_object().map(|_| Unit {
        code: text("code"),
        name: text("name"),
        sym: text("sym"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(mapping: &[&str], row: &str) -> (Mapped, Losses) {
        let texts: Vec<String> = mapping.iter().map(|text| (*text).to_owned()).collect();
        let mapping = Mapping::new(&texts).expect("a mapping");
        let mut losses = Losses::default();
        let mapped = mapping.offer(&row.parse().expect("JSON"), &mut losses);
        (mapped, losses)
    }

    // J6
    #[test]
    fn j6_columns_become_fields_by_name() {
        let row = r#"{"sku":"7","price":10.00,"img":["http://a/1","http://a/2"],"more":{"cost":[1.50]},"size":"L","x":1,"name":"N",
            "active":true,"params":{"Color":"red"}}"#;
        let mapping = [
            "id=sku",
            "picture=img",
            "purchasePrice=more.cost.0",
            "param.size=size",
            "activity=active",
        ];
        let (mapped, losses) = offer(&mapping, row);
        let offer = mapped.offer;
        assert_eq!(offer.id(), Some("7"));
        assert_eq!(
            offer.get(Field::Price),
            Some("10.00"),
            "an amount keeps its digits"
        );
        assert_eq!(offer.get(Field::PurchasePrice), Some("1.50"));
        assert_eq!(
            offer.all(Field::Picture).collect::<Vec<_>>(),
            ["http://a/1", "http://a/2"]
        );
        assert_eq!(offer.get(Field::Activity), Some("Y"));
        let params: Vec<(&str, Option<&str>)> = offer
            .params
            .iter()
            .map(|param| (param.name.as_str(), param.code.as_deref()))
            .collect();
        assert_eq!(params, [("Color", None), ("size", Some("size"))]);
        assert_eq!(losses.iter().collect::<Vec<_>>(), [("source: x", 1)]);
    }

    // J6, F24
    #[test]
    fn j6_an_unknown_field_is_refused_with_a_suggestion() {
        let error = Mapping::new(&["prise=cost".to_owned()]).expect_err("refused");
        assert!(
            error.contains("`prise`") && error.contains("price"),
            "{error}"
        );
        assert!(Mapping::new(&["price".to_owned()]).is_err());
    }
}
