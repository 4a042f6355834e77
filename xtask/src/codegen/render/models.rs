//! Models and open enums.

use std::fmt::Write as _;

use super::{
    Context, constructors, docs,
    types::{Imports, inline},
};
use crate::codegen::{
    ir::{Field, Schema, Shape, Type},
    names,
};

/// The doc of a model's last field.
const EXTRA: &str = "/// Unknown fields, and fields that came empty.\n";

/// The doc of a field without a setter.
const COMPUTED: &str = "///\n/// The service computes it and ignores what is sent.\n";

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
                out += &built(&schema.rust, &fields, imports);
            }
            out + &bridges(&schema.rust, &fields, imports)
        }
    }
}

/// How users build the struct `name`.
pub(super) fn built(name: &str, slots: &[Slot<'_>], imports: &mut Imports<'_>) -> String {
    let fields = constructors::fields(name, slots, imports);
    let new = constructors::new(name, slots, imports);
    let setters = setters(slots, imports);
    format!("{fields}\nimpl {name} {{\n{new}{setters}}}\n")
}

/// A field with the name of its type.
pub(super) struct Slot<'f> {
    pub(super) field: &'f Field,
    is_boxed: bool,
    type_name: String,
}

impl<'f> Slot<'f> {
    pub(super) fn new(field: &'f Field, is_boxed: bool, imports: &mut Imports<'_>) -> Self {
        let mut type_name = imports.name(&field.ty);
        if is_boxed {
            type_name = format!("Box<{type_name}>");
        }
        Self {
            field,
            is_boxed,
            type_name,
        }
    }

    /// `value`, which a caller gave, as the field takes it.
    pub(super) fn converted(&self, value: &str, imports: &mut Imports<'_>) -> String {
        self.boxed(imports.converted(&self.field.ty, value))
    }

    /// `value` of the field's type, in a box where the field has one.
    pub(super) fn boxed(&self, value: String) -> String {
        match self.is_boxed {
            true => format!("Box::new({value})"),
            false => value,
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
        if field.read_only {
            out += COMPUTED;
        }
        let _ = match field.required {
            true => writeln!(out, "pub {}: {type_name},", field.rust),
            false => writeln!(out, "pub {}: Option<{type_name}>,", field.rust),
        };
    }
    out += more;
    out += "pub extra: Extra,\n}\n";
    out
}

/// The setters of each optional field that is not computed.
pub(super) fn setters(slots: &[Slot<'_>], imports: &mut Imports<'_>) -> String {
    let mut out = String::new();
    let is_set = |slot: &&Slot<'_>| !slot.field.required && !slot.field.read_only;
    for slot in slots.iter().filter(is_set) {
        out += &setter(slot, imports);
        if slot.field.ty == Type::Decimal {
            out += &text_setter(slot.field);
        }
        if slot.field.clears {
            out += &clearer(slot.field);
        }
    }
    out
}

fn setter(slot: &Slot<'_>, imports: &mut Imports<'_>) -> String {
    let Field { wire, rust, ty, .. } = slot.field;
    let argument = imports.argument(ty);
    let inline = inline(&argument);
    format!(
        "\n/// Sets `{wire}`.\n#[must_use]\n{inline}pub fn {rust}(mut self, value: {argument}) -> Self {{\n\
         self.{rust} = Some({});\nself\n}}\n",
        slot.converted("value", imports)
    )
}

/// A decimal that is still a text may be none.
fn text_setter(field: &Field) -> String {
    let Field { wire, rust, .. } = field;
    let name = rust.trim_matches('_');
    format!(
        "\n/// Sets `{wire}` to the decimal in a text.\n///\n/// # Errors\n\
         /// The text is no decimal; the error names the field.\n\
         #[inline]\npub fn try_{name}(self, text: &str) -> Result<Self, common_model::Error> {{\n\
         common_model::parse_decimal({wire:?}, text).map(|value| self.{rust}(value))\n}}\n"
    )
}

/// An explicit null, which is not the same as a field that is not sent.
fn clearer(field: &Field) -> String {
    let Field { wire, rust, .. } = field;
    let name = rust.trim_matches('_');
    format!(
        "\n/// Clears `{wire}` at the service: sends null.\n#[must_use]\n#[inline]\n\
         pub fn clear_{name}(mut self) -> Self {{\n\
         common_model::__private::clear_known(&mut self, {wire:?});\nself\n}}\n"
    )
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
         #[inline]\nfn extra(&self) -> &Extra {{ &self.extra }}\n\n\
         #[inline]\nfn extra_mut(&mut self) -> &mut Extra {{ &mut self.extra }}\n\
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
