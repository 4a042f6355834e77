//! The value of a `--param`, typed by the description.

use common_model::{Map, Value as Json, from_json};
use common_transport::Error;

use super::{
    super::{
        description::{Reads, Schema},
        mask,
    },
    Single,
};
use crate::{args::Source, failure::Failure, input};

/// Reads a value: the text itself, a file's content (`@FILE`) or standard input (`-`).
///
/// # Errors
/// The failure names the key: the source cannot be read, the JSON is wrong, or the value is a secret that would be
/// seen among the arguments.
pub(super) fn read(single: &Single<'_>, schema: Option<Schema<'_>>) -> Result<Json, Failure> {
    let key = single.key.to_string();
    let source = source(single.value);
    let text = match &source {
        Some(source) => content(source).map_err(|failure| failure.about(&key))?,
        None => single
            .value
            .strip_prefix('@')
            .unwrap_or(single.value)
            .to_owned(),
    };
    let is_secret =
        schema.is_some_and(Schema::is_secret) || mask::is_secret(single.key.last_name());
    if source.is_none() && is_secret {
        return Err(seen(key));
    }
    if !single.is_json {
        return Ok(typed(text, schema));
    }
    let json = from_json(&text).map_err(|error| {
        let why = format!("the text after `:=` is not JSON: {}", error.message());
        Failure::from(Error::invalid_input(&*key, why))
    })?;
    match secret_within(&json, schema).filter(|_| source.is_none()) {
        Some(path) => Err(seen(key + &path)),
        None => Ok(json),
    }
}

/// The failure of a secret among the arguments.
fn seen(key: String) -> Failure {
    let why = format!(
        "a secret is not taken from arguments, which other processes and the shell's history see: write {key}=@FILE, \
         or {key}=- and the secret on standard input"
    );
    Error::invalid_input(key, why).into()
}

/// The way in brackets to the first secret within the JSON of an argument.
fn secret_within(json: &Json, schema: Option<Schema<'_>>) -> Option<String> {
    let mut members = json.as_object().into_iter().flat_map(Map::iter);
    let of_members = members.find_map(|(name, member)| {
        let schema = schema.and_then(|schema| schema.child(name));
        let is_secret = schema.is_some_and(Schema::is_secret) || mask::is_secret(name);
        let path = match member {
            Json::String(_) | Json::Number(_) if is_secret => String::new(),
            _ => secret_within(member, schema)?,
        };
        Some(format!("[{name}]{path}"))
    });
    let items = json.as_array().into_iter().flatten().enumerate();
    let mut in_items = items.filter_map(|(index, item)| {
        let schema = schema.and_then(Schema::items);
        Some(format!("[{index}]{}", secret_within(item, schema)?))
    });
    of_members.or_else(|| in_items.next())
}

/// The source that a value names. `@@` begins a text that begins with `@`.
fn source(value: &str) -> Option<Source> {
    match value {
        "-" => Some(Source::Stdin),
        value if value.starts_with("@@") || value == "@" => None,
        value => value
            .strip_prefix('@')
            .map(|name| Source::File(name.into())),
    }
}

/// The content of a source, without the end of its last line, which editors and `echo` add.
fn content(source: &Source) -> Result<String, Failure> {
    let bytes = source.read()?;
    let text = input::text(&bytes)
        .map_err(|why| Failure::from(Error::invalid_input(source.to_string(), why)))?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    Ok(text.strip_suffix('\r').unwrap_or(text).to_owned())
}

/// A text as the type says. Unclear values stay text; the operation refuses those it cannot read.
fn typed(text: String, schema: Option<Schema<'_>>) -> Json {
    let reads = schema.map_or(Reads::Text, Schema::reads);
    match (reads, text.as_str()) {
        (Reads::Boolean, "true") => Json::Bool(true),
        (Reads::Boolean, "false") => Json::Bool(false),
        (Reads::Number, number) if is_number(number) => {
            from_json(number).unwrap_or(Json::String(text))
        }
        _ => Json::String(text),
    }
}

/// Whether the whole text is a number in JSON.
pub(super) fn is_number(text: &str) -> bool {
    let has_space = text.contains(|letter: char| letter.is_ascii_whitespace());
    !has_space && matches!(from_json(text), Ok(Json::Number(_)))
}
