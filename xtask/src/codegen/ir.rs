//! What a description says, in the generator's own terms.

/// One service: all its documents read together.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) schemas: Vec<Schema>,
    pub(crate) operations: Vec<Operation>,
    /// What the service sends by itself; its path is its name.
    pub(crate) webhooks: Vec<Operation>,
}

impl Service {
    /// Whatever has parameters and an answer.
    pub(crate) fn calls(&self) -> impl Iterator<Item = &Operation> {
        self.operations.iter().chain(&self.webhooks)
    }

    pub(crate) fn schema(&self, name: &str) -> Option<&Schema> {
        self.schemas.iter().find(|schema| schema.wire == name)
    }

    /// The model that a value of this type is, itself or by another name; none for anything else.
    pub(crate) fn model(&self, ty: &Type) -> Option<(&Schema, &[Field])> {
        let Type::Ref(name) = ty else {
            return None;
        };
        let schema = self.schema(name)?;
        match &schema.shape {
            Shape::Model(fields) => Some((schema, fields)),
            Shape::Alias(ty) => self.model(ty),
            Shape::Enum(_) => None,
        }
    }
}

/// A named schema that becomes a Rust type.
#[derive(Debug)]
pub(crate) struct Schema {
    /// Its name in the description.
    pub(crate) wire: String,
    /// Its name in Rust.
    pub(crate) rust: String,
    pub(crate) doc: String,
    /// The stem of the file that describes it.
    pub(crate) file: String,
    pub(crate) shape: Shape,
}

#[derive(Debug)]
pub(crate) enum Shape {
    Model(Vec<Field>),
    /// An open list of values.
    Enum(Vec<String>),
    /// A name for a type that needs none in Rust: a list, a map, a text.
    Alias(Type),
}

/// A field of a model, or a parameter of an operation.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) wire: String,
    pub(crate) rust: String,
    pub(crate) doc: String,
    pub(crate) ty: Type,
    pub(crate) required: bool,
    /// The service computes it: it is read and never set.
    pub(crate) read_only: bool,
    /// Of a list or a map: it holds one element at most.
    pub(crate) is_one: bool,
    /// Null in an edit clears it at the service.
    pub(crate) clears: bool,
}

impl Field {
    /// Whether a constructor asks for it.
    pub(crate) fn is_asked(&self) -> bool {
        self.required && !self.read_only
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Type {
    Bool,
    Integer,
    Decimal,
    String,
    /// A text that never shows itself.
    Secret,
    Date,
    DateTime,
    Timestamp,
    Time,
    Id,
    Value,
    List(Box<Type>),
    Map(Box<Type>),
    ListOrMap(Box<Type>),
    /// A named schema.
    Ref(String),
    /// A hand-written type of the crate, and the schemas it stands on.
    Custom(String, Vec<String>),
}

impl Type {
    /// The named schemas this type stands on.
    pub(crate) fn references(&self) -> Vec<&str> {
        match self {
            Self::List(item) | Self::Map(item) | Self::ListOrMap(item) => item.references(),
            Self::Ref(name) => vec![name],
            Self::Custom(_, names) => names.iter().map(String::as_str).collect(),
            _ => Vec::new(),
        }
    }
}

#[derive(Debug)]
pub(crate) struct Operation {
    /// The name on the wire of commands: `orders.list_history`.
    pub(crate) name: String,
    pub(crate) group: String,
    /// The struct's name: `ListHistory`.
    pub(crate) rust: String,
    /// The name of the handle's method: `list_history`.
    pub(crate) method_name: String,
    pub(crate) doc: String,
    /// Upper case.
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) params: Vec<Param>,
    pub(crate) idempotent: bool,
    /// It changes nothing although its method may.
    pub(crate) reads: bool,
    pub(crate) rate_class: Option<String>,
    pub(crate) scope: Option<Scope>,
    pub(crate) partial: bool,
    /// The body is raw bytes.
    pub(crate) binary_body: bool,
    pub(crate) output: Output,
}

impl Operation {
    /// The parameters that hold an identifier of one of several kinds, each with the parameter that says which.
    pub(crate) fn references(&self) -> Vec<(&Param, &Param)> {
        let selector = |by: &String| self.params.iter().find(|other| other.field.wire == *by);
        let pair = |param: &'_ Param| param.by.as_ref().and_then(selector);
        let pairs = self.params.iter().map(|param| (param, pair(param)));
        pairs.filter_map(|(param, by)| Some((param, by?))).collect()
    }

    /// Whether the service calls, and not the client: it has a name of its own in place of a path.
    pub(crate) fn is_webhook(&self) -> bool {
        self.path == self.name
    }
}

#[derive(Debug)]
pub(crate) struct Param {
    pub(crate) field: Field,
    pub(crate) place: Place,
    /// The wire name of the parameter that says what kind of identifier this one is.
    pub(crate) by: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Place {
    Path,
    Query,
    Form,
    FormJson,
    FormBrackets,
    Body,
}

impl Place {
    /// The variant's name in `common_transport::Place`.
    pub(crate) fn rust(self) -> &'static str {
        match self {
            Self::Path => "Path",
            Self::Query => "Query",
            Self::Form => "Form",
            Self::FormJson => "FormJson",
            Self::FormBrackets => "FormBrackets",
            Self::Body => "Body",
        }
    }
}

#[derive(Debug)]
pub(crate) enum Output {
    /// A typed JSON answer.
    Json(Type),
    /// An answer without a body.
    Nothing,
    /// Raw bytes.
    Binary,
}

/// The scope that an operation's key needs.
#[derive(Debug)]
pub(crate) struct Scope {
    pub(crate) name: String,
    /// The variant of `ScopeBasis`.
    pub(crate) basis: &'static str,
}
