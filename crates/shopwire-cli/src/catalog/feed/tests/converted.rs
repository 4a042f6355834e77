//! Feeds of one format in another.

use super::{
    super::{Field, Format},
    feeds,
    support::{Feed, adapt, take},
};

// J6
#[test]
fn j6_each_format_has_what_the_others_say() {
    let from = |text: &str, from: Format, to: Format| {
        let (mut taken, _) = take(text.as_bytes(), from);
        let lost = adapt(&mut taken.feed, from, to);
        let names: Vec<String> = lost
            .into_iter()
            .map(|(name, count)| format!("{name} {count}"))
            .collect();
        (taken.feed, names)
    };
    let value =
        |feed: &Feed, at: usize, field| feed.offers[at].get(field).unwrap_or_default().to_owned();

    let (icml, lost) = from(feeds::YML, Format::Yml, Format::Icml);
    assert_eq!(
        lost,
        [
            "adult 1",
            "bid 1",
            "currency 2",
            "delivery-options 1",
            "oldPrice 1",
            "price: @from 1",
            "sales_notes 1",
            "available 1",
            "shop: currencies 1"
        ]
        .map(str::to_owned)
        .into_iter()
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect::<Vec<_>>()
    );
    assert_eq!(value(&icml, 0, Field::Product), "7");
    assert_eq!(
        value(&icml, 1, Field::Product),
        "13",
        "without variants, the offer is the product"
    );
    assert_eq!(value(&icml, 1, Field::Name), "Globe Acme X1");
    assert_eq!(value(&icml, 0, Field::VatRate), "20");
    let params: Vec<(&str, &str)> = icml.offers[0]
        .params
        .iter()
        .map(|param| (param.code.as_deref().unwrap_or(""), param.value.as_str()))
        .collect();
    assert_eq!(
        params,
        [
            ("size", "30 cm"),
            ("article", "V-1"),
            ("description", "<b>big</b>")
        ]
    );

    let (google, lost) = from(feeds::ICML, Format::Icml, Format::Google);
    assert_eq!(
        lost,
        [
            "activity 1",
            "categoryId 1",
            "category: picture 1",
            "markable 1",
            "productActivity 1",
            "productName 1",
            "quantity 2",
            "shop: company 1",
            "shop: name 1",
            "unit 1",
            "vatRate 1",
            "xmlId 1"
        ]
        .map(str::to_owned)
        .into_iter()
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect::<Vec<_>>()
    );
    assert_eq!(
        value(&google, 0, Field::CategoryPath),
        "Furniture > Racks & shelves"
    );
    assert_eq!(value(&google, 0, Field::VendorCode), "A-1");
    assert_eq!(value(&google, 0, Field::Description), "Steel");
    assert_eq!(
        (
            value(&google, 0, Field::Available),
            value(&google, 1, Field::Available)
        ),
        ("in_stock".into(), "out_of_stock".into())
    );

    let (yml, lost) = from(feeds::GOOGLE, Format::Google, Format::Yml);
    assert_eq!(
        lost,
        [
            "google_product_category 1".to_owned(),
            "param: code 0".to_owned()
        ][..1]
            .to_vec()
    );
    assert_eq!(
        (
            value(&yml, 0, Field::Price),
            value(&yml, 0, Field::OldPrice)
        ),
        ("19.99".into(), "25.00".into())
    );
    assert_eq!(value(&yml, 0, Field::Currency), "USD");
    assert_eq!(value(&yml, 0, Field::Dimensions), "30/20/0");
    assert_eq!(
        value(&yml, 0, Field::Category).parse::<u64>().map(|_| ()),
        Ok(())
    );
    assert_eq!(yml.offers[0].all(Field::Picture).count(), 3);
    assert_eq!(value(&yml, 0, Field::Adult), "false");
}

// J6
#[test]
fn j6_an_inactive_offer_is_not_for_sale_elsewhere() {
    for (offer, available) in [
        (
            "<offer id='1' productId='1' quantity='5'><activity>N</activity></offer>",
            Some("false"),
        ),
        (
            "<offer id='1' productId='1' quantity='5'><productActivity>N</productActivity></offer>",
            Some("false"),
        ),
        ("<offer id='1' productId='1' quantity='5'/>", Some("true")),
        ("<offer id='1' productId='1' quantity='0'/>", Some("false")),
        ("<offer id='1' productId='1'/>", None),
    ] {
        let text = format!("<yml_catalog><shop><offers>{offer}</offers></shop></yml_catalog>");
        let (mut taken, _) = take(text.as_bytes(), Format::Icml);
        adapt(&mut taken.feed, Format::Icml, Format::Yml);
        assert_eq!(
            taken.feed.offers[0].get(Field::Available),
            available,
            "{offer}"
        );
    }
}
