//! Properties over random catalogues and mutated feeds.

use proptest::{collection::vec, option, prelude::*, sample::select};

use super::{
    super::{
        Category, Entry, Field, Format, Node, Offer, Param, Shop,
        field::Place,
        model::{Content, Unit},
    },
    feeds,
    support::{Feed, adapt, check, take, write},
};

/// Texts with all that must be escaped; the ends are no white space, which no feed keeps.
fn text() -> impl Strategy<Value = String> {
    let letters = select(vec![
        'a', 'Я', '№', '&', '<', '>', '"', '\'', ',', ':', ';', '\\', ' ', '\n', '\t', '/', ']',
        '😀', '=',
    ]);
    vec(letters, 1..12).prop_map(|letters| {
        let text: String = letters.into_iter().collect();
        let text = text.trim();
        if text.is_empty() {
            "x".to_owned()
        } else {
            text.to_owned()
        }
    })
}

fn word() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9_-]{0,8}"
}

fn amount() -> impl Strategy<Value = String> {
    (0_u32..100_000, 0_u32..100).prop_map(|(whole, cents)| format!("{whole}.{cents:02}"))
}

/// A value that the field may have.
fn value(field: Field, format: Format) -> BoxedStrategy<String> {
    match field {
        field if field.is_number() => amount().boxed(),
        Field::Currency => "[A-Z]{3}".boxed(),
        Field::Dimensions => (1_u32..99, 1_u32..99, 1_u32..99)
            .prop_map(|(a, b, c)| format!("{a}/{b}.5/{c}"))
            .boxed(),
        Field::Picture | Field::Url => word()
            .prop_map(|word| format!("http://shop.example/{word}"))
            .boxed(),
        Field::Adult if format == Format::Google => {
            select(vec!["yes".to_owned(), "no".to_owned()]).boxed()
        }
        Field::Adult => select(vec!["true".to_owned(), "false".to_owned()]).boxed(),
        // What ICML has as a parameter is tested as one.
        _ => text().boxed(),
    }
}

fn node(depth: u32) -> BoxedStrategy<Node> {
    let attributes = || vec((word(), text()), 0..3).prop_map(unique);
    let leaf =
        (word(), attributes(), option::of(text())).prop_map(|(name, attributes, text)| Node {
            name: format!("x-{name}"),
            attributes,
            content: text.map(Content::Text).into_iter().collect(),
            line: 0,
        });
    if depth == 0 {
        return leaf.boxed();
    }
    let inner =
        (word(), attributes(), vec(node(depth - 1), 1..3)).prop_map(|(name, attributes, nodes)| {
            Node {
                name: format!("x-{name}"),
                attributes,
                content: nodes.into_iter().map(Content::Node).collect(),
                line: 0,
            }
        });
    prop_oneof![leaf, inner].boxed()
}

fn unique(mut pairs: Vec<(String, String)>) -> Vec<(String, String)> {
    pairs.sort();
    pairs.dedup_by(|a, b| a.0 == b.0);
    pairs
        .into_iter()
        .map(|(name, value)| (format!("x-{name}"), value))
        .collect()
}

fn param(format: Format) -> impl Strategy<Value = Param> {
    let code = if format == Format::Icml {
        option::of(word()).boxed()
    } else {
        Just(None).boxed()
    };
    let unit = if format == Format::Yml {
        option::of(text()).boxed()
    } else {
        Just(None).boxed()
    };
    (text(), text(), code, unit)
        .prop_map(|(name, value, code, unit)| Param {
            // A section and a name are one text in the model.
            name: name.replace(':', ""),
            code,
            unit,
            value,
            attributes: Vec::new(),
        })
        .prop_map(|mut param| {
            param.name = param.name.trim().to_owned();
            if param.name.is_empty() {
                param.name.push('n');
            }
            param
        })
}

fn offer(format: Format) -> impl Strategy<Value = Offer> {
    let entry = |field: Field| {
        let count = match field.place(format) {
            Place::Nowhere | Place::Param(_) => 0..=0,
            _ if field == Field::Id => 1..=1,
            // Of amounts at Google, the price is the one that the others need.
            Place::Columns if matches!(field, Field::Price | Field::Currency) => 1..=1,
            Place::Elements(_) => 0..=3,
            Place::Columns if field == Field::Picture => 0..=3,
            _ => 0..=1,
        };
        vec(value(field, format), count).prop_map(move |texts| {
            texts
                .into_iter()
                .map(|text| Entry {
                    field,
                    text,
                    attributes: Vec::new(),
                })
                .collect::<Vec<_>>()
        })
    };
    let entries: Vec<_> = Field::all().map(|field| entry(field).boxed()).collect();
    let is_xml = format.is_xml();
    let unit = (text(), text(), text()).prop_map(|(code, name, sym)| Unit { code, name, sym });
    let unit = if format == Format::Icml {
        option::of(unit).boxed()
    } else {
        Just(None).boxed()
    };
    let nodes = if is_xml {
        vec(node(2), 0..3).boxed()
    } else {
        Just(Vec::new()).boxed()
    };
    let others = if is_xml {
        vec((word(), text()), 0..3).prop_map(unique).boxed()
    } else {
        Just(Vec::new()).boxed()
    };
    (entries, vec(param(format), 0..3), unit, nodes, others).prop_map(
        |(entries, params, unit, nodes, others)| Offer {
            entries: entries.into_iter().flatten().collect(),
            params,
            unit,
            nodes,
            others,
            ..Offer::default()
        },
    )
}

fn category(format: Format) -> impl Strategy<Value = Category> {
    let pictures = if format == Format::Icml {
        vec(value(Field::Picture, format), 0..3).boxed()
    } else {
        Just(Vec::new()).boxed()
    };
    let attributes = vec((word(), text()), 0..2).prop_map(unique);
    (text(), option::of(text()), text(), pictures, attributes).prop_map(
        |(id, parent, name, pictures, attributes)| Category {
            id,
            parent,
            name,
            pictures,
            attributes,
            ..Category::default()
        },
    )
}

fn feed(format: Format) -> impl Strategy<Value = Feed> {
    let shop = (
        option::of(text()),
        option::of(text()),
        option::of(text()),
        option::of(text()),
        vec(node(2), 0..3),
    );
    let shop = shop.prop_map(
        move |(date, name, company, url, other)| match format.is_xml() {
            true => Shop {
                date,
                name,
                company,
                url,
                other,
                columns: Vec::new(),
            },
            false => Shop::default(),
        },
    );
    let categories = if format.is_xml() {
        vec(category(format), 0..4).boxed()
    } else {
        Just(Vec::new()).boxed()
    };
    (shop, categories, vec(offer(format), 0..4)).prop_map(|(shop, categories, offers)| Feed {
        shop,
        categories,
        offers,
    })
}

fn any_feed() -> impl Strategy<Value = (Format, Feed)> {
    select(Format::ALL.to_vec()).prop_flat_map(|format| (Just(format), feed(format)))
}

/// The values of each field in the order of the table, since a table has no other.
fn sorted(mut feed: Feed) -> Feed {
    for offer in &mut feed.offers {
        offer.entries.sort_by_key(|entry| entry.field);
    }
    feed
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    // J6
    #[test]
    fn j6_what_was_written_is_read_back((format, feed) in any_feed()) {
        let text = write(&feed, format);
        let (taken, _) = take(text.as_bytes(), format);
        let faults: Vec<_> = taken.faults.iter().collect();
        prop_assert!(faults.is_empty() || format.is_xml() && feed.shop.date.is_none(), "{faults:?}\n{text}");
        prop_assert_eq!(sorted(taken.feed), sorted(feed), "{}", text);
    }

    // J6
    #[test]
    fn j6_converting_to_the_same_format_is_the_identity_after_the_first_time((format, feed) in any_feed()) {
        let (mut first, _) = take(write(&feed, format).as_bytes(), format);
        adapt(&mut first.feed, format, format);
        let text = write(&first.feed, format);
        let (mut second, _) = take(text.as_bytes(), format);
        prop_assert_eq!(adapt(&mut second.feed, format, format), vec![], "nothing is lost a second time");
        prop_assert_eq!(write(&second.feed, format), text);
    }

    // J6
    #[test]
    fn j6_what_fits_is_lost_in_no_further_conversion((from, feed) in any_feed(), to in select(Format::ALL.to_vec())) {
        let (mut taken, _) = take(write(&feed, from).as_bytes(), from);
        adapt(&mut taken.feed, from, to);
        let text = write(&taken.feed, to);
        let (mut again, _) = take(text.as_bytes(), to);
        let lost = adapt(&mut again.feed, to, to);
        prop_assert_eq!(lost, vec![], "{}", text);
        prop_assert_eq!(write(&again.feed, to), text);
    }

    // J6
    #[test]
    fn j6_the_checker_takes_any_bytes(
        format in select(Format::ALL.to_vec()),
        cuts in vec((0.0..1.0_f64, 0_usize..30, vec(select(b"<>&\"'=/![]-?,;:\\ \n\r\t0aZ\xd0\xff\x00\x01".to_vec()), 0..8)), 1..6),
    ) {
        let mut bytes = match format {
            Format::Icml => feeds::ICML,
            Format::Yml => feeds::YML,
            Format::Google => feeds::GOOGLE,
        }.as_bytes().to_vec();
        for (place, length, instead) in cuts {
            let at = (bytes.len() as f64 * place) as usize;
            let end = (at + length).min(bytes.len());
            bytes.splice(at..end, instead);
        }
        // A declaration may name an encoding that nobody knows.
        prop_assume!(super::super::text::Text::new(&bytes[..], None).is_ok());
        for format in Format::ALL {
            let (faults, counts) = check(&bytes, format);
            prop_assert_eq!(counts.errors + counts.warnings, faults.len() as u64);
            let lines = bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() as u64 + 2;
            prop_assert!(faults.iter().all(|fault| fault.line <= lines), "{:?}", faults);
        }
        let _ = super::super::read::guess(&bytes[..], None);
    }
}
