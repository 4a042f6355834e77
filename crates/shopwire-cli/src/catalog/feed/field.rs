//! The fields of an offer, and where each format has them.

use std::{collections::HashMap, sync::LazyLock};

use super::Format;

/// A field of an offer whose value is a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Field {
    Id,
    Product,
    Type,
    Quantity,
    Available,
    Url,
    Price,
    OldPrice,
    PurchasePrice,
    Currency,
    Category,
    CategoryPath,
    Picture,
    TypePrefix,
    Vendor,
    Model,
    Name,
    ProductName,
    VendorCode,
    Description,
    XmlId,
    VatRate,
    Weight,
    Dimensions,
    Barcode,
    ProductActivity,
    Activity,
    Markable,
    Adult,
}

/// Where a format has a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The format has no such field.
    Nowhere,
    /// An attribute of `<offer>`.
    Attribute(&'static str),
    /// An element of `<offer>`, once.
    Element(&'static str),
    /// An element of `<offer>`, any number of times.
    Elements(&'static str),
    /// A `<param>` with this code.
    Param(&'static str),
    /// A column.
    Column(&'static str),
    /// A part of other columns, which the format's own code reads and writes.
    Columns,
}

/// One row: the field, its name in options and reports, its place in ICML, YML and Google's table.
type Row = (Field, &'static str, Place, Place, Place);

#[rustfmt::skip]
const TABLE: [Row; 29] = {
    use Field as F;
    use Place::{Attribute as A, Column as C, Columns, Element as E, Elements as Es, Nowhere as No, Param as P};
    [
        (F::Id, "id", A("id"), A("id"), C("id")),
        (F::Product, "productId", A("productId"), A("group_id"), C("item_group_id")),
        (F::Type, "type", A("type"), A("type"), No),
        (F::Quantity, "quantity", A("quantity"), E("count"), No),
        (F::Available, "available", No, A("available"), C("availability")),
        (F::Url, "url", E("url"), E("url"), C("link")),
        (F::Price, "price", E("price"), E("price"), Columns),
        (F::OldPrice, "oldPrice", No, E("oldprice"), Columns),
        (F::PurchasePrice, "purchasePrice", E("purchasePrice"), E("purchase_price"), Columns),
        (F::Currency, "currency", No, E("currencyId"), Columns),
        (F::Category, "categoryId", Es("categoryId"), Es("categoryId"), No),
        (F::CategoryPath, "category", No, No, C("product_type")),
        (F::Picture, "picture", Es("picture"), Es("picture"), Columns),
        (F::TypePrefix, "typePrefix", No, E("typePrefix"), No),
        (F::Vendor, "vendor", E("vendor"), E("vendor"), C("brand")),
        (F::Model, "model", No, E("model"), No),
        (F::Name, "name", E("name"), E("name"), C("title")),
        (F::ProductName, "productName", E("productName"), No, No),
        (F::VendorCode, "vendorCode", P("article"), E("vendorCode"), C("mpn")),
        (F::Description, "description", P("description"), E("description"), C("description")),
        (F::XmlId, "xmlId", E("xmlId"), No, No),
        (F::VatRate, "vatRate", E("vatRate"), E("vat"), No),
        (F::Weight, "weight", E("weight"), E("weight"), Columns),
        (F::Dimensions, "dimensions", E("dimensions"), E("dimensions"), Columns),
        (F::Barcode, "barcode", Es("barcode"), Es("barcode"), C("gtin")),
        (F::ProductActivity, "productActivity", E("productActivity"), No, No),
        (F::Activity, "activity", E("activity"), No, No),
        (F::Markable, "markable", E("markable"), No, No),
        (F::Adult, "adult", No, E("adult"), C("adult")),
    ]
};

impl Field {
    /// All fields, in the order in which they are written.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.0)
    }

    fn row(self) -> &'static Row {
        // The table has a row for each field, in the order of the enum; a test compares the two.
        &TABLE[self as usize]
    }

    /// The name in options and reports.
    pub(crate) fn name(self) -> &'static str {
        self.row().1
    }

    /// The field of this name, in any case of letters.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let row = TABLE.iter().find(|row| row.1.eq_ignore_ascii_case(name));
        row.map(|row| row.0)
    }

    /// Where the format has the field.
    pub(crate) fn place(self, format: Format) -> Place {
        let (_, _, icml, yml, google) = *self.row();
        match format {
            Format::Icml => icml,
            Format::Yml => yml,
            Format::Google => google,
        }
    }

    /// The field of an attribute of `<offer>`. A name of the other XML format counts too.
    pub(crate) fn of_attribute(name: &str, format: Format) -> Option<Self> {
        Names::of(format).attributes.get(name).copied()
    }

    /// The field of an element of `<offer>`. A name of the other XML format counts too.
    pub(crate) fn of_element(name: &str, format: Format) -> Option<Self> {
        Names::of(format).elements.get(name).copied()
    }

    /// The field of a column that has the field's value as it is.
    pub(crate) fn of_column(name: &str) -> Option<Self> {
        let is_it = |row: &&Row| matches!(row.4, Place::Column(known) if known == name);
        TABLE.iter().find(is_it).map(|row| row.0)
    }

    /// Whether the value is a number.
    pub(crate) fn is_number(self) -> bool {
        self.is_money() || matches!(self, Self::Quantity | Self::Weight)
    }

    /// Whether the value is an amount of money.
    pub(crate) fn is_money(self) -> bool {
        matches!(self, Self::Price | Self::OldPrice | Self::PurchasePrice)
    }
}

/// The fields by the names of a format, and by those of the other XML format that the first one does not have.
struct Names {
    attributes: HashMap<&'static str, Field>,
    elements: HashMap<&'static str, Field>,
}

impl Names {
    fn of(format: Format) -> &'static Self {
        static ICML: LazyLock<Names> = LazyLock::new(|| Names::new([Format::Icml, Format::Yml]));
        static YML: LazyLock<Names> = LazyLock::new(|| Names::new([Format::Yml, Format::Icml]));
        match format {
            Format::Icml => &ICML,
            _ => &YML,
        }
    }

    fn new(formats: [Format; 2]) -> Self {
        let mut names = Self {
            attributes: HashMap::new(),
            elements: HashMap::new(),
        };
        for (format, field) in formats
            .into_iter()
            .flat_map(|format| Field::all().map(move |field| (format, field)))
        {
            match field.place(format) {
                Place::Attribute(name) => names.attributes.entry(name).or_insert(field),
                Place::Element(name) | Place::Elements(name) => {
                    names.elements.entry(name).or_insert(field)
                }
                _ => continue,
            };
        }
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // J6
    #[test]
    fn j6_the_table_has_a_row_for_each_field_in_order() {
        for (at, row) in TABLE.iter().enumerate() {
            assert_eq!(row.0 as usize, at, "{}", row.1);
            assert_eq!(Field::named(row.1), Some(row.0));
        }
        assert_eq!(TABLE.len(), Field::Adult as usize + 1);
    }

    // J6
    #[test]
    fn j6_a_name_of_the_other_format_is_known() {
        assert_eq!(
            Field::of_element("oldprice", Format::Icml),
            Some(Field::OldPrice)
        );
        assert_eq!(
            Field::of_element("productName", Format::Yml),
            Some(Field::ProductName)
        );
        assert_eq!(
            Field::of_attribute("group_id", Format::Icml),
            Some(Field::Product)
        );
        assert_eq!(Field::of_element("group_id", Format::Yml), None);
        assert_eq!(Field::of_column("gtin"), Some(Field::Barcode));
    }
}
