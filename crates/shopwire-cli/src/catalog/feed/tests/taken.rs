//! Feeds as people write them.

use std::io::Write as _;

use super::{
    super::{Field, Format, rules::RuleId, visit::Ended},
    feeds,
    support::{Feed, adapt, check, take, write},
};

fn rules(bytes: &[u8], format: Format) -> Vec<(u64, RuleId)> {
    let (faults, _) = check(bytes, format);
    faults.into_iter().map(|fault| (fault.line, fault.rule)).collect()
}

const ALL: [(&str, Format); 3] = [
    (feeds::ICML, Format::Icml),
    (feeds::YML, Format::Yml),
    (feeds::GOOGLE, Format::Google),
];

// J6
#[test]
fn j6_a_feed_without_faults_has_none_and_is_written_as_it_was() {
    for (text, format) in ALL {
        let (faults, counts) = check(text.as_bytes(), format);
        assert_eq!(faults, [], "{format}");
        assert_eq!((counts.offers, counts.errors, counts.warnings), (2, 0, 0), "{format}");
        let (mut taken, ended) = take(text.as_bytes(), format);
        assert_eq!(ended, Ended::Complete);
        assert_eq!(write(&taken.feed, format), text, "{format}");
        assert_eq!(adapt(&mut taken.feed, format, format), [], "{format}");
        assert_eq!(write(&taken.feed, format), text, "{format}");
    }
}

// J6
#[test]
fn j6_the_format_is_told_by_the_feed() {
    for (text, format) in ALL {
        assert_eq!(super::super::read::guess(text.as_bytes(), None).expect("read"), format);
    }
    for (text, format) in [("", Format::Google), ("  <yml_catalog/>", Format::Yml), ("<", Format::Yml)] {
        assert_eq!(super::super::read::guess(text.as_bytes(), None).expect("read"), format, "{text}");
    }
}

// J6
#[test]
fn j6_each_format_has_what_the_others_say() {
    let from = |text: &str, from: Format, to: Format| {
        let (mut taken, _) = take(text.as_bytes(), from);
        let lost = adapt(&mut taken.feed, from, to);
        let names: Vec<String> = lost.into_iter().map(|(name, count)| format!("{name} {count}")).collect();
        (taken.feed, names)
    };
    let value = |feed: &Feed, at: usize, field| feed.offers[at].get(field).unwrap_or_default().to_owned();

    let (icml, lost) = from(feeds::YML, Format::Yml, Format::Icml);
    assert_eq!(
        lost,
        [
            "adult 1", "bid 1", "currency 2", "delivery-options 1", "oldPrice 1", "price: @from 1", "sales_notes 1",
            "available 1", "shop: currencies 1"
        ]
        .map(str::to_owned)
        .into_iter()
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect::<Vec<_>>()
    );
    assert_eq!(value(&icml, 0, Field::Product), "7");
    assert_eq!(value(&icml, 1, Field::Product), "13", "without variants, the offer is the product");
    assert_eq!(value(&icml, 1, Field::Name), "Globe Acme X1");
    assert_eq!(value(&icml, 0, Field::VatRate), "20");
    let params: Vec<(&str, &str)> =
        icml.offers[0].params.iter().map(|param| (param.code.as_deref().unwrap_or(""), param.value.as_str())).collect();
    assert_eq!(params, [("size", "30 cm"), ("article", "V-1"), ("description", "<b>big</b>")]);

    let (google, lost) = from(feeds::ICML, Format::Icml, Format::Google);
    assert_eq!(
        lost,
        [
            "activity 1", "categoryId 1", "category: picture 1", "markable 1", "param: name 1", "productActivity 1",
            "productName 1", "quantity 2", "shop: company 1", "shop: name 1", "unit 1", "vatRate 1", "xmlId 1"
        ]
        .map(str::to_owned)
        .into_iter()
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect::<Vec<_>>()
    );
    assert_eq!(value(&google, 0, Field::CategoryPath), "Furniture > Racks & shelves");
    assert_eq!(value(&google, 0, Field::VendorCode), "A-1");
    assert_eq!(value(&google, 0, Field::Description), "Steel");
    assert_eq!((value(&google, 0, Field::Available), value(&google, 1, Field::Available)), ("in_stock".into(), "out_of_stock".into()));

    let (yml, lost) = from(feeds::GOOGLE, Format::Google, Format::Yml);
    assert_eq!(lost, ["google_product_category 1".to_owned(), "param: code 0".to_owned()][..1].to_vec());
    assert_eq!((value(&yml, 0, Field::Price), value(&yml, 0, Field::OldPrice)), ("19.99".into(), "25.00".into()));
    assert_eq!(value(&yml, 0, Field::Currency), "USD");
    assert_eq!(value(&yml, 0, Field::Dimensions), "30/20/0");
    assert_eq!(value(&yml, 0, Field::Category).parse::<u64>().map(|_| ()), Ok(()));
    assert_eq!(yml.offers[0].all(Field::Picture).count(), 3);
    assert_eq!(value(&yml, 0, Field::Adult), "false");
}

// J6
#[test]
fn j6_an_inactive_offer_is_not_for_sale_elsewhere() {
    for (offer, available) in [
        ("<offer id='1' productId='1' quantity='5'><activity>N</activity></offer>", Some("false")),
        ("<offer id='1' productId='1' quantity='5'><productActivity>N</productActivity></offer>", Some("false")),
        ("<offer id='1' productId='1' quantity='5'/>", Some("true")),
        ("<offer id='1' productId='1' quantity='0'/>", Some("false")),
        ("<offer id='1' productId='1'/>", None),
    ] {
        let text = format!("<yml_catalog><shop><offers>{offer}</offers></shop></yml_catalog>");
        let (mut taken, _) = take(text.as_bytes(), Format::Icml);
        adapt(&mut taken.feed, Format::Icml, Format::Yml);
        assert_eq!(taken.feed.offers[0].get(Field::Available), available, "{offer}");
    }
}

// J6, F10
#[test]
fn j6_a_feed_is_read_in_its_encoding() {
    let declared = feeds::YML.replace("UTF-8", "ENC");
    let read = |bytes: &[u8]| {
        let (taken, ended) = take(bytes, Format::Yml);
        assert_eq!((taken.faults, ended), (Vec::new(), Ended::Complete));
        assert_eq!(taken.feed.offers[0].get(Field::Name), Some("Atlas №1"));
    };
    for label in ["windows-1251", "koi8-r", "utf-8"] {
        let text = declared.replace("ENC", label).replace('№', if label == "koi8-r" { "&#8470;" } else { "№" });
        let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).expect("a label");
        let (bytes, _, has_failed) = encoding.encode(&text);
        assert!(!has_failed, "{label}");
        read(&bytes);
    }
    read(format!("\u{feff}{}", feeds::YML).as_bytes());
    for order in [u16::to_le_bytes, u16::to_be_bytes] {
        for mark in [true, false] {
            let mark = mark.then_some(0xfeff);
            let text = declared.replace("ENC", "UTF-16");
            let bytes: Vec<u8> = mark.into_iter().chain(text.encode_utf16()).flat_map(order).collect();
            read(&bytes);
        }
    }
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(feeds::YML.as_bytes()).expect("packed");
    read(&packed.finish().expect("packed"));
}

// J6, F10
#[test]
fn j6_bytes_of_another_encoding_are_told_with_their_lines() {
    let (bytes, ..) = encoding_rs::WINDOWS_1251.encode("id,title,price\n1,Чайник,1 UAH\n2,Tea,1 UAH\n3,Чай,1 UAH\n");
    let found: Vec<_> =
        rules(&bytes, Format::Google).into_iter().filter(|(_, rule)| *rule == RuleId::Encoding).collect();
    let lines: std::collections::BTreeSet<u64> = found.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines.into_iter().collect::<Vec<_>>(), [2, 4], "{found:?}");
    let unknown = b"<?xml version='1.0' encoding='klingon'?><yml_catalog/>";
    let error = super::super::text::Text::new(&unknown[..], None).err().expect("unknown");
    assert!(error.to_string().contains("klingon"), "{error}");
}

// J6, F10
#[test]
fn j6_lines_are_counted_with_any_line_end() {
    for end in ["\n", "\r\n", "\r"] {
        let offers = [
            "<yml_catalog date='2026-01-01 10:00'><shop><name>S</name><categories/><offers>",
            "<offer id='1'><price>free</price><name>N</name></offer>",
            "<offer id='2'>",
            "<price>1 234.50</price></offer>",
            "<offer><price>1</price><name>N</name></offer>",
            "</offers></shop></yml_catalog>",
        ];
        let found = rules(offers.join(end).as_bytes(), Format::Yml);
        for expected in [(2, RuleId::Price), (3, RuleId::Thousands), (3, RuleId::Name), (5, RuleId::OfferId)] {
            assert!(found.contains(&expected), "{end:?} {found:?}");
        }
        let rows = ["id,title,price", "1,A,1 USD", "2,\"two", "lines\",free USD", "", "3,C,\"3,999.00 USD\"", ",no id,1 USD", "4,D,3,999 USD"];
        let found = rules(rows.join(end).as_bytes(), Format::Google);
        let errors: Vec<_> =
            found.into_iter().filter(|(_, rule)| rule.severity() == super::super::rules::Severity::Error).collect();
        assert_eq!(
            errors,
            [(3, RuleId::Price), (6, RuleId::Thousands), (7, RuleId::OfferId), (8, RuleId::Cells)],
            "{end:?}"
        );
    }
}

// J6, F10
#[test]
fn j6_elements_may_come_in_any_order_and_markup_keeps_its_text() {
    let text = "<yml_catalog><shop><offers><offer id='1'><name>N</name><description>Start <b>bold</b> middle<br/>last\
        </description><price>1</price><categoryId>7</categoryId></offer></offers><categories><category id='7'>Tea \
        <b>green</b></category></categories><name>Late</name></shop></yml_catalog>";
    let (taken, _) = take(text.as_bytes(), Format::Yml);
    assert_eq!(taken.feed.offers[0].get(Field::Description), Some("Start bold middle\nlast"));
    assert_eq!((taken.feed.categories[0].name.as_str(), taken.feed.shop.name.as_deref()), ("Tea green", Some("Late")));
    let found = rules(text.as_bytes(), Format::Yml);
    assert!(!found.iter().any(|(_, rule)| *rule == RuleId::CategoryUnknown), "{found:?}");
    assert_eq!(found.iter().filter(|(_, rule)| *rule == RuleId::Markup).count(), 2, "{found:?}");
}

// J6
#[test]
fn j6_an_ill_formed_feed_is_read_as_far_as_one_can_tell() {
    let text = "<yml_catalog date='2026-01-01 10:00'><shop><name>A & B</name>\n\
        <categories><category id='1'>Tea &nbsp; x</category></categories>\n\
        <offers>\n\
        <offer id='1' id='2' x=3><price>1</price><name>N</name></offer>\n\
        <offer id='3'><price>2</pric><name>M</name></offer>\n\
        <offer id='4'><price>3</price><name>O</name></offer></wrong>\n\
        <offer id='5'><price>4</price><name>P</name>\n\
        <!-- open";
    let (taken, ended) = take(text.as_bytes(), Format::Yml);
    let found: Vec<(u64, RuleId)> = taken.faults.iter().map(|fault| (fault.line, fault.rule)).collect();
    assert_eq!(
        found,
        [
            (1, RuleId::XmlAmpersand),
            (2, RuleId::XmlEntity),
            (4, RuleId::XmlAttribute),
            (4, RuleId::XmlAttribute),
            (5, RuleId::XmlTags),
            (5, RuleId::XmlTags),
            (6, RuleId::XmlTags),
            (8, RuleId::XmlStopped),
        ],
        "{:?}",
        taken.faults
    );
    assert_eq!(ended, Ended::Stopped);
    let ids: Vec<_> = taken.feed.offers.iter().map(|offer| offer.id().unwrap_or_default()).collect();
    assert_eq!(ids, ["1", "3", "4"]);
}

// J6, F10
#[test]
fn j6_entities_are_never_expanded_and_nothing_is_fetched() {
    let bomb = "<!DOCTYPE yml_catalog [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>\n\
        <yml_catalog><shop><name>&b;</name></shop></yml_catalog>";
    let (taken, ended) = take(bomb.as_bytes(), Format::Yml);
    assert_eq!((taken.faults.len(), taken.faults[0].rule, ended), (1, RuleId::XmlDoctype, Ended::Stopped));
    let external = "<!DOCTYPE yml_catalog [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><yml_catalog><shop><name>&x;</name></shop></yml_catalog>";
    let (taken, _) = take(external.as_bytes(), Format::Yml);
    assert_eq!(taken.faults[0].rule, RuleId::XmlDoctype);
    // The document type that all old feeds have declares nothing.
    let old = feeds::YML.replace("?>\n<yml", "?>\n<!DOCTYPE yml_catalog SYSTEM \"shops.dtd\">\n<yml");
    assert_eq!(check(old.as_bytes(), Format::Yml).0, []);
}

// J6, D20
#[test]
fn j6_what_has_no_end_is_cut_off() {
    let long = "x".repeat(3 << 20);
    for (text, format, rule) in [
        (format!("<yml_catalog><shop><name>{long}</name>"), Format::Yml, RuleId::Size),
        (format!("<yml_catalog><shop><offers><offer id='1'><name>{}</name>", "<b>y</b>".repeat(1 << 19)), Format::Yml, RuleId::Size),
        (format!("<{long}"), Format::Yml, RuleId::Size),
        ("<a>".repeat(100_000), Format::Yml, RuleId::XmlRoot),
        (format!("<yml_catalog>{}", "<a>".repeat(100_000)), Format::Yml, RuleId::Size),
        (format!("<yml_catalog><shop>{}", "<a>x</a>".repeat(100_000)), Format::Yml, RuleId::Size),
        (format!("id,title\n1,\"{long}"), Format::Google, RuleId::Size),
        ("id,title\n1,\"a\n2,b\n".to_owned(), Format::Google, RuleId::Quote),
    ] {
        let (taken, ended) = take(text.as_bytes(), format);
        let last = taken.faults.last().expect("a fault");
        assert_eq!((last.rule, ended), (rule, Ended::Stopped), "{}", &text[..40]);
        assert!(last.detail.len() < 300);
    }
}
