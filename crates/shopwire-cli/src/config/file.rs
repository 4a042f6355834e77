//! The settings file: a table of texts for each service.
//!
//! Errors name lines, tables and keys, never values.

use std::{
    fs,
    io::{self, Read as _},
    ops::Range,
    path::{Path, PathBuf},
};

use common_transport::Error;
use toml::de::{DeTable, DeValue};

use super::{
    guard,
    location::{Chosen, Location},
    names::{self, Role, SETTINGS, Setting},
};
use crate::{args::Service, input, suggest};

/// Maximum size of a settings file; a larger file was named by mistake.
const MOST_BYTES: u64 = 1 << 20;

/// A settings file, with known keys and text values only.
#[derive(Debug)]
pub(super) struct File {
    path: PathBuf,
    values: Vec<Value>,
}

/// A setting as the file has it.
#[derive(Debug)]
struct Value {
    setting: &'static Setting,
    text: String,
    line: usize,
}

impl File {
    /// Reads a file; `None` if the user has no file at the default location.
    ///
    /// # Errors
    /// [`Error::is_invalid_input`] names the file: it cannot be read, it is wrong, or others have access to it.
    pub(super) fn open(location: &Location) -> Result<Option<Self>, Error> {
        let path = &location.path;
        let refused = |why: String| match location.chosen {
            Chosen::Variable => {
                let why = format!("{}: {why}", input::shown(path));
                Error::invalid_input("SHOPWIRE_CONFIG", why)
            }
            _ => Error::invalid_input(input::shown(path), why),
        };
        let mut opened = match fs::File::open(path) {
            Ok(opened) => opened,
            Err(error)
                if location.chosen == Chosen::User
                    && matches!(
                        error.kind(),
                        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                    ) =>
            {
                return Ok(None);
            }
            Err(error) => return Err(refused(error.to_string())),
        };
        let values = read(&mut opened)
            .and_then(|text| parse(&text))
            .map_err(refused)?;
        let has = |role| values.iter().any(|value| value.setting.role == role);
        let has_secrets = has(Role::Secret) || has(Role::Incoming);
        guard::check(path, &opened, has_secrets, has(Role::Address)).map_err(refused)?;
        Ok(Some(Self {
            path: path.clone(),
            values,
        }))
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The text of a setting. An empty text counts as absent.
    pub(super) fn value(&self, setting: &Setting) -> Option<String> {
        let value = self.find(setting)?;
        Some(value.text.clone()).filter(|text| !text.is_empty())
    }

    /// The line of a setting.
    pub(super) fn line(&self, setting: &Setting) -> Option<usize> {
        self.find(setting).map(|value| value.line)
    }

    fn find(&self, setting: &Setting) -> Option<&Value> {
        self.values.iter().find(|value| value.setting == setting)
    }
}

fn read(file: &mut fs::File) -> Result<String, String> {
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| error.to_string())?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err("it is longer than 1 MiB: no settings file".to_owned());
    }
    input::text(&bytes).map(str::to_owned)
}

fn parse(text: &str) -> Result<Vec<Value>, String> {
    let root = DeTable::parse(text).map_err(|error| syntax(text, &error))?;
    let mut values = Vec::new();
    for (name, table) in root.get_ref() {
        let line = line(text, name.span());
        let Some(service) = service(name.get_ref()) else {
            return Err(format!(
                "line {line}: {}",
                unknown_table(name.get_ref(), table.get_ref())
            ));
        };
        let Some(table) = table.get_ref().as_table() else {
            return Err(format!(
                "line {line}: `{}` is a table: write [{}]",
                name.get_ref(),
                name.get_ref()
            ));
        };
        for (key, value) in table {
            let line = self::line(text, key.span());
            let setting = SETTINGS
                .iter()
                .find(|setting| setting.service == service && setting.key == key.get_ref())
                .ok_or_else(|| format!("line {line}: {}", unknown_key(service, key.get_ref())))?;
            let DeValue::String(found) = value.get_ref() else {
                return Err(format!(
                    "line {line}: `{}.{}` is not a text in quotes",
                    name.get_ref(),
                    setting.key
                ));
            };
            values.push(Value {
                setting,
                text: found.clone().into_owned(),
                line,
            });
        }
    }
    Ok(values)
}

fn service(table: &str) -> Option<Service> {
    Service::ALL
        .into_iter()
        .find(|service| names::table(*service) == table)
}

fn unknown_table(name: &str, value: &DeValue<'_>) -> String {
    if value.as_table().is_none() {
        return format!("the setting `{name}` stands outside of a table, such as [nicechat]");
    }
    let tables = Service::ALL.map(names::table);
    format!(
        "there is no table [{name}]{}",
        meant(name, tables.into_iter(), "tables")
    )
}

fn unknown_key(service: Service, key: &str) -> String {
    let keys: Vec<&str> = names::of(service).map(|setting| setting.key).collect();
    format!(
        "there is no setting `{}.{key}`{}",
        names::table(service),
        meant(key, keys.into_iter(), "settings")
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
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        parse(text).expect_err("refused")
    }

    // X7
    #[test]
    fn x7_a_broken_file_shows_no_value() {
        for text in [
            "[nicechat]\napi_secret = hidden-value",
            "[nicechat]\napi_secret = \"hidden-value",
            "[nicechat]\napi_secret = 'hidden-value\"",
            "[nicechat]\napi_secret = \"\\hidden-value\"",
            "[nicechat]\napi_secret = \"a\" hidden-value",
            "[nicechat]\napi_secret = [\"hidden-value\"]",
            "[nicechat]\napi_secret = 0xhidden",
            "[nicechat]\nsecret = \"hidden-value\"",
            "[nicechat]\nhidden value",
            "nicechat = \"hidden-value\"",
        ] {
            let error = error(text);
            assert!(!error.contains("hidden"), "{error}");
        }
    }

    // F24
    #[test]
    fn f24_an_error_has_line_reason_and_the_nearest_setting() {
        for (text, expected) in [
            (
                "[nicechat]\nurl = 1",
                "line 2: `nicechat.url` is not a text in quotes",
            ),
            (
                "\n[retailcrm]\napi-key = \"k\"",
                "line 3: there is no setting `retailcrm.api-key`; did you mean `api_key`?",
            ),
            (
                "[retailcm]\n",
                "line 1: there is no table [retailcm]; did you mean `retailcrm`?",
            ),
            (
                "url = \"x\"",
                "line 1: the setting `url` stands outside of a table, such as [nicechat]",
            ),
            (
                "[uvygoda]\nzzzzzzzz = \"x\"",
                "line 2: there is no setting `uvygoda.zzzzzzzz`; the settings are url, token, webhook_secret, webhook_account, webhook_rules",
            ),
            (
                "nicechat = 1",
                "line 1: `nicechat` is a table: write [nicechat]",
            ),
        ] {
            assert_eq!(error(text), expected);
        }
        for text in [
            "[nicechat]\nurl = ",
            "[nicechat]\nurl \"x\"",
            "[nicechat]\nurl = \"a\"\nurl = \"b\"",
        ] {
            let error = error(text);
            let reason = error.split_once(": not valid TOML: ").map(|parts| parts.1);
            assert!(reason.is_some_and(|reason| !reason.is_empty()), "{error}");
        }
    }
}
