//! How large models become in Rust, reckoned from the descriptions: what is large stands in a box.
//!
//! The figures are those of 64-bit targets. That they are right is shown by a test in each generated crate, which
//! compares with `size_of` (see `render/sizes.rs`).

use std::collections::{BTreeMap, BTreeSet};

use super::ir::{Field, Service, Shape, Type};

/// Above this many bytes a model stands in a box where it is a field.
pub(crate) const INLINE: usize = 256;

/// No model may be larger than this many bytes: a list of empty objects costs that for each `{}`.
pub(crate) const WIDEST: usize = 2_560;

const BOX: usize = 8;
const EXTRA: usize = 24;

/// The sizes of a service's models, by wire name.
#[derive(Debug)]
pub(crate) struct Sizes {
    /// Larger than [`INLINE`].
    large: BTreeSet<String>,
}

impl Sizes {
    /// `recursive` are the pairs of model and field's type between which a box stands in any case.
    pub(crate) fn of(service: &Service, recursive: &BTreeSet<(String, String)>) -> Self {
        let mut reckoning = Reckoning {
            service,
            recursive,
            known: BTreeMap::new(),
        };
        for schema in &service.schemas {
            reckoning.schema(&schema.wire);
        }
        let large = reckoning.known.into_iter();
        Self {
            large: large
                .filter(|(_, size)| *size > INLINE)
                .map(|(name, _)| name)
                .collect(),
        }
    }

    pub(crate) fn is_large(&self, ty: &Type) -> bool {
        matches!(ty, Type::Ref(name) if self.large.contains(name))
    }
}

struct Reckoning<'a> {
    service: &'a Service,
    recursive: &'a BTreeSet<(String, String)>,
    known: BTreeMap<String, usize>,
}

impl Reckoning<'_> {
    fn schema(&mut self, name: &str) -> usize {
        if let Some(size) = self.known.get(name) {
            return *size;
        }
        let size = match self.service.schema(name).map(|schema| &schema.shape) {
            Some(Shape::Model(fields)) => self.model(name, fields),
            Some(Shape::Alias(ty)) => self.value(name, ty),
            // A tag beside a `Box<str>`.
            Some(Shape::Enum(_)) => 24,
            None => 0,
        };
        self.known.insert(name.to_owned(), size);
        size
    }

    /// The compiler sorts fields by alignment: there is no gap but at the end.
    fn model(&mut self, name: &str, fields: &[Field]) -> usize {
        let sum: usize = fields
            .iter()
            .map(|field| match self.value(name, &field.ty) {
                size if size > INLINE && is_reference(&field.ty) => BOX,
                size => size,
            })
            .sum();
        (sum + EXTRA).next_multiple_of(8)
    }

    /// An optional value inside of the schema `owner`.
    fn value(&mut self, owner: &str, ty: &Type) -> usize {
        match ty {
            Type::Bool => 1,
            Type::Integer => 16,
            Type::Decimal => 20,
            Type::String | Type::Secret | Type::Id => 24,
            Type::Date => 8,
            Type::Time => 12,
            Type::DateTime => 16,
            Type::Timestamp => 40,
            Type::Value => 40,
            Type::List(_) => 24,
            Type::Map(_) => 32,
            Type::ListOrMap(_) => 48,
            Type::Ref(name) => match self.recursive.contains(&(owner.to_owned(), name.clone())) {
                true => BOX,
                false => self.schema(name),
            },
            // Written by hand, with boxes where they are needed.
            Type::Custom(..) => 48,
        }
    }
}

fn is_reference(ty: &Type) -> bool {
    matches!(ty, Type::Ref(_))
}
