//! Models and open enums.

use std::fmt::Write as _;

use super::{Context, docs, types::Imports};
use crate::codegen::{
    ir::{Field, Schema, Shape},
    names,
};

/// The doc of a model's last field.
const EXTRA: &str = "/// Unknown fields, and fields that came empty.\n";

pub(crate) fn schema(context: &Context<'_>, schema: &Schema, imports: &mut Imports<'_>) -> String {
    let about = match schema.doc.as_str() {
        "" => format!("`{}` of the description.", schema.wire),
        doc => doc.to_owned(),
    };
    match &schema.shape {
        Shape::Enum(values) => open_enum(&about, &schema.rust, values),
        Shape::Alias(_) => String::new(),
        Shape::Model(fields) => {
            let fields: Vec<Slot<'_>> = fields
                .iter()
                .map(|field| {
                    let boxed = context.plan.is_boxed(&schema.wire, &field.ty);
                    Slot::new(field, boxed, imports)
                })
                .collect();
            let mut out = structure(&about, &schema.rust, &fields, EXTRA);
            if context.plan.is_built(&schema.wire) {
                let _ = write!(
                    out,
                    "\nimpl {} {{\n{}",
                    schema.rust,
                    constructor(&fields, imports)
                );
                out += &setters(&fields, imports);
                out += "}\n";
            }
            out + &bridges(&schema.rust, &fields, imports)
        }
    }
}

/// A field with the name of its type.
pub(super) struct Slot<'f> {
    pub(super) field: &'f Field,
    boxed: bool,
    type_name: String,
}

impl<'f> Slot<'f> {
    pub(super) fn new(field: &'f Field, boxed: bool, imports: &mut Imports<'_>) -> Self {
        let mut type_name = imports.name(&field.ty);
        if boxed {
            type_name = format!("Box<{type_name}>");
        }
        Self {
            field,
            boxed,
            type_name,
        }
    }

    /// `value` as the field takes it.
    pub(super) fn converted(&self, value: &str, imports: &Imports<'_>) -> String {
        match (self.boxed, imports.converts(&self.field.ty)) {
            (true, true) => format!("Box::new({value}.into())"),
            (true, false) => format!("Box::new({value})"),
            (false, true) => format!("{value}.into()"),
            (false, false) => value.to_owned(),
        }
    }
}

/// The struct; `more` are further fields, and ends with the doc of `extra`.
pub(super) fn structure(about: &str, name: &str, slots: &[Slot<'_>], more: &str) -> String {
    let mut out = format!(
        "\n{}#[derive(Clone, Default, PartialEq)]\n#[non_exhaustive]\npub struct {name} {{\n",
        docs::outer(about)
    );
    for Slot {
        field, type_name, ..
    } in slots
    {
        out += &docs::field(&field.wire, &field.doc);
        let _ = match field.required {
            true => writeln!(out, "pub {}: {type_name},", field.rust),
            false => writeln!(out, "pub {}: Option<{type_name}>,", field.rust),
        };
    }
    out += more;
    out += "pub extra: Extra,\n}\n";
    out
}

/// `new` with the required fields.
pub(super) fn constructor(slots: &[Slot<'_>], imports: &mut Imports<'_>) -> String {
    let required: Vec<&Slot<'_>> = slots.iter().filter(|slot| slot.field.required).collect();
    if required.is_empty() {
        return "/// Creates a value without any field set.\npub fn new() -> Self { Self::default() }\n".to_owned();
    }
    let (arguments, values) = arguments(&required, imports);
    format!(
        "/// Creates a value with the required fields; setters add the others.\n\
         pub fn new({arguments}) -> Self {{ Self {{ {values} ..Self::default() }} }}\n"
    )
}

/// Argument list and field initialisers of required fields.
fn arguments(required: &[&Slot<'_>], imports: &mut Imports<'_>) -> (String, String) {
    let (mut arguments, mut values) = (String::new(), String::new());
    for slot in required {
        let name = &slot.field.rust;
        let _ = write!(arguments, "{name}: {}, ", imports.argument(&slot.field.ty));
        let value = slot.converted(name, imports);
        let _ = match value == *name {
            true => write!(values, "{name}, "),
            false => write!(values, "{name}: {value}, "),
        };
    }
    (arguments, values)
}

/// One setter for each optional field.
pub(super) fn setters(slots: &[Slot<'_>], imports: &mut Imports<'_>) -> String {
    let mut out = String::new();
    for slot in slots.iter().filter(|slot| !slot.field.required) {
        let Field { wire, rust, ty, .. } = slot.field;
        let _ = write!(
            out,
            "\n/// Sets `{wire}`.\n#[must_use]\npub fn {rust}(mut self, value: {}) -> Self {{\n\
             self.{rust} = Some({});\nself\n}}\n",
            imports.argument(ty),
            slot.converted("value", imports)
        );
    }
    out
}

/// How the model is read and written.
pub(super) fn bridges(name: &str, slots: &[Slot<'_>], imports: &mut Imports<'_>) -> String {
    imports.use_model();
    let (mut reads, mut writes) = (String::new(), String::new());
    for Slot { field, .. } in slots {
        let Field { wire, rust, .. } = field;
        let (read, write) = match field.required {
            true => (
                format!("reader.required({wire:?}, &mut self.{rust})"),
                format!("object.required({wire:?}, &self.{rust});\n"),
            ),
            false => (
                format!("reader.field({wire:?}, &mut self.{rust}, &mut self.extra)"),
                format!("object.field({wire:?}, &self.{rust}, &self.extra);\n"),
            ),
        };
        let _ = writeln!(reads, "{wire:?} => {read},");
        writes += &write;
    }
    let body = match slots {
        [] => "Ok(false)".to_owned(),
        _ => format!("match key {{ {reads} _ => Ok(false), }}"),
    };
    let unused = if slots.is_empty() { "_" } else { "" };
    format!(
        "\nimpl Model for {name} {{\n\
         fn read_field(&mut self, {unused}key: &str, {unused}reader: &mut Reader<'_>) -> Result<bool, common_model::Error> {{ {body} }}\n\n\
         fn write_fields(&self, {unused}object: &mut ObjectWriter<'_>) {{ {writes} }}\n\n\
         fn extra(&self) -> &Extra {{ &self.extra }}\n\n\
         fn extra_mut(&mut self) -> &mut Extra {{ &mut self.extra }}\n\
         }}\n\ncommon_model::model!({name});\n"
    )
}

/// An open list of values; a value named `unknown` gives way to the variant that keeps unknown ones.
fn open_enum(about: &str, name: &str, values: &[String]) -> String {
    let mut out = String::from("\ncommon_model::open_enum! {\n");
    for line in docs::outer(about).lines() {
        let _ = writeln!(out, "    {line}");
    }
    let _ = writeln!(out, "    pub enum {name} {{");
    for value in values {
        let variant = variant(value);
        let _ = writeln!(out, "        {variant} = {value:?},");
    }
    out += "    }\n}\n";
    out
}

/// A value's variant.
pub(crate) fn variant(value: &str) -> String {
    match names::type_name(value) {
        name if name == "Unknown" => "UnknownValue".to_owned(),
        name => name,
    }
}
