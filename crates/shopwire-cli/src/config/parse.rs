//! The grammar of the settings file.
//!
//! Errors name lines, tables and keys, never values.

use std::ops::Range;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    command::Program,
    file::{Content, Given, Value},
    names::{self, COMMAND, Setting},
};
use crate::{args::Service, suggest};

/// The table of the profiles.
const PROFILE: &str = "profile";

type Entry<'t, 'a> = (
    &'t Spanned<std::borrow::Cow<'a, str>>,
    &'t Spanned<DeValue<'a>>,
);

/// Reads the text of a settings file.
///
/// # Errors
/// The line and the reason, with the nearest name for an unknown one.
pub(super) fn parse(text: &str) -> Result<Content, String> {
    let root = DeTable::parse(text).map_err(|error| syntax(text, &error))?;
    let mut content = Content::default();
    for (name, value) in root.get_ref() {
        let at = |why: String| format!("line {}: {why}", line(text, name.span()));
        if name.get_ref() == PROFILE {
            profiles(text, (name, value), &mut content)?;
        } else if let Some(service) = service(name.get_ref()) {
            let values = &mut content.values;
            table(text, service, None, (name, value), values)?;
        } else {
            return Err(at(unknown_table("", name.get_ref(), value.get_ref())));
        }
    }
    Ok(content)
}

/// `[profile.NAME.SERVICE]`
fn profiles(text: &str, (name, value): Entry<'_, '_>, content: &mut Content) -> Result<(), String> {
    let whole = |name: &Spanned<_>| line(text, name.span());
    let Some(profiles) = value.get_ref().as_table() else {
        return Err(format!(
            "line {}: `profile` is a table: write [profile.NAME.retailcrm]; the profile to use is chosen by --profile \
             or SHOPWIRE_PROFILE",
            whole(name)
        ));
    };
    for (profile, value) in profiles {
        let at = |why: String| format!("line {}: {why}", whole(profile));
        if profile.get_ref().is_empty() {
            return Err(at("a profile has a name".to_owned()));
        }
        let tables = value
            .get_ref()
            .as_table()
            .ok_or_else(|| at("a profile is a table: write [profile.NAME.retailcrm]".to_owned()))?;
        content
            .profiles
            .push(profile.get_ref().clone().into_owned());
        for (name, value) in tables {
            let at = |why: String| format!("line {}: {why}", whole(name));
            let prefix = format!("{PROFILE}.{}.", profile.get_ref());
            let service = service(name.get_ref())
                .ok_or_else(|| at(unknown_table(&prefix, name.get_ref(), value.get_ref())))?;
            let (profile, values) = (Some(profile.get_ref().as_ref()), &mut content.values);
            table(text, service, profile, (name, value), values)?;
        }
    }
    Ok(())
}

/// The table of a service.
fn table(
    text: &str,
    service: Service,
    profile: Option<&str>,
    (name, value): Entry<'_, '_>,
    values: &mut Vec<Value>,
) -> Result<(), String> {
    let table = value.get_ref().as_table().ok_or_else(|| {
        let name = name.get_ref();
        format!(
            "line {}: `{name}` is a table: write [{name}]",
            line(text, value.span())
        )
    })?;
    for (key, value) in table {
        let line = line(text, key.span());
        let at = |why: String| format!("line {line}: {why}");
        let (setting, is_command) =
            find(service, key.get_ref()).ok_or_else(|| at(unknown_key(service, key.get_ref())))?;
        let mut others = values.iter();
        if others.any(|other| other.setting == setting && other.profile.as_deref() == profile) {
            let (table, key) = (names::table(service), setting.key);
            return Err(at(format!(
                "`{table}.{key}` is given twice, as a text and as a command"
            )));
        }
        let given = match is_command {
            true => command(value.get_ref()),
            false => plain(value.get_ref()),
        };
        values.push(Value {
            setting,
            profile: profile.map(str::to_owned),
            given: given
                .map_err(|why| at(format!("`{}.{}` {why}", name.get_ref(), key.get_ref())))?,
            line,
        });
    }
    Ok(())
}

/// The setting of a key, and whether its value is a command.
fn find(service: Service, key: &str) -> Option<(&'static Setting, bool)> {
    let named = |key: &str| names::of(service).find(|setting| setting.key == key);
    let plain = named(key).map(|setting| (setting, false));
    plain.or_else(|| {
        let setting = named(key.strip_suffix(COMMAND)?)?;
        setting.is_secret().then_some((setting, true))
    })
}

fn plain(value: &DeValue<'_>) -> Result<Given, String> {
    match value {
        DeValue::String(text) => Ok(Given::Text(text.clone().into_owned())),
        _ => Err("is not a text in quotes".to_owned()),
    }
}

fn command(value: &DeValue<'_>) -> Result<Given, String> {
    const FORM: &str = "is not a list of texts: the program and its arguments, such as [\"pass\", \"show\", \"shop\"]";
    let DeValue::Array(words) = value else {
        return Err(FORM.to_owned());
    };
    let words = words.iter().map(|word| match word.get_ref() {
        DeValue::String(text) => Ok(text.clone().into_owned()),
        _ => Err(FORM.to_owned()),
    });
    let program = Program::of(words.collect::<Result<_, _>>()?);
    program
        .map(Given::Command)
        .map_err(|why| format!("is no command: {why}"))
}

fn service(table: &str) -> Option<Service> {
    Service::ALL
        .into_iter()
        .find(|service| names::table(*service) == table)
}

fn unknown_table(prefix: &str, name: &str, value: &DeValue<'_>) -> String {
    if value.as_table().is_none() {
        return format!(
            "the setting `{name}` stands outside of a table, such as [{prefix}nicechat]"
        );
    }
    let tables = Service::ALL.map(names::table).into_iter();
    let tables = tables.chain(prefix.is_empty().then_some(PROFILE));
    format!(
        "there is no table [{prefix}{name}]{}",
        meant(name, tables, "tables")
    )
}

fn unknown_key(service: Service, key: &str) -> String {
    let text = key.strip_suffix(COMMAND);
    let mut plain = names::of(service).filter(|setting| !setting.is_secret());
    if let Some(setting) = plain.find(|setting| Some(setting.key) == text) {
        let (table, key) = (names::table(service), setting.key);
        return format!(
            "`{table}.{key}` is no secret, so it is given as a text and not by a command"
        );
    }
    let commands: Vec<String> = names::of(service)
        .filter(|setting| setting.is_secret())
        .map(|setting| format!("{}{COMMAND}", setting.key))
        .collect();
    let keys: Vec<&str> = names::of(service).map(|setting| setting.key).collect();
    let table = names::table(service);
    let all = keys.iter().copied();
    let all = all.chain(commands.iter().map(String::as_str));
    format!(
        "there is no setting `{table}.{key}`{}",
        meant(key, all, "settings")
    )
}

/// The most similar name, or all names.
fn meant<'n>(name: &str, known: impl Iterator<Item = &'n str> + Clone, what: &str) -> String {
    match suggest::nearest(name, known.clone()).first() {
        Some(nearest) => format!("; did you mean `{nearest}`?"),
        None => format!("; the {what} are {}", known.collect::<Vec<_>>().join(", ")),
    }
}

/// The place of a syntax error, and its reason. The parser's `Display` would quote the line with its secrets, so
/// only its message about the grammar is shown, without quotations of the file.
fn syntax(text: &str, error: &toml::de::Error) -> String {
    let Some(span) = error.span() else {
        return "not valid TOML".into();
    };
    let number = line(text, span.clone());
    let quoted = text.lines().nth(number - 1).unwrap_or_default();
    let is_of_the_grammar = |word: &str| word.len() < 4 || !quoted.contains(word);
    let reason = error.message().lines().collect::<Vec<_>>().join("; ");
    let words = reason.split(|letter: char| !letter.is_alphanumeric());
    match words.filter(|word| !word.is_empty()).all(is_of_the_grammar) {
        true => format!("line {number}: not valid TOML: {reason}"),
        false => format!("line {number}: not valid TOML"),
    }
}

/// The number of the line in which a span begins.
fn line(text: &str, span: Range<usize>) -> usize {
    let before = text.get(..span.start).unwrap_or(text);
    before.matches('\n').count() + 1
}

#[cfg(test)]
mod tests;
