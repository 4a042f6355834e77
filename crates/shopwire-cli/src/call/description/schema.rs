//! JSON Schemas as far as the bundled descriptions use them.

use common_model::Value as Json;

/// Maximum length of a chain of references; longer ones are circles.
const MOST_REFERENCES: usize = 16;

/// A schema; references are followed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Schema<'d> {
    root: &'d Json,
    /// The schema as it stands in the description, perhaps a reference with a description of its own.
    given: &'d Json,
    at: &'d Json,
}

/// How the text of a value is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Reads {
    /// `true` and `false` are booleans.
    Boolean,
    /// A JSON number is a number.
    Number,
    /// Everything is text: a string, or a type that is not clear.
    Text,
}

impl<'d> Schema<'d> {
    pub(super) fn new(root: &'d Json, given: &'d Json) -> Self {
        let mut at = given;
        for _ in 0..MOST_REFERENCES {
            let reference = at.get("$ref").and_then(Json::as_str);
            let Some(pointer) = reference.and_then(|reference| reference.strip_prefix('#')) else {
                break;
            };
            let Some(next) = root.pointer(pointer) else {
                break;
            };
            at = next;
        }
        Self { root, given, at }
    }

    fn with(self, given: &'d Json) -> Self {
        Self::new(self.root, given)
    }

    /// The meaning of the values; empty if the description does not say it.
    pub(in super::super) fn meaning(self) -> &'d str {
        let text = |json: &'d Json| json.get("description").and_then(Json::as_str);
        text(self.given)
            .or_else(|| text(self.at))
            .unwrap_or_default()
    }

    /// The alternatives, or the schema itself.
    fn variants(self) -> Vec<Self> {
        let all = ["oneOf", "anyOf", "allOf"].into_iter();
        let listed = all.filter_map(|name| self.at.get(name)?.as_array());
        let variants: Vec<Self> = listed.flatten().map(|schema| self.with(schema)).collect();
        match variants.is_empty() {
            true => vec![self],
            false => variants,
        }
    }

    /// The names of JSON types, without `null`.
    pub(crate) fn types(self) -> Vec<&'d str> {
        let own = match self.at.get("type") {
            Some(Json::Array(types)) => types.iter().filter_map(Json::as_str).collect(),
            Some(Json::String(name)) => vec![name.as_str()],
            _ => Vec::new(),
        };
        let own = own.into_iter().filter(|name| *name != "null");
        let mut types: Vec<&str> = own.collect();
        if types.is_empty() {
            let variants = self.variants().into_iter();
            // A schema without alternatives is its own only variant.
            let others = variants.filter(|schema| !std::ptr::eq(schema.at, self.at));
            for name in others.flat_map(Self::types) {
                if !types.contains(&name) {
                    types.push(name);
                }
            }
        }
        types
    }

    pub(in super::super) fn reads(self) -> Reads {
        match self.types().as_slice() {
            [] => Reads::Text,
            ["boolean"] => Reads::Boolean,
            types
                if types
                    .iter()
                    .all(|name| ["integer", "number"].contains(name)) =>
            {
                Reads::Number
            }
            _ => Reads::Text,
        }
    }

    /// Whether the values are lists and nothing else.
    pub(crate) fn is_list(self) -> bool {
        self.types() == ["array"]
    }

    /// Whether the values may be objects.
    pub(crate) fn is_object(self) -> bool {
        self.types().contains(&"object")
    }

    /// Whether the values are secrets.
    pub(in super::super) fn is_secret(self) -> bool {
        self.at.get("format").and_then(Json::as_str) == Some("password")
    }

    /// Whether the service computes the value.
    pub(crate) fn is_read_only(self) -> bool {
        let says = |json: &Json| json.get("readOnly").and_then(Json::as_bool);
        says(self.given).or_else(|| says(self.at)) == Some(true)
    }

    /// The format of the values, such as `decimal`.
    pub(crate) fn format(self) -> Option<&'d str> {
        self.at.get("format").and_then(Json::as_str)
    }

    /// The schema of a member of an object.
    pub(crate) fn child(self, name: &str) -> Option<Self> {
        let own = self.at.get("properties").and_then(|all| all.get(name));
        if let Some(schema) = own {
            return Some(self.with(schema));
        }
        let deeper = self.variants().into_iter();
        let mut deeper = deeper.filter(|schema| !std::ptr::eq(schema.at, self.at));
        deeper
            .find_map(|schema| schema.child(name))
            .or_else(|| self.values())
    }

    /// The schema of the values under names that are not fixed.
    pub(crate) fn values(self) -> Option<Self> {
        let values = self.at.get("additionalProperties")?;
        values.as_object().map(|_| self.with(values))
    }

    /// The schema of the values, if the value is a map without fixed names, perhaps among other alternatives.
    pub(crate) fn entries(self) -> Option<Self> {
        let variants = self.variants().into_iter();
        let mut maps = variants.filter(|schema| schema.fields().is_empty());
        maps.find_map(Self::values)
    }

    /// The schema of a list's items.
    pub(crate) fn items(self) -> Option<Self> {
        let variants = self.variants().into_iter();
        let mut items = variants.filter_map(|schema| schema.at.get("items"));
        items.next().map(|items| self.with(items))
    }

    /// The members of an object with fixed names, and which of them are required.
    pub(crate) fn fields(self) -> Vec<(&'d str, Self, bool)> {
        let required = |schema: &Self, name: &str| {
            let names = schema.at.get("required").and_then(Json::as_array);
            names.is_some_and(|names| names.iter().any(|known| known.as_str() == Some(name)))
        };
        let of = |schema: &Self| -> Vec<(&'d str, Self, bool)> {
            let properties = schema.at.get("properties").and_then(Json::as_object);
            let members = properties.into_iter().flat_map(|members| members.iter());
            let members =
                members.map(|(name, member)| (name, self.with(member), required(schema, name)));
            members.collect()
        };
        self.variants().iter().flat_map(of).collect()
    }

    /// The values, if only some are allowed.
    pub(crate) fn allowed(self) -> Vec<&'d Json> {
        let constant = self.at.get("const").into_iter();
        let listed = self.at.get("enum").and_then(Json::as_array);
        constant.chain(listed.into_iter().flatten()).collect()
    }

    /// The type in a few words: `integer`, `decimal`, `list of string`.
    pub(crate) fn type_name(self) -> String {
        let format = self.at.get("format").and_then(Json::as_str);
        let mut names: Vec<String> = Vec::new();
        for name in self.types() {
            let name = match (name, format) {
                ("array", _) => self.list_name(),
                ("object", _) => self.object_name(),
                ("number", Some("decimal")) => "decimal".to_owned(),
                ("string", Some("date")) => "date".to_owned(),
                ("string", Some("date-time")) => "date and time with zone".to_owned(),
                ("string", Some("date-time-local")) => "date and time".to_owned(),
                ("string", Some("time-local")) => "time".to_owned(),
                ("string", Some("uri")) => "URL".to_owned(),
                ("string", Some("password")) => "secret".to_owned(),
                (name, _) => name.to_owned(),
            };
            names.push(name);
        }
        match names.is_empty() {
            true => "any".to_owned(),
            false => names.join(" or "),
        }
    }

    fn list_name(self) -> String {
        let most = self.at.get("maxItems").and_then(Json::as_i64);
        let most = most.map_or(String::new(), |most| format!(" (at most {most})"));
        let items = self.items().map_or("any".to_owned(), Self::short_name);
        format!("list of {items}{most}")
    }

    fn object_name(self) -> String {
        match self.values() {
            Some(values) if self.fields().is_empty() => format!("map of {}", values.short_name()),
            _ => "object".to_owned(),
        }
    }

    /// The type without the types inside of it, which may lead back to it.
    fn short_name(self) -> String {
        match self.types().as_slice() {
            ["array"] => "list".to_owned(),
            types if types.contains(&"object") => "object".to_owned(),
            _ => self.type_name(),
        }
    }
}
