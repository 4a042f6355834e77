//! Constructors: `new` with the required fields, as arguments or, when they are many, as a struct.

use std::fmt::Write as _;

use super::{
    docs,
    models::Slot,
    types::{Imports, inline},
};
use crate::codegen::ir::{Field, Operation};

/// The most arguments of a constructor. More of them are hard to tell apart.
pub(crate) const MOST_ARGUMENTS: usize = 4;

/// The name of the struct that `new` of `name` takes, if it takes one.
fn fields_name<'f>(name: &str, fields: impl Iterator<Item = &'f Field>) -> Option<String> {
    let is_many = fields.filter(|field| field.is_asked()).count() > MOST_ARGUMENTS;
    is_many.then(|| format!("{name}Fields"))
}

/// The name of the struct that `new` of the operation takes, if it takes one.
pub(crate) fn fields_of(operation: &Operation) -> Option<String> {
    let has_arguments = operation.binary_body || !operation.references().is_empty();
    let fields = operation.params.iter().map(|param| &param.field);
    fields_name(&operation.rust, fields).filter(|_| !has_arguments)
}

/// `new` with the required fields of the struct `name`.
pub(super) fn new(name: &str, slots: &[Slot<'_>], imports: &mut Imports<'_>) -> String {
    let asked: Vec<&Slot<'_>> = asked(slots).collect();
    if asked.is_empty() {
        return "/// Creates a value without any field set.\n#[inline]\npub fn new() -> Self { Self::default() }\n".to_owned();
    }
    let fields = slots.iter().map(|slot| slot.field);
    if let Some(fields) = fields_name(name, fields) {
        let mut values = String::new();
        for slot in asked {
            let rust = &slot.field.rust;
            let value = slot.boxed(format!("fields.{rust}"));
            let _ = write!(values, "{rust}: {value}, ");
        }
        return format!(
            "/// Creates a value with the required fields; setters add the others.\n#[inline]\n\
             pub fn new(fields: {fields}) -> Self {{ Self {{ {values} ..Self::default() }} }}\n"
        );
    }
    let (mut arguments, mut values) = (String::new(), String::new());
    for slot in asked {
        let name = &slot.field.rust;
        let _ = write!(arguments, "{name}: {}, ", imports.argument(&slot.field.ty));
        let value = slot.converted(name, imports);
        let _ = match value == *name {
            true => write!(values, "{name}, "),
            false => write!(values, "{name}: {value}, "),
        };
    }
    format!(
        "/// Creates a value with the required fields; setters add the others.\n{}\
         pub fn new({arguments}) -> Self {{ Self {{ {values} ..Self::default() }} }}\n",
        inline(&arguments)
    )
}

/// The struct of required fields that [`new`] takes; nothing when it takes them as arguments.
pub(super) fn fields(name: &str, slots: &[Slot<'_>], imports: &mut Imports<'_>) -> String {
    let all = slots.iter().map(|slot| slot.field);
    let Some(fields) = fields_name(name, all) else {
        return String::new();
    };
    let mut out = format!(
        "\n/// The fields of [`{name}`]. All are required: a missing field does not compile.\n\
         #[derive(Debug, Clone, PartialEq)]\npub struct {fields} {{\n"
    );
    for slot in asked(slots) {
        let field = slot.field;
        out += &docs::field(&field.wire, &field.doc);
        let _ = writeln!(out, "pub {}: {},", field.rust, imports.name(&field.ty));
    }
    out + "}\n"
}

fn asked<'s, 'f>(slots: &'s [Slot<'f>]) -> impl Iterator<Item = &'s Slot<'f>> {
    slots.iter().filter(|slot| slot.field.is_asked())
}
