//! The formats of a feed.

use std::{fmt, str::FromStr};

/// A format of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Format {
    /// ICML, the catalogue that RetailCRM loads: YML with stock, products and identifiers of a warehouse.
    Icml,
    /// YML, the price list of Yandex Market, which NiceChat imports as `yml`.
    Yml,
    /// The table of Google Merchant, which NiceChat imports as `google-csv`.
    Google,
}

impl Format {
    pub(crate) const ALL: [Self; 3] = [Self::Icml, Self::Yml, Self::Google];

    /// The name in options and reports.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Icml => "icml",
            Self::Yml => "yml",
            Self::Google => "google-csv",
        }
    }

    /// Whether the format is XML.
    pub(crate) fn is_xml(self) -> bool {
        self != Self::Google
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|format| format.name() == text);
        found.ok_or("a format is icml, yml or google-csv")
    }
}
