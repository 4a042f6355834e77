//! `shopwire call --describe SERVICE OPERATION`: what an operation does and takes.

use std::fmt::Write as _;

use common_api::OperationEntry;
use common_model::to_json;
use common_transport::{Idempotency, Metadata, Param, Place, ScopeBasis};

use super::{
    description::{Described, Description, Schema},
    list,
};
use crate::{args::Call, failure::Failure, output};

/// Prints the description, as text or as JSON.
pub(super) fn print(call: &Call, entry: &OperationEntry) -> Result<(), Failure> {
    let description = Description::of(call.service);
    let described = description.operation(entry);
    let sheet = Sheet::of(entry, described, call.depth);
    match call.json {
        true => output::json(&sheet.to_json(), call.layout()),
        false => output::write(sheet.to_text().as_bytes()),
    }
}

/// All that is known about an operation.
struct Sheet<'d> {
    entry: &'d OperationEntry,
    described: Option<Described<'d>>,
    params: Vec<Field>,
}

/// A parameter, or a field inside of one.
struct Field {
    name: String,
    type_name: String,
    meaning: String,
    /// The part of the request; for parameters only.
    place: Option<&'static str>,
    is_required: bool,
    is_read_only: bool,
    allowed: Vec<String>,
    fields: Vec<Field>,
    /// Whether there are fields that are not shown, because they lie deeper than the limit.
    has_more: bool,
}

impl<'d> Sheet<'d> {
    fn of(entry: &'d OperationEntry, described: Option<Described<'d>>, depth: usize) -> Self {
        let params = entry.metadata.params.iter();
        let params = params.map(|param| Field::of_param(param, described, depth));
        Self {
            entry,
            described,
            params: params.collect(),
        }
    }

    fn metadata(&self) -> &'static Metadata {
        self.entry.metadata
    }

    fn is_idempotent(&self) -> bool {
        self.metadata().idempotency == Idempotency::Idempotent
    }

    fn page_sizes(&self) -> Option<Vec<u64>> {
        self.described?.page_sizes()
    }

    fn to_text(&self) -> String {
        let metadata = self.metadata();
        let mut out = format!(
            "{} {}  {} {}\n",
            metadata.service,
            metadata.name,
            metadata.method,
            list::path(self.entry)
        );
        let texts = self
            .described
            .map(|described| [described.summary(), described.details()]);
        for text in texts.into_iter().flatten().filter(|text| !text.is_empty()) {
            out.push_str(text);
            out.push('\n');
        }
        let mut line = |name: &str, text: &str| {
            // Writing to a String cannot fail.
            let _ = writeln!(out, "{name:<11}  {text}");
        };
        line("", "");
        line("scope", &self.scope());
        line("repeat", self.repeat());
        line("rate class", metadata.rate_class.0);
        if let Some(sizes) = self.page_sizes() {
            let sizes: Vec<String> = sizes.iter().map(ToString::to_string).collect();
            line("page sizes", &sizes.join(", "));
        }
        line("", "");
        let out = out.replace("             \n", "\n");
        match self.params.as_slice() {
            [] => out + "The operation takes no parameters.\n",
            params => out + &table(params),
        }
    }

    fn scope(&self) -> String {
        match self.metadata().scope {
            None => "none is known".to_owned(),
            Some(scope) => format!("{} ({})", scope.name, basis(scope.basis)),
        }
    }

    fn repeat(&self) -> &'static str {
        match (self.metadata().is_read(), self.is_idempotent()) {
            (true, _) => "safe: the operation changes nothing",
            (false, true) => "safe: a second call has no further effect",
            (false, false) => "not safe: a second call may double the effect",
        }
    }

    fn to_json(&self) -> String {
        let metadata = self.metadata();
        let text = |text: fn(Described<'d>) -> &'d str| {
            let text = self.described.map(text).filter(|text| !text.is_empty());
            text.map_or("null".to_owned(), to_json)
        };
        let scope = metadata.scope.map(|scope| {
            let basis = to_json(basis(scope.basis));
            format!("{{\"name\":{},\"basis\":{basis}}}", to_json(scope.name))
        });
        let sizes = self.page_sizes().map(|sizes| format!("{sizes:?}"));
        let params: Vec<String> = self.params.iter().map(Field::to_json).collect();
        format!(
            "{{\"service\":{},\"operation\":{},\"method\":{},\"path\":{},\"summary\":{},\"details\":{},\"scope\":{},\
             \"idempotent\":{},\"reads\":{},\"rate_class\":{},\"page_sizes\":{},\"params\":[{}]}}",
            to_json(metadata.service),
            to_json(metadata.name),
            to_json(metadata.method.as_str()),
            to_json(list::path(self.entry)),
            text(Described::summary),
            text(Described::details),
            scope.as_deref().unwrap_or("null"),
            self.is_idempotent(),
            metadata.is_read(),
            to_json(metadata.rate_class.0),
            sizes.as_deref().unwrap_or("null"),
            params.join(",")
        )
    }
}

impl Field {
    fn of_param(param: &Param, described: Option<Described<'_>>, depth: usize) -> Self {
        let meant = described.and_then(|described| described.param(param.name));
        let mut field = match meant {
            Some(meant) => Self::new(param.name, meant.schema, depth),
            None => Self::unknown(param.name),
        };
        if let Some(meant) = meant {
            field.meaning = meant.meaning.to_owned();
        }
        if param.place == Place::Binary {
            field.type_name = "bytes".to_owned();
            field.meaning = "The content of the file of --input.".to_owned();
        }
        field.place = Some(place(param.place));
        field.is_required = param.required;
        field
    }

    fn new(name: &str, schema: Schema<'_>, depth: usize) -> Self {
        // The fields of a list are those of its items.
        let whole = match schema.is_list() {
            true => schema.items().unwrap_or(schema),
            false => schema,
        };
        let members = whole.fields();
        let values = whole.values().filter(|values| !values.fields().is_empty());
        let is_deep = depth > 1;
        let mut fields = Vec::new();
        if is_deep {
            fields.extend(members.iter().map(|(name, schema, is_required)| {
                let mut field = Self::new(name, *schema, depth - 1);
                field.is_required = *is_required;
                field
            }));
            fields.extend(values.map(|values| Self::new("<key>", values, depth - 1)));
        }
        Self {
            type_name: schema.type_name(),
            meaning: schema.meaning().to_owned(),
            is_read_only: schema.is_read_only(),
            allowed: schema.allowed().into_iter().map(to_json).collect(),
            has_more: !is_deep && (!members.is_empty() || values.is_some()),
            fields,
            ..Self::unknown(name)
        }
    }

    fn unknown(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            type_name: "any".to_owned(),
            meaning: String::new(),
            place: None,
            is_required: false,
            is_read_only: false,
            allowed: Vec::new(),
            fields: Vec::new(),
            has_more: false,
        }
    }

    /// Place, marks and meaning in one text.
    fn about(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        parts.extend(self.place.map(|place| format!("{place}.")));
        if self.is_required {
            parts.push("Required.".to_owned());
        }
        if self.is_read_only {
            parts.push("Computed by the service.".to_owned());
        }
        if !self.meaning.is_empty() {
            parts.push(self.meaning.clone());
        }
        if !self.allowed.is_empty() {
            parts.push(format!("One of {}.", self.allowed.join(", ")));
        }
        if self.has_more {
            parts.push("(more with --depth)".to_owned());
        }
        parts.join(" ")
    }

    fn to_json(&self) -> String {
        let mut out = format!("{{\"name\":{}", to_json(self.name.as_str()));
        if let Some(place) = self.place {
            out.push_str(&format!(",\"in\":{}", to_json(place)));
        }
        let meaning = Some(self.meaning.as_str()).filter(|text| !text.is_empty());
        out.push_str(&format!(
            ",\"type\":{},\"required\":{},\"meaning\":{}",
            to_json(self.type_name.as_str()),
            self.is_required,
            meaning.map_or("null".to_owned(), to_json)
        ));
        if self.is_read_only {
            out.push_str(",\"read_only\":true");
        }
        if !self.allowed.is_empty() {
            out.push_str(&format!(",\"allowed\":[{}]", self.allowed.join(",")));
        }
        if !self.fields.is_empty() {
            let fields: Vec<String> = self.fields.iter().map(Self::to_json).collect();
            out.push_str(&format!(",\"fields\":[{}]", fields.join(",")));
        }
        if self.has_more {
            out.push_str(",\"more\":true");
        }
        out.push('}');
        out
    }
}

/// The tree of fields, in three columns.
fn table(params: &[Field]) -> String {
    fn rows(fields: &[Field], depth: usize, out: &mut Vec<(String, String, String)>) {
        for field in fields {
            let name = format!("{}{}", "  ".repeat(depth), field.name);
            out.push((name, field.type_name.clone(), field.about()));
            rows(&field.fields, depth + 1, out);
        }
    }
    let mut lines = Vec::new();
    rows(params, 0, &mut lines);
    let width = |column: fn(&(String, String, String)) -> &String| {
        let widths = lines.iter().map(|line| column(line).chars().count());
        widths.max().unwrap_or_default()
    };
    let (names, types) = (width(|line| &line.0), width(|line| &line.1));
    let lines = lines.iter().map(|(name, type_name, about)| {
        let line = format!("{name:<names$}  {type_name:<types$}  {about}");
        line.trim_end().to_owned() + "\n"
    });
    lines.collect()
}

fn place(place: Place) -> &'static str {
    match place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Form => "form",
        Place::FormJson => "form, as JSON",
        Place::FormBrackets => "form, in brackets",
        Place::Body => "body",
        Place::Binary => "the body",
        _ => "request",
    }
}

fn basis(basis: ScopeBasis) -> &'static str {
    match basis {
        ScopeBasis::Stated => "stated by the documentation",
        ScopeBasis::OfficialCode => "used by an official module",
        ScopeBasis::Inferred => "inferred, not certain",
        _ => "of another source",
    }
}
