//! The rules of the checker: one table, with the document that each comes from.

use std::fmt;

use super::Format;

/// How bad it is to break a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Severity {
    /// A document recommends otherwise, or it is probably a mistake.
    Warning,
    /// A service refuses the feed or the offer, or reads something else than was meant.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// A rule.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) id: &'static str,
    pub(crate) severity: Severity,
    pub(crate) formats: &'static [Format],
    pub(crate) text: &'static str,
    pub(crate) source: &'static str,
}

const XML: &[Format] = &[Format::Icml, Format::Yml];
const ALL: &[Format] = &Format::ALL;
const ICML: &[Format] = &[Format::Icml];
const YML: &[Format] = &[Format::Yml];
const GOOGLE: &[Format] = &[Format::Google];
const PRICED: &[Format] = &[Format::Yml, Format::Google];

/// The documents.
const XML_1_0: &str = "XML 1.0, https://www.w3.org/TR/xml/";
const ICML_PAGE: &str = "ICML, https://docs.simla.com/Developers/modules/ICML";
const ICML_MODULES: &str = "ICML as the official modules of RetailCRM write it";
const YANDEX: &str = "YML, https://yandex.ru/support/partnermarket/offers.html";
const YANDEX_FEED: &str = "YML, https://yandex.com/support/direct/feeds/requirements-yml.html";
const MERCHANT: &str = "Google, https://support.google.com/merchants/answer/7052112";
const NICECHAT: &str = "NiceChat's API, products and feeds";
const BOUNDS: &str = "bounds of this program";
const SENSE: &str = "what the value means";
const RFC_4180: &str = "RFC 4180";

macro_rules! rules {
    ($($name:ident $id:literal $severity:ident $formats:ident $source:ident $text:literal;)*) => {
        /// A rule, by name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(crate) enum RuleId { $($name,)* }

        impl RuleId {
            /// All rules, in the order of the table.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$name,)*];
        }

        const TABLE: &[Rule] = &[$(
            Rule { id: $id, severity: Severity::$severity, formats: $formats, text: $text, source: $source },
        )*];
    };
}

#[rustfmt::skip]
rules! {
    Encoding "encoding" Error ALL XML_1_0 "All bytes belong to the encoding that the feed declares.";
    XmlStopped "xml-syntax" Error XML XML_1_0 "Tags, comments and sections are complete.";
    XmlTags "xml-tags" Error XML XML_1_0 "Each element is closed, in the order in which they were opened.";
    XmlAmpersand "xml-ampersand" Error XML XML_1_0 "An ampersand is written as &amp;.";
    XmlEntity "xml-entity" Error XML XML_1_0 "References are to characters, or to amp, lt, gt, quot and apos.";
    XmlAttribute "xml-attribute" Error XML XML_1_0 "An attribute has a value in quotes, and occurs once in a tag.";
    XmlCharacter "xml-character" Error ALL XML_1_0 "There are no control characters.";
    XmlDoctype "xml-doctype" Error XML BOUNDS "A document type declares nothing: entities are not expanded.";
    XmlRoot "xml-root" Error XML XML_1_0 "The only root element is <yml_catalog>.";
    XmlText "xml-text" Warning XML SENSE "Text is inside of an element that has text.";
    Size "size" Error ALL BOUNDS "An item is at most 1 MiB long, elements nest at most 64 deep, and all categories together have at most 6 MiB.";
    Row "row" Error ALL SENSE "A row that an offer is made of is a JSON object, or has the cells of the header.";
    ShopMissing "shop" Error XML ICML_PAGE "Categories and offers are inside of <shop>.";
    ShopName "shop-name" Warning XML ICML_PAGE "The shop has a name.";
    Date "date" Warning XML YANDEX_FEED "The date of <yml_catalog> is YYYY-MM-DD hh:mm, with seconds or without.";
    OffersMissing "offers" Error XML ICML_PAGE "There is an element <offers>.";
    OffersNone "offers-none" Warning ALL SENSE "The feed has offers: a service may take an empty one for a shop without products.";
    CategoryId "category-id" Error XML ICML_PAGE "A category has an id.";
    CategoryRepeated "category-repeated" Error XML ICML_PAGE "The id of a category occurs once.";
    CategoryName "category-name" Error XML ICML_PAGE "A category has a name.";
    CategoryParent "category-parent" Error XML ICML_PAGE "The parent of a category is a category of the feed.";
    CategoryCycle "category-cycle" Error XML SENSE "A category is not inside of itself.";
    CategoryUnknown "category-unknown" Error XML ICML_PAGE "The category of an offer is a category of the feed.";
    CategoryNone "category-none" Warning XML ICML_PAGE "An offer has a category.";
    OfferId "offer-id" Error ALL NICECHAT "An offer has an id.";
    OfferRepeated "offer-repeated" Error ALL YANDEX_FEED "The id of an offer occurs once.";
    IdLength "id-length" Warning GOOGLE MERCHANT "Ids have at most 50 characters.";
    ProductId "product-id" Error ICML ICML_PAGE "An offer has a productId: offers with the same one are variants of one product.";
    ProductScattered "product-scattered" Warning ICML ICML_MODULES "The offers of a product stand side by side.";
    GroupId "group-id" Warning YML YANDEX "The group_id is a number of at most 9 digits.";
    Quantity "quantity" Error XML ICML_PAGE "The stock is a number, not below 0.";
    QuantityNone "quantity-none" Warning ICML ICML_PAGE "An offer has a quantity.";
    OfferType "offer-type" Error ICML ICML_MODULES "The type is product or service.";
    Available "available" Error PRICED YANDEX "The availability is true or false in YML; in_stock, out_of_stock, preorder or backorder at Google.";
    AvailableNone "available-none" Warning GOOGLE MERCHANT "An offer has an availability.";
    PriceNone "price-none" Error ALL YANDEX "An offer has a price.";
    Price "price" Error ALL NICECHAT "An amount is a number with a point before its fraction, not below 0.";
    Thousands "thousands" Error ALL NICECHAT "A number has no thousands separators.";
    PriceZero "price-zero" Warning ALL YANDEX "A price is above 0.";
    OldPrice "old-price" Warning PRICED YANDEX "The old price is above the price.";
    CurrencyNone "currency-none" Warning PRICED YANDEX "An offer has a currency.";
    Currency "currency" Error PRICED NICECHAT "A currency is a code of three letters.";
    CurrencyUndeclared "currency-undeclared" Warning YML YANDEX_FEED "The currency of an offer is in <currencies>.";
    Name "name" Error ALL NICECHAT "An offer has a name, or in YML a model.";
    NameLength "name-length" Warning PRICED YANDEX "A name has at most 150 characters.";
    UrlNone "url-none" Warning PRICED MERCHANT "An offer has the address of its page.";
    Url "url" Error ALL NICECHAT "An address is a full one, with http:// or https://, and without spaces.";
    UrlLength "url-length" Warning ALL MERCHANT "An address has at most 2000 characters.";
    PictureNone "picture-none" Warning GOOGLE MERCHANT "An offer has a picture.";
    PictureCount "picture-count" Warning PRICED YANDEX "An offer has at most 10 pictures beside the main one.";
    DescriptionLength "description-length" Warning PRICED YANDEX "A description has at most 3000 characters in YML and 5000 at Google.";
    Markup "markup" Warning XML ICML_MODULES "A text has no elements inside; HTML is in a CDATA section or escaped.";
    VatRate "vat-rate" Error ICML ICML_MODULES "The rate of VAT is a percentage, or none.";
    Weight "weight" Error ALL ICML_MODULES "The weight is a number, in kilograms; at Google with its unit.";
    Dimensions "dimensions" Error ALL ICML_MODULES "The dimensions are length/width/height in centimetres.";
    Flag "flag" Error ICML ICML_MODULES "productActivity, activity and markable are Y or N.";
    Adult "adult" Error PRICED YANDEX "Whether an offer is for adults is true or false, at Google yes or no.";
    Barcode "barcode" Warning ALL MERCHANT "A bar code has 8, 12, 13 or 14 digits, and the last one checks the others.";
    ParamName "param-name" Error XML ICML_PAGE "A parameter has a name.";
    ParamCode "param-code" Warning ICML ICML_PAGE "A parameter has a code of Latin letters, digits, _ and -.";
    Unit "unit" Warning ICML ICML_MODULES "A unit has code, name and sym.";
    ElementUnknown "element-unknown" Warning XML SENSE "The format describes the elements and attributes.";
    ElementForeign "element-foreign" Warning XML SENSE "The elements and attributes are those of this format, not of the other one.";
    ElementRepeated "element-repeated" Warning XML SENSE "Elements other than categoryId, picture, barcode and param occur once.";
    Header "header" Error GOOGLE NICECHAT "The first row names the columns, and one is id.";
    ColumnRepeated "column-repeated" Error GOOGLE MERCHANT "A column occurs once.";
    ColumnUnknown "column-unknown" Warning GOOGLE MERCHANT "Google's specification has the column.";
    Cells "cells" Error GOOGLE RFC_4180 "A row has no more cells than the header: a cell with a separator is in quotes.";
    Quote "quote" Error GOOGLE RFC_4180 "A quote is closed.";
    Condition "condition" Error GOOGLE MERCHANT "The condition is new, refurbished or used.";
    TextLength "text-length" Warning GOOGLE MERCHANT "A brand and an mpn have at most 70 characters, a color and a size 100.";
}

impl RuleId {
    /// The row of the table.
    pub(crate) fn rule(self) -> &'static Rule {
        &TABLE[self as usize]
    }

    /// How bad it is to break the rule.
    pub(crate) fn severity(self) -> Severity {
        self.rule().severity
    }

    /// Whether the format has the rule.
    pub(crate) fn is_of(self, format: Format) -> bool {
        self.rule().formats.contains(&format)
    }
}
