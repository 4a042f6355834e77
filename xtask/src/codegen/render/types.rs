//! Names of types in the generated code, and the imports they need.

use std::collections::BTreeSet;

use super::Context;
use crate::codegen::{
    ir::{Shape, Type},
    plan::SHARED,
};

/// Names that every generated file uses for something else.
pub(crate) const RESERVED: &[&str] = &[
    "Box",
    "Bytes",
    "Default",
    "Error",
    "Extra",
    "Handle",
    "Idempotency",
    "Into",
    "Metadata",
    "Method",
    "Model",
    "ObjectWriter",
    "Operation",
    "Option",
    "Param",
    "Place",
    "RateClass",
    "Reader",
    "Request",
    "Response",
    "Result",
    "Scope",
    "ScopeBasis",
    "String",
    "Vec",
];

/// What a file imports.
pub(crate) struct Imports<'a> {
    context: &'a Context<'a>,
    module: &'a str,
    common: BTreeSet<&'static str>,
    shared: BTreeSet<String>,
    has_models: bool,
    has_rate_class: bool,
    has_scope: bool,
    has_params: bool,
}

impl<'a> Imports<'a> {
    pub(crate) fn new(context: &'a Context<'a>, module: &'a str) -> Self {
        Self {
            context,
            module,
            common: BTreeSet::new(),
            shared: BTreeSet::new(),
            has_models: false,
            has_rate_class: false,
            has_scope: false,
            has_params: false,
        }
    }

    /// A model stands in the file.
    pub(crate) fn use_model(&mut self) {
        self.has_models = true;
    }

    /// An operation has parameters.
    pub(crate) fn use_params(&mut self) {
        self.has_params = true;
    }

    /// An operation names a rate class.
    pub(crate) fn use_rate_class(&mut self) {
        self.has_rate_class = true;
    }

    pub(crate) fn use_scope(&mut self) {
        self.has_scope = true;
    }

    /// The type's name in Rust.
    pub(crate) fn name(&mut self, ty: &Type) -> String {
        match ty {
            Type::Bool => "bool".to_owned(),
            Type::Integer => "i64".to_owned(),
            Type::String => "String".to_owned(),
            Type::Secret => self.common("SecretText"),
            Type::Decimal => self.common("Decimal"),
            Type::Timestamp => self.common("Timestamp"),
            Type::Id => self.common("Id"),
            Type::Value => self.common("Value"),
            Type::Date => "common_model::civil::Date".to_owned(),
            Type::DateTime => "common_model::civil::DateTime".to_owned(),
            Type::Time => "common_model::civil::Time".to_owned(),
            Type::List(item) => format!("Vec<{}>", self.name(item)),
            Type::Map(item) => format!("{}<{}>", self.common("Map"), self.name(item)),
            Type::ListOrMap(item) => format!("{}<{}>", self.common("ListOrMap"), self.name(item)),
            Type::Ref(name) => self.schema(name),
            Type::Custom(path, _) => path.clone(),
        }
    }

    /// The type that stands for every integer in an argument.
    pub(super) fn integer(&mut self) -> String {
        self.common("Integer")
    }

    /// What the named schema is.
    pub(super) fn shape(&self, name: &str) -> Option<&Shape> {
        let schema = self.context.service.schema(name);
        schema.map(|schema| &schema.shape)
    }

    /// The `use` lines.
    pub(crate) fn lines(&self, has_operations: bool) -> String {
        let mut common: BTreeSet<&str> = self.common.clone();
        if self.has_models {
            common.extend(["Extra", "Model", "ObjectWriter", "Reader"]);
        }
        let mut out = String::new();
        if has_operations {
            out += "use bytes::Bytes;\nuse common_api::WireFormat as _;\n";
        }
        if !common.is_empty() {
            out += &format!("use common_model::{{{}}};\n", join(common));
        }
        if !has_operations && self.has_params {
            out += "use common_transport::{Param, Place};\n";
        }
        if has_operations {
            let params = if self.has_params {
                ", Param, Place"
            } else {
                ""
            };
            let rate_class = if self.has_rate_class {
                ", RateClass"
            } else {
                ""
            };
            let scope = if self.has_scope {
                ", Scope, ScopeBasis"
            } else {
                ""
            };
            out += &format!(
                "use common_transport::{{Decoder, Error, Idempotency, Metadata, Operation{params}{rate_class}{scope}}};
\
                 use http::{{Method, Request, Response}};\n"
            );
        }
        if !self.shared.is_empty() {
            let shared = join(self.shared.iter().map(String::as_str));
            out += &format!("\nuse super::shared::{{{shared}}};");
        }
        if has_operations {
            out += "\nuse crate::wire;\n";
        }
        out
    }

    /// A type of common-model, in full where a schema has the same name.
    fn common(&mut self, name: &'static str) -> String {
        let schemas = &self.context.service.schemas;
        let mut calls = self.context.service.calls();
        if schemas.iter().any(|schema| schema.rust == name) || calls.any(|call| call.rust == name) {
            return format!("common_model::{name}");
        }
        self.common.insert(name);
        name.to_owned()
    }

    fn schema(&mut self, name: &str) -> String {
        let Some(schema) = self.context.service.schema(name) else {
            return self.common("Value");
        };
        if let Shape::Alias(ty) = &schema.shape {
            return self.name(ty);
        }
        if self.module != SHARED && self.context.plan.module(name) == SHARED {
            self.shared.insert(schema.rust.clone());
        }
        schema.rust.clone()
    }
}

fn join<'s>(names: impl IntoIterator<Item = &'s str>) -> String {
    names.into_iter().collect::<Vec<_>>().join(", ")
}

/// Whoever compiles the crate need not compile the functions that nobody calls. The compiler treats a generic one so
/// by itself.
pub(super) fn inline(arguments: &str) -> &'static str {
    match arguments.contains("impl ") {
        true => "",
        false => "#[inline]\n",
    }
}
