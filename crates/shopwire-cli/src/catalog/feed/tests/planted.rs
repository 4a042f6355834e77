//! One feed for each rule, with that fault planted.

use std::collections::BTreeSet;

use super::{
    super::{Format, rules::RuleId},
    feeds,
    support::check,
};

/// A fault: the rule, the format, what is replaced in the feed without faults, and by what.
type Planted = (RuleId, Format, &'static str, &'static str);

const ALL: &[Planted] = {
    use Format::{Google as G, Icml as I, Yml as Y};
    use RuleId as R;
    &[
        (R::XmlStopped, I, "</yml_catalog>", "<!-- "),
        (R::XmlTags, Y, "</currencyId>", "</currencyid>"),
        (R::XmlAmpersand, I, "a=1&amp;b=2", "a=1&b=2"),
        (R::XmlEntity, Y, "Atlas №1", "Atlas&nbsp;1"),
        (R::XmlAttribute, Y, "bid=\"80\"", "bid=80"),
        (R::XmlCharacter, Y, "Prepaid", "Pre\u{1}paid"),
        (R::XmlCharacter, Y, "Prepaid", "Pre&#1;paid"),
        (R::XmlCharacter, G, "Acme", "Ac\u{1}me"),
        (
            R::XmlDoctype,
            I,
            "<yml_catalog ",
            "<!DOCTYPE a [<!ENTITY a \"b\">]>\n<yml_catalog ",
        ),
        (R::XmlRoot, Y, "<yml_catalog", "<catalog"),
        (R::XmlRoot, Y, "</yml_catalog>", "</yml_catalog>stray"),
        (R::XmlText, Y, "<count>3</count>", "<count>3</count>stray"),
        (R::XmlText, I, "<offers>", "<offers>stray"),
        (R::Size, G, "7,\"A, b\"", "7,\"A, b"),
        (R::ShopMissing, Y, "<shop>", "<!-- no shop -->"),
        (R::ShopName, I, "<name>Shop</name>", ""),
        (R::Date, Y, "2026-11-22 10:00", "22.11.2026"),
        (R::OffersMissing, I, "offers>", "goods>"),
        (R::OffersNone, I, "offers>", "goods>"),
        (R::CategoryId, I, "<category id=\"2\">", "<category>"),
        (
            R::CategoryRepeated,
            Y,
            "<category id=\"2\" parentId=\"1\">",
            "<category id=\"1\">",
        ),
        (R::CategoryName, Y, ">Books<", "><"),
        (R::CategoryParent, Y, "parentId=\"1\"", "parentId=\"9\""),
        (
            R::CategoryCycle,
            Y,
            "<category id=\"1\">",
            "<category id=\"1\" parentId=\"2\">",
        ),
        (R::CategoryUnknown, Y, "<categoryId>2<", "<categoryId>9<"),
        (R::CategoryNone, Y, "<categoryId>1</categoryId>", ""),
        (R::OfferId, I, "id=\"116\" ", ""),
        (R::OfferId, G, "\n8,C", "\n,C"),
        (R::OfferRepeated, I, "id=\"116\"", "id=\"115\""),
        (R::OfferRepeated, G, "\n8,C", "\n7,C"),
        (
            R::IdLength,
            G,
            "\n8,C",
            "\n88888888888888888888888888888888888888888888888888888888,C",
        ),
        (R::ProductId, I, "id=\"116\" productId=\"43\"", "id=\"116\""),
        (
            R::ProductScattered,
            I,
            "<offer id=\"116\"",
            "<offer id=\"9\" productId=\"9\" quantity=\"1\"><price>1</price><name>N</name><categoryId>2</categoryId></offer><offer id=\"116\"",
        ),
        (R::GroupId, Y, "group_id=\"7\"", "group_id=\"a7\""),
        (R::Quantity, I, "quantity=\"16\"", "quantity=\"many\""),
        (R::QuantityNone, I, " quantity=\"16\"", ""),
        (R::OfferType, I, "type=\"product\"", "type=\"thing\""),
        (R::Available, Y, "available=\"true\"", "available=\"maybe\""),
        (R::Available, G, "in_stock", "perhaps"),
        (R::AvailableNone, G, "out_of_stock", ""),
        (R::PriceNone, Y, "<price>5</price>", ""),
        (R::Price, Y, "<price>5</price>", "<price>free</price>"),
        (R::Price, G, "5 USD", "five USD"),
        (R::Price, I, "15000.00", "-1"),
        (R::Thousands, I, "15000.00", "15 000.00"),
        (R::PriceZero, Y, "<price>5</price>", "<price>0.00</price>"),
        (R::OldPrice, Y, "25.00", "19.99"),
        (R::CurrencyNone, Y, "<currencyId>UAH</currencyId>", ""),
        (
            R::Currency,
            Y,
            "<currencyId>UAH</currencyId>",
            "<currencyId>₴</currencyId>",
        ),
        (
            R::CurrencyUndeclared,
            Y,
            "<currencyId>UAH</currencyId>",
            "<currencyId>USD</currencyId>",
        ),
        (R::Name, I, "<name>Rack, three sections</name>", ""),
        (
            R::NameLength,
            G,
            "8,C",
            "8,CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC",
        ),
        (R::UrlNone, Y, "<url>http://shop.example/13</url>", ""),
        (R::Url, Y, "http://shop.example/13", "/13"),
        (R::Url, I, "http://shop.example/c.jpg", "c.jpg"),
        (R::PictureNone, G, "http://shop.example/8.png,,out", ",,out"),
        (R::Markup, Y, "&lt;b&gt;big&lt;/b&gt;", "<b>big</b>"),
        (R::VatRate, I, "<vatRate>20<", "<vatRate>VAT_20<"),
        (R::Weight, Y, "<weight>1.2<", "<weight>1.2 kg<"),
        (R::Weight, G, "1.5 kg", "1.5 stones"),
        (R::Dimensions, I, "10.5/20/0", "10.5x20x0"),
        (R::Flag, I, "<markable>N<", "<markable>no<"),
        (R::Adult, Y, "<adult>false<", "<adult>perhaps<"),
        (R::Barcode, I, "4006381333931", "4006381333932"),
        (R::ParamName, Y, "<param name=\"Size\"", "<param"),
        (R::ParamCode, I, "code=\"size\"", "code=\"размер\""),
        (R::Unit, I, "sym=\"pc.\"", ""),
        (R::ElementUnknown, Y, "sales_notes", "sales_remarks"),
        (
            R::ElementUnknown,
            I,
            "quantity=\"16\"",
            "quantity=\"16\" stock=\"1\"",
        ),
        (R::ElementForeign, I, "xmlId>", "vendorCode>"),
        (
            R::ElementForeign,
            I,
            "quantity=\"16\"",
            "quantity=\"16\" group_id=\"1\"",
        ),
        (
            R::ElementRepeated,
            Y,
            "<price>5</price>",
            "<price>5</price><price>6</price>",
        ),
        (R::Header, G, "id,title", "ident,title"),
        (R::ColumnRepeated, G, "sale_price,", "price,"),
        (R::ColumnUnknown, G, "google_product_category", "shade"),
        (R::Cells, G, "\"A, b\"", "A, b"),
        (R::Quote, G, "\n8,C", "\n8,\"C"),
        (R::Condition, G, ",new,", ",fine,"),
        (
            R::TextLength,
            G,
            "Acme",
            "AcmeAcmeAcmeAcmeAcmeAcmeAcmeAcmeAcmeAcmeAcmeAcmeAcmeAcmeAcmeAcmeAcmeAcmeAcme",
        ),
    ]
};

fn feed(format: Format) -> &'static str {
    match format {
        Format::Icml => feeds::ICML,
        Format::Yml => feeds::YML,
        Format::Google => feeds::GOOGLE,
    }
}

fn found(bytes: &[u8], format: Format) -> Vec<RuleId> {
    check(bytes, format)
        .0
        .into_iter()
        .map(|fault| fault.rule)
        .collect()
}

// J6
#[test]
fn j6_each_planted_fault_is_found_with_its_line() {
    let mut shown: BTreeSet<RuleId> = BTreeSet::new();
    for (rule, format, from, to) in ALL
        .iter()
        .copied()
        .filter(|planted| planted.0 != RuleId::Size)
    {
        let good = feed(format);
        assert!(good.contains(from), "{rule:?}: {from}");
        let bad = good.replace(from, to);
        let (faults, counts) = check(bad.as_bytes(), format);
        let mine: Vec<_> = faults.iter().filter(|fault| fault.rule == rule).collect();
        assert!(!mine.is_empty(), "{rule:?} in {format}: {faults:?}");
        assert!(rule.is_of(format), "{rule:?} is no rule of {format}");
        assert!(
            faults.iter().all(|fault| fault.rule.is_of(format)),
            "{faults:?}"
        );
        assert_eq!(counts.errors + counts.warnings, faults.len() as u64);
        // All that is told of one place has that line, and all lines are in the feed.
        let lines = bad.lines().count() as u64;
        assert!(mine.iter().all(|fault| fault.line <= lines), "{mine:?}");
        shown.insert(rule);
    }
    for (rule, format, bytes) in large() {
        assert!(found(&bytes, format).contains(&rule), "{rule:?}");
        shown.insert(rule);
    }
    let missing: Vec<_> = RuleId::ALL
        .iter()
        .filter(|rule| !shown.contains(rule))
        .collect();
    // A row of a source is no part of a feed: the tests of `write` have it.
    assert_eq!(missing, [&RuleId::Row], "rules without a planted fault");
}

/// Faults that are long, or no text.
fn large() -> Vec<(RuleId, Format, Vec<u8>)> {
    let long = |count| "x".repeat(count);
    let (encoded, ..) = encoding_rs::WINDOWS_1251.encode(feeds::YML);
    let pictures: String = (0..12)
        .map(|n| format!("<picture>http://shop.example/{n}</picture>"))
        .collect();
    vec![
        (RuleId::Encoding, Format::Yml, encoded.into_owned()),
        (
            RuleId::Size,
            Format::Yml,
            feeds::YML.replace("Prepaid", &long(2 << 20)).into_bytes(),
        ),
        (
            RuleId::UrlLength,
            Format::Icml,
            feeds::ICML
                .replace("/rack?", &format!("/{}?", long(2000)))
                .into_bytes(),
        ),
        (
            RuleId::DescriptionLength,
            Format::Yml,
            feeds::YML.replace("&lt;b&gt;", &long(3000)).into_bytes(),
        ),
        (
            RuleId::PictureCount,
            Format::Yml,
            feeds::YML
                .replace("<typePrefix>", &format!("{pictures}<typePrefix>"))
                .into_bytes(),
        ),
    ]
}

// J6
#[test]
fn j6_a_fault_is_told_with_line_offer_and_value() {
    let bad = feeds::YML.replace("<price>5</price>", "<price>1 234,50</price>");
    let (faults, _) = check(bad.as_bytes(), Format::Yml);
    assert_eq!(faults.len(), 1, "{faults:?}");
    let line = bad
        .lines()
        .position(|line| line.contains("<offer id=\"13\""))
        .expect("a line") as u64
        + 1;
    assert_eq!(
        (faults[0].line, faults[0].offer.as_deref()),
        (line, Some("13"))
    );
    assert_eq!(
        faults[0].detail,
        "price: `1 234,50` has a thousands separator"
    );
}

// J6
#[test]
fn j6_rules_have_ids_of_their_own_and_sources() {
    let ids: BTreeSet<&str> = RuleId::ALL.iter().map(|rule| rule.rule().id).collect();
    assert_eq!(ids.len(), RuleId::ALL.len());
    for rule in RuleId::ALL.iter().map(|id| id.rule()) {
        assert!(
            rule.id
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'-'),
            "{}",
            rule.id
        );
        assert!(
            !rule.source.is_empty() && rule.text.ends_with('.') && !rule.formats.is_empty(),
            "{}",
            rule.id
        );
    }
}
