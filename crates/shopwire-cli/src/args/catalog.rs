//! The options of `catalog`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use encoding_rs::Encoding;

use super::Source;
use crate::{
    catalog::{Mapping, feed::Format},
    failure::Form,
};

#[derive(Debug, Args)]
pub(crate) struct Catalog {
    #[command(subcommand)]
    pub(crate) command: CatalogCommand,
}

impl Catalog {
    /// The form of reports: JSON for scripts.
    pub(crate) fn form(&self) -> Form {
        let is_json = match &self.command {
            CatalogCommand::Check(args) => args.json,
            CatalogCommand::Convert(args) => args.output.json,
            CatalogCommand::Write(args) => args.output.json,
            CatalogCommand::Rules(args) => args.json,
        };
        if is_json { Form::Json } else { Form::Text }
    }
}

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum CatalogCommand {
    /// Checks a feed, and tells all faults with line, offer and rule
    ///
    ///     shopwire catalog check price.xml
    ///     shopwire catalog check --format google-csv --encoding windows-1251 price.csv
    ///   curl -s https://shop.example/price.xml.gz | shopwire catalog check --json - > faults.json
    ///
    /// Each fault is a line on standard output: FILE:LINE: error: offer ID: what is wrong [rule]. The rules, with the
    /// document each comes from: `shopwire catalog rules`. Of an ill-formed feed, as many faults as can be told are told,
    /// then where reading stopped. With --json, one object with the list `faults` and the counts.
    ///
    /// The feed may be in UTF-8, UTF-16 or the encoding it declares, and packed with gzip. A document type that declares
    /// entities is refused. Nothing is fetched.
    #[command(verbatim_doc_comment)]
    Check(CatalogCheck),
    /// Converts a feed into another format, or into the normal form of its own
    ///
    ///     shopwire catalog convert price.xml --to icml --output icml.xml
    ///     shopwire catalog convert icml.xml --to google-csv --currency UAH --output products.csv
    ///     shopwire catalog convert price.xml --to yml | gzip > price.xml.gz
    ///
    /// Members that the other format cannot hold are told with their count. Offers with errors are told with line, offer and rule;
    /// then the file stays as it was, unless --skip-bad leaves them out. A feed that is ill-formed is not converted. The
    /// file is written beside and takes its place when it is complete.
    ///
    /// An offer without a name gets one of typePrefix, vendor and model; without a productId, its own id; without an
    /// availability, one by its stock. An offer that is not active is not available. Google's product_type and the
    /// categories of XML are made of each other.
    #[command(verbatim_doc_comment)]
    Convert(CatalogConvert),
    /// Writes a feed from JSON Lines, CSV or an export
    ///
    ///     shopwire catalog write goods.csv --to yml --map id=SKU --map name=Title --map price=Cost --currency UAH --output yml.xml
    ///     shopwire export retailcrm products | shopwire catalog write - --from retailcrm --to google-csv > products.csv
    ///     shopwire catalog write products.jsonl --from nicechat --categories categories.jsonl --to icml --output icml.xml
    ///
    /// Columns and members are taken by the names of the fields: id, productId, type, quantity, available, url, price,
    /// oldPrice, purchasePrice, currency, categoryId, category (a path: Books > Atlases), picture, typePrefix, vendor,
    /// model, name, productName, vendorCode, description, xmlId, vatRate, weight, dimensions, barcode, productActivity,
    /// activity, markable, adult; in JSON also params ({"Size":"L"} or [{"name","code","unit","value"}]) and unit; and
    /// categoryName. --map names others. A list gives a value for each item.
    ///
    /// Amounts keep their digits. Content that no field has, or that the format cannot hold, is told with its count.
    #[command(verbatim_doc_comment)]
    Write(CatalogWrite),
    /// Lists the rules of the checker, with the document each comes from.
    Rules(CatalogRules),
}

#[derive(Debug, Clone, Args)]
pub(crate) struct CatalogCheck {
    /// The feed, or `-` for standard input.
    #[arg(value_name = "FEED")]
    pub(crate) feed: Source,
    /// The format: icml, yml or google-csv. Default: by the beginning of the feed; XML is ICML if its first offer has
    /// a productId.
    #[arg(long)]
    pub(crate) format: Option<Format>,
    #[command(flatten)]
    encoding: InputEncoding,
    /// Print one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
    /// Fail for warnings too.
    #[arg(long)]
    pub(crate) strict: bool,
    /// Print no counts.
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct CatalogConvert {
    /// The feed, or `-` for standard input.
    #[arg(value_name = "FEED")]
    pub(crate) feed: Source,
    /// The format to write: icml, yml or google-csv.
    #[arg(long, value_name = "FORMAT")]
    pub(crate) to: Format,
    /// The format of the feed. Default: by its beginning.
    #[arg(long, value_name = "FORMAT")]
    pub(crate) from: Option<Format>,
    #[command(flatten)]
    encoding: InputEncoding,
    #[command(flatten)]
    pub(crate) output: CatalogOutput,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct CatalogWrite {
    /// The source, or `-` for standard input.
    #[arg(value_name = "SOURCE")]
    pub(crate) source: Source,
    /// The format to write: icml, yml or google-csv.
    #[arg(long, value_name = "FORMAT")]
    pub(crate) to: Format,
    /// The kind of source: rows of one's own, or the products that a service exported, as JSON Lines. Default: csv for
    /// names that end in .csv or .tsv, else jsonl.
    #[arg(long, value_name = "KIND")]
    pub(crate) from: Option<SourceKind>,
    /// Take a field from a column, or from a member of JSON (`offers.0.price`); repeat for more. FIELD is a field's name,
    /// categoryName, or param.CODE. Several columns for one field give it several values.
    #[arg(long = "map", value_name = "FIELD=COLUMN")]
    map: Vec<String>,
    /// A file with the categories, CSV or JSON Lines: id or externalId, name, parentId.
    #[arg(long, value_name = "FILE")]
    pub(crate) categories: Option<Source>,
    /// The unit of weights in an export of RetailCRM, which does not say it.
    #[arg(long, value_name = "UNIT")]
    pub(crate) weight_unit: Option<WeightUnit>,
    /// The unit of lengths in an export of RetailCRM.
    #[arg(long, value_name = "UNIT")]
    pub(crate) length_unit: Option<LengthUnit>,
    #[command(flatten)]
    encoding: InputEncoding,
    #[command(flatten)]
    pub(crate) output: CatalogOutput,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct CatalogRules {
    /// Only the rules of this format: icml, yml or google-csv.
    #[arg(long)]
    pub(crate) format: Option<Format>,
    /// Print a line of JSON for each rule.
    #[arg(long)]
    pub(crate) json: bool,
}

/// The output of a feed.
#[derive(Debug, Clone, Args)]
pub(crate) struct CatalogOutput {
    /// The file to write. Default: standard output.
    #[arg(long = "output", short = 'o', value_name = "FILE")]
    pub(crate) path: Option<PathBuf>,
    /// Leave out offers with errors.
    #[arg(long)]
    pub(crate) skip_bad: bool,
    /// The currency of offers that have none, such as UAH.
    #[arg(long, value_name = "CODE")]
    pub(crate) currency: Option<String>,
    /// The name of the shop.
    #[arg(long, value_name = "NAME")]
    pub(crate) shop_name: Option<String>,
    /// The company that the shop belongs to.
    #[arg(long, value_name = "NAME")]
    pub(crate) company: Option<String>,
    /// The address of the shop.
    #[arg(long, value_name = "URL")]
    pub(crate) shop_url: Option<String>,
    /// The date of the feed: YYYY-MM-DD hh:mm:ss. Default: that of the feed that is converted, or now in UTC.
    #[arg(long, value_name = "DATE")]
    pub(crate) date: Option<String>,
    /// Print one JSON object: counts, and what was lost.
    #[arg(long, requires = "path")]
    pub(crate) json: bool,
    /// Print no counts. Faults and losses are still told.
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// The encoding of an input.
#[derive(Debug, Clone, Args)]
pub(super) struct InputEncoding {
    /// The encoding, such as windows-1251. Default: as the byte order mark or the XML says, else UTF-8.
    #[arg(long, value_name = "NAME", value_parser = encoding)]
    pub(super) encoding: Option<&'static Encoding>,
}

impl CatalogCheck {
    pub(crate) fn encoding(&self) -> Option<&'static Encoding> {
        self.encoding.encoding
    }
}

impl CatalogConvert {
    pub(crate) fn encoding(&self) -> Option<&'static Encoding> {
        self.encoding.encoding
    }
}

impl CatalogWrite {
    pub(crate) fn encoding(&self) -> Option<&'static Encoding> {
        self.encoding.encoding
    }

    /// Whether a file is CSV, by the ending of its name; `goods.csv.gz` too.
    pub(crate) fn is_csv(&self, source: &Source) -> bool {
        let Source::File(path) = source else {
            return false;
        };
        let name = path.to_string_lossy().to_lowercase();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        name.ends_with(".csv") || name.ends_with(".tsv")
    }

    /// Reads the mapping.
    ///
    /// # Errors
    /// A field has no such name.
    pub(crate) fn mapping(&self) -> Result<Mapping, String> {
        Mapping::new(&self.map)
    }
}

fn encoding(text: &str) -> Result<&'static Encoding, &'static str> {
    Encoding::for_label(text.as_bytes()).ok_or("there is no encoding of this name")
}

/// Describes what offers are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SourceKind {
    /// JSON Lines of one's own.
    Jsonl,
    /// A table of one's own, with a header.
    Csv,
    /// Products of RetailCRM with their offers.
    Retailcrm,
    /// Products of NiceChat.
    Nicechat,
    /// Cards of Uvygoda.
    Uvygoda,
}

/// A unit of weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum WeightUnit {
    G,
    Kg,
}

impl WeightUnit {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::G => "g",
            Self::Kg => "kg",
        }
    }
}

/// A unit of length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LengthUnit {
    Mm,
    Cm,
}

impl LengthUnit {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Mm => "mm",
            Self::Cm => "cm",
        }
    }
}
