//! Decides where each type stands, which get setters and which references need a box.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    ir::{Operation, Output, Schema, Service, Shape, Type},
    names,
    sizes::Sizes,
};

/// The module of what several groups use.
pub(crate) const SHARED: &str = "shared";

/// The file whose schemas belong to no group.
const COMMON: &str = "common";

#[derive(Debug)]
pub(crate) struct Plan {
    /// Schema (by wire name) to module.
    modules: BTreeMap<String, String>,
    /// Schemas that users build: what requests send, what webhooks hold, and what nothing of both uses.
    built: BTreeSet<String>,
    /// Models that lead back to themselves, as pairs of model and field's type: without a box they had no size.
    recursive: BTreeSet<(String, String)>,
    /// What is too large to stand in another model without a box.
    sizes: Sizes,
    /// The groups, in order.
    pub(crate) groups: Vec<String>,
}

impl Plan {
    pub(crate) fn new(service: &Service) -> Self {
        let mut users: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut built = BTreeSet::new();
        let mut groups = BTreeSet::new();
        for operation in service.calls() {
            groups.insert(operation.group.clone());
            for (root, is_built) in roots(operation) {
                for name in closure(service, root) {
                    users
                        .entry(name.clone())
                        .or_default()
                        .insert(operation.group.clone());
                    if is_built {
                        built.insert(name);
                    }
                }
            }
        }
        let used: BTreeSet<String> = users.keys().cloned().collect();
        for schema in &service.schemas {
            if used.contains(&schema.wire) {
                continue;
            }
            let module = module_of_file(schema);
            for name in closure(service, &schema.wire) {
                users
                    .entry(name.clone())
                    .or_default()
                    .insert(module.clone());
                built.insert(name);
            }
            if module != SHARED && !matches!(schema.shape, Shape::Alias(_)) {
                groups.insert(module);
            }
        }
        let modules = users
            .into_iter()
            .map(|(name, users)| (name, module_of_users(users)));
        let recursive = find_recursion(service);
        Self {
            modules: modules.collect(),
            built,
            sizes: Sizes::of(service, &recursive),
            recursive,
            groups: groups.into_iter().collect(),
        }
    }

    /// The schemas that stand in this module, in the order of the descriptions.
    pub(crate) fn schemas_of<'s>(&self, service: &'s Service, module: &str) -> Vec<&'s Schema> {
        let stands_here = |schema: &&Schema| self.module(&schema.wire) == module;
        service.schemas.iter().filter(stands_here).collect()
    }

    pub(crate) fn module(&self, schema: &str) -> &str {
        self.modules.get(schema).map_or(SHARED, String::as_str)
    }

    pub(crate) fn is_built(&self, schema: &str) -> bool {
        self.built.contains(schema)
    }

    /// Whether a field of this type stands in a box inside of this schema.
    pub(crate) fn is_boxed(&self, schema: &str, ty: &Type) -> bool {
        let leads_back = |name: &str| {
            self.recursive
                .contains(&(schema.to_owned(), name.to_owned()))
        };
        direct(ty).into_iter().any(leads_back) || self.is_large(ty)
    }

    /// Whether a value of this type stands in a box wherever it is a field: it is a large model.
    pub(crate) fn is_large(&self, ty: &Type) -> bool {
        self.sizes.is_large(ty)
    }
}

/// The schemas that an operation or webhook names itself, and whether users build them: what they send, and for a
/// webhook what they answer.
fn roots(operation: &Operation) -> Vec<(&str, bool)> {
    let mut roots = Vec::new();
    for param in &operation.params {
        roots.extend(
            param
                .field
                .ty
                .references()
                .into_iter()
                .map(|name| (name, true)),
        );
    }
    if let Output::Json(ty) = &operation.output {
        let is_built = operation.is_webhook();
        roots.extend(ty.references().into_iter().map(|name| (name, is_built)));
    }
    roots
}

fn module_of_file(schema: &Schema) -> String {
    match schema.file.as_str() {
        COMMON => SHARED.to_owned(),
        stem => names::field(stem),
    }
}

fn module_of_users(users: BTreeSet<String>) -> String {
    let mut users = users.into_iter();
    match (users.next(), users.next()) {
        (Some(only), None) => only,
        _ => SHARED.to_owned(),
    }
}

/// A schema and all it stands on.
fn closure(service: &Service, root: &str) -> BTreeSet<String> {
    walk(service, root, Type::references)
}

fn walk(service: &Service, root: &str, edges: fn(&Type) -> Vec<&str>) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let mut open = vec![root.to_owned()];
    while let Some(name) = open.pop() {
        if !seen.insert(name.clone()) {
            continue;
        }
        for ty in service.schema(&name).map(types).unwrap_or_default() {
            open.extend(edges(ty).into_iter().map(str::to_owned));
        }
    }
    seen
}

fn types(schema: &Schema) -> Vec<&Type> {
    match &schema.shape {
        Shape::Model(fields) => fields.iter().map(|field| &field.ty).collect(),
        Shape::Alias(ty) => vec![ty],
        Shape::Enum(_) => Vec::new(),
    }
}

/// The schemas whose size is part of this type's: lists and maps stand on the heap anyway.
fn direct(ty: &Type) -> Vec<&str> {
    match ty {
        Type::Ref(_) | Type::Custom(..) => ty.references(),
        _ => Vec::new(),
    }
}

/// The references that lead back to where they start.
fn find_recursion(service: &Service) -> BTreeSet<(String, String)> {
    let mut pairs = BTreeSet::new();
    for schema in &service.schemas {
        for name in types(schema).into_iter().flat_map(direct) {
            if walk(service, name, direct).contains(&schema.wire) {
                pairs.insert((schema.wire.clone(), name.to_owned()));
            }
        }
    }
    pairs
}
