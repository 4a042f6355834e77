//! Feeds that are broken, or meant to break their reader.

use super::{
    super::{Format, rules::RuleId, visit::Ended},
    feeds,
    support::{check, take},
};

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
    let found: Vec<(u64, RuleId)> = taken
        .faults
        .iter()
        .map(|fault| (fault.line, fault.rule))
        .collect();
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
    let ids: Vec<_> = taken
        .feed
        .offers
        .iter()
        .map(|offer| offer.id().unwrap_or_default())
        .collect();
    assert_eq!(ids, ["1", "3", "4"]);
}

// J6, F10
#[test]
fn j6_entities_are_never_expanded_and_nothing_is_fetched() {
    let bomb = "<!DOCTYPE yml_catalog [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>\n\
        <yml_catalog><shop><name>&b;</name></shop></yml_catalog>";
    let (taken, ended) = take(bomb.as_bytes(), Format::Yml);
    assert_eq!(
        (taken.faults.len(), taken.faults[0].rule, ended),
        (1, RuleId::XmlDoctype, Ended::Stopped)
    );
    let external = "<!DOCTYPE yml_catalog [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><yml_catalog><shop><name>&x;</name></shop></yml_catalog>";
    let (taken, _) = take(external.as_bytes(), Format::Yml);
    assert_eq!(taken.faults[0].rule, RuleId::XmlDoctype);
    // The document type that all old feeds have declares nothing.
    let old = feeds::YML.replace(
        "?>\n<yml",
        "?>\n<!DOCTYPE yml_catalog SYSTEM \"shops.dtd\">\n<yml",
    );
    assert_eq!(check(old.as_bytes(), Format::Yml).0, []);
}

// J6, D20
#[test]
fn j6_what_has_no_end_is_cut_off() {
    let long = "x".repeat(3 << 20);
    for (text, format, rule) in [
        (
            format!("<yml_catalog><shop><name>{long}</name>"),
            Format::Yml,
            RuleId::Size,
        ),
        (
            format!(
                "<yml_catalog><shop><offers><offer id='1'><name>{}</name>",
                "<b>y</b>".repeat(1 << 19)
            ),
            Format::Yml,
            RuleId::Size,
        ),
        (format!("<{long}"), Format::Yml, RuleId::Size),
        ("<a>".repeat(100_000), Format::Yml, RuleId::XmlRoot),
        (
            format!("<yml_catalog>{}", "<a>".repeat(100_000)),
            Format::Yml,
            RuleId::Size,
        ),
        (
            format!("<yml_catalog><shop>{}", "<a>x</a>".repeat(100_000)),
            Format::Yml,
            RuleId::Size,
        ),
        (
            format!("id,title\n1,\"{long}"),
            Format::Google,
            RuleId::Size,
        ),
        (
            "id,title\n1,\"a\n2,b\n".to_owned(),
            Format::Google,
            RuleId::Quote,
        ),
    ] {
        let (taken, ended) = take(text.as_bytes(), format);
        let last = taken.faults.last().expect("a fault");
        assert_eq!(
            (last.rule, ended),
            (rule, Ended::Stopped),
            "{}",
            &text[..40]
        );
        assert!(last.detail.len() < 300);
    }
}

// J6
#[test]
fn j6_a_long_chain_of_categories_is_checked_in_one_walk() {
    let chain: String = (0..20_000)
        .map(|id| format!("<category id='{id}' parentId='{}'>c</category>", id + 1))
        .collect();
    let text = format!(
        "<yml_catalog date='2026-01-01 10:00'><shop><name>S</name><categories>{chain}</categories><offers/></shop></yml_catalog>"
    );
    let (faults, _) = check(text.as_bytes(), Format::Yml);
    let rules: Vec<RuleId> = faults.iter().map(|fault| fault.rule).collect();
    assert_eq!(rules, [RuleId::OffersNone, RuleId::CategoryParent]);
    let circle = text.replace("parentId='20000'", "parentId='0'");
    let (faults, _) = check(circle.as_bytes(), Format::Yml);
    let count = faults
        .iter()
        .filter(|fault| fault.rule == RuleId::CategoryCycle)
        .count();
    assert_eq!(count, 20_000);
}
