//! Feeds as people write them.

use std::io::Write as _;

use super::{
    super::{Field, Format, rules::RuleId, visit::Ended},
    feeds,
    support::{adapt, check, take, write},
};

fn rules(bytes: &[u8], format: Format) -> Vec<(u64, RuleId)> {
    let (faults, _) = check(bytes, format);
    faults
        .into_iter()
        .map(|fault| (fault.line, fault.rule))
        .collect()
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
        assert_eq!(
            (counts.offers, counts.errors, counts.warnings),
            (2, 0, 0),
            "{format}"
        );
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
        assert_eq!(
            super::super::read::guess(text.as_bytes(), None).expect("read"),
            format
        );
    }
    for (text, format) in [
        ("", Format::Google),
        ("  <yml_catalog/>", Format::Yml),
        ("<", Format::Yml),
    ] {
        assert_eq!(
            super::super::read::guess(text.as_bytes(), None).expect("read"),
            format,
            "{text}"
        );
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
        let text = declared
            .replace("ENC", label)
            .replace('№', if label == "koi8-r" { "&#8470;" } else { "№" });
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
            let bytes: Vec<u8> = mark
                .into_iter()
                .chain(text.encode_utf16())
                .flat_map(order)
                .collect();
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
    let (bytes, ..) = encoding_rs::WINDOWS_1251
        .encode("id,title,price\n1,Чайник,1 UAH\n2,Tea,1 UAH\n3,Чай,1 UAH\n");
    let found: Vec<_> = rules(&bytes, Format::Google)
        .into_iter()
        .filter(|(_, rule)| *rule == RuleId::Encoding)
        .collect();
    let lines: std::collections::BTreeSet<u64> = found.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines.into_iter().collect::<Vec<_>>(), [2, 4], "{found:?}");
    let unknown = b"<?xml version='1.0' encoding='klingon'?><yml_catalog/>";
    let error = super::super::text::Text::new(&unknown[..], None)
        .err()
        .expect("unknown");
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
        for expected in [
            (2, RuleId::Price),
            (3, RuleId::Thousands),
            (3, RuleId::Name),
            (5, RuleId::OfferId),
        ] {
            assert!(found.contains(&expected), "{end:?} {found:?}");
        }
        let rows = [
            "id,title,price",
            "1,A,1 USD",
            "2,\"two",
            "lines\",free USD",
            "",
            "3,C,\"3,999.00 USD\"",
            ",no id,1 USD",
            "4,D,3,999 USD",
        ];
        let found = rules(rows.join(end).as_bytes(), Format::Google);
        let errors: Vec<_> = found
            .into_iter()
            .filter(|(_, rule)| rule.severity() == super::super::rules::Severity::Error)
            .collect();
        assert_eq!(
            errors,
            [
                (3, RuleId::Price),
                (6, RuleId::Thousands),
                (7, RuleId::OfferId),
                (8, RuleId::Cells)
            ],
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
    assert_eq!(
        taken.feed.offers[0].get(Field::Description),
        Some("Start bold middle\nlast")
    );
    assert_eq!(
        (
            taken.feed.categories[0].name.as_str(),
            taken.feed.shop.name.as_deref()
        ),
        ("Tea green", Some("Late"))
    );
    let found = rules(text.as_bytes(), Format::Yml);
    assert!(
        !found
            .iter()
            .any(|(_, rule)| *rule == RuleId::CategoryUnknown),
        "{found:?}"
    );
    assert_eq!(
        found
            .iter()
            .filter(|(_, rule)| *rule == RuleId::Markup)
            .count(),
        2,
        "{found:?}"
    );
}
