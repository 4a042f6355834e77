//! Settings: flags over environment over a TOML file.
//!
//! All three speak the names of the environment, so that one lookup decides: `NICECHAT_URL` is the
//! flag `--nicechat-url`, the variable, or `url` in the file's table `[nicechat]`.

use std::path::Path;

use common_transport::Error;
use shopwire::Config;
use toml::{Table, Value};

use crate::args::Settings;

const DEFAULT_FILE: &str = "shopwire.toml";

/// The names, as (environment, table, key).
const NAMES: [(&str, &str, &str); 15] = [
    ("NICECHAT_URL", "nicechat", "url"),
    ("NICECHAT_API_KEY", "nicechat", "api_key"),
    ("NICECHAT_API_SECRET", "nicechat", "api_secret"),
    ("NICECHAT_DIALECT", "nicechat", "dialect"),
    ("NICECHAT_QUERY_RULE", "nicechat", "query_rule"),
    ("NICECHAT_ENCODING", "nicechat", "encoding"),
    ("NICECHAT_KEY_HEADER", "nicechat", "key_header"),
    ("NICECHAT_SIGNATURE_HEADER", "nicechat", "signature_header"),
    ("NICECHAT_KEY_PARAMETER", "nicechat", "key_parameter"),
    (
        "NICECHAT_SIGNATURE_PARAMETER",
        "nicechat",
        "signature_parameter",
    ),
    ("UVYGODA_URL", "uvygoda", "url"),
    ("UVYGODA_TOKEN", "uvygoda", "token"),
    ("RETAILCRM_URL", "retailcrm", "url"),
    ("RETAILCRM_API_KEY", "retailcrm", "api_key"),
    ("RETAILCRM_SITE", "retailcrm", "site"),
];

/// The settings in force.
///
/// # Errors
/// [`Error::is_invalid_input`] names the setting or the file.
pub(crate) fn load(settings: &Settings) -> Result<Config, Error> {
    let file = File::open(settings.config.as_deref())?;
    Config::from_lookup(|name| {
        flag(settings, name)
            .or_else(|| std::env::var(name).ok().filter(|value| !value.is_empty()))
            .or_else(|| file.value(name))
    })
}

fn flag(settings: &Settings, name: &str) -> Option<String> {
    match name {
        "NICECHAT_URL" => settings.nicechat_url.clone(),
        "UVYGODA_URL" => settings.uvygoda_url.clone(),
        "RETAILCRM_URL" => settings.retailcrm_url.clone(),
        "RETAILCRM_SITE" => settings.retailcrm_site.clone(),
        _ => None,
    }
}

/// A TOML file whose every key is known and a text. Its errors name keys and lines, never values.
#[derive(Default)]
struct File(Table);

impl File {
    fn open(path: Option<&Path>) -> Result<Self, Error> {
        let path = match path {
            Some(path) => path,
            None if Path::new(DEFAULT_FILE).is_file() => Path::new(DEFAULT_FILE),
            None => return Ok(Self::default()),
        };
        std::fs::read_to_string(path)
            .map_err(|error| error.to_string())
            .and_then(|text| Self::parse(&text))
            .map_err(|why| Error::invalid_input(path.display().to_string(), why))
    }

    fn parse(text: &str) -> Result<Self, String> {
        let table: Table = text.parse().map_err(|error| syntax(text, &error))?;
        for (section, keys) in &table {
            let Value::Table(keys) = keys else {
                return Err(format!("`{section}` stands outside of a table"));
            };
            for (key, value) in keys {
                if !NAMES.iter().any(|name| name.1 == section && name.2 == key) {
                    return Err(format!("unknown setting `{section}.{key}`"));
                }
                if !value.is_str() {
                    return Err(format!("`{section}.{key}` is not a text in quotes"));
                }
            }
        }
        Ok(Self(table))
    }

    fn value(&self, name: &str) -> Option<String> {
        let (_, section, key) = NAMES.iter().find(|row| row.0 == name)?;
        let value = self.0.get(*section)?.get(*key)?.as_str()?;
        Some(value.to_owned())
    }
}

/// Where the file is not TOML; the parser's own text would quote the line, secrets and all.
fn syntax(text: &str, error: &toml::de::Error) -> String {
    match error.span() {
        Some(span) => {
            let before = text.get(..span.start).unwrap_or(text);
            format!("line {}: not valid TOML", before.matches('\n').count() + 1)
        }
        None => "not valid TOML".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_found_by_their_environment_names() {
        let file =
            File::parse("[nicechat]\nurl = \"https://a.example\"\n[retailcrm]\nsite = \"s\"");
        let file = file.expect("valid");
        assert_eq!(
            file.value("NICECHAT_URL").as_deref(),
            Some("https://a.example")
        );
        assert_eq!(file.value("RETAILCRM_SITE").as_deref(), Some("s"));
        assert_eq!(file.value("UVYGODA_TOKEN"), None);
    }

    // X7
    #[test]
    fn x7_a_broken_file_shows_no_value() {
        for text in [
            "[nicechat]\napi_secret = hidden-value",
            "[nicechat]\napi_secret = \"hidden-value",
            "[nicechat]\napi_secret = [\"hidden-value\"]",
            "[nicechat]\nsecret = \"hidden-value\"",
            "nicechat = \"hidden-value\"",
        ] {
            let error = File::parse(text).err().expect("refused");
            assert!(!error.contains("hidden-value"), "{error}");
        }
        let error = File::parse("[nicechat]\nurl = 1").err().expect("refused");
        assert_eq!(error, "`nicechat.url` is not a text in quotes");
        let error = File::parse("[nicechat]\nurl = ").err().expect("refused");
        assert!(error.starts_with("line 2"), "{error}");
    }
}
