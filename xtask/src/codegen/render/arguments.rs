//! How setters and constructors take a value: as what people have, which is then converted.

use super::types::Imports;
use crate::codegen::ir::{Shape, Type};

/// How a value is taken.
enum Taken {
    /// As it is.
    Plain,
    /// Anything that turns into it.
    Into,
    /// Any integer type.
    Integer,
    /// Anything that yields such items.
    Items(Type),
    /// Anything that yields keys and such values.
    Entries(Type),
}

impl Imports<'_> {
    /// The type as setters and constructors take it.
    pub(crate) fn argument(&mut self, ty: &Type) -> String {
        match self.taken(ty) {
            Taken::Plain => self.name(ty),
            Taken::Into => format!("impl Into<{}>", self.name(ty)),
            Taken::Integer => format!("impl Into<{}>", self.integer()),
            Taken::Items(item) => {
                format!("impl IntoIterator<Item = {}>", self.argument(&item))
            }
            Taken::Entries(member) => format!(
                "impl IntoIterator<Item = (impl ToString, {})>",
                self.argument(&member)
            ),
        }
    }

    /// What the field is set to, for `value` of the type that [`argument`](Self::argument) names.
    pub(crate) fn converted(&mut self, ty: &Type, value: &str) -> String {
        match self.taken(ty) {
            Taken::Plain => value.to_owned(),
            Taken::Into => format!("{value}.into()"),
            Taken::Integer => format!("{}::get({value}.into())", self.integer()),
            Taken::Items(item) => {
                let item = match self.taken(&item) {
                    Taken::Into => "Into::into".to_owned(),
                    _ => format!("|item| {}", self.converted(&item, "item")),
                };
                format!("{value}.into_iter().map({item}).collect()")
            }
            Taken::Entries(member) => format!(
                "{value}.into_iter().map(|(key, item)| (key.to_string(), {})).collect()",
                self.converted(&member, "item")
            ),
        }
    }

    fn taken(&self, ty: &Type) -> Taken {
        match ty {
            Type::Integer => Taken::Integer,
            Type::String | Type::Secret | Type::Id | Type::Decimal | Type::Value => Taken::Into,
            Type::Map(member) => Taken::Entries((**member).clone()),
            // A list of models is taken as a whole, so that `Vec::new()` says what it is a list of.
            Type::List(item) => match self.taken(item) {
                Taken::Into | Taken::Integer => Taken::Items((**item).clone()),
                _ => Taken::Into,
            },
            Type::ListOrMap(_) | Type::Custom(..) => Taken::Into,
            Type::Ref(name) => match self.shape(name) {
                Some(Shape::Enum(_)) => Taken::Into,
                Some(Shape::Alias(ty)) => self.taken(ty),
                _ => Taken::Plain,
            },
            _ => Taken::Plain,
        }
    }
}
