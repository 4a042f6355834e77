//! `yml`: the XML feed of Yandex Market. The elements of an offer may come in any order, and markup inside of them
//! is read as text.

use serde_json::{Map, Value};

use super::content::Feed;
use super::price;
use super::xml::{self, Node};

pub(super) fn read(text: &str) -> Result<Feed, String> {
    let mut state = State::default();
    xml::read(text, |node, line| state.take(node, line))?;
    if !state.is_catalog {
        return Err("there is no <yml_catalog>".into());
    }
    Ok(state.feed)
}

/// State of the reader: the open elements, the text of the innermost leaf, the open offer.
#[derive(Default)]
struct State {
    open: Vec<String>,
    text: String,
    category: Option<String>,
    offer: Offer,
    is_catalog: bool,
    feed: Feed,
}

/// An offer while it is being read.
#[derive(Default)]
struct Offer {
    line: usize,
    id: Option<String>,
    available: Option<String>,
    /// The elements of the offer and their texts, in the order of the feed.
    elements: Vec<(String, String)>,
}

impl State {
    fn take(&mut self, node: Node, line: usize) {
        match node {
            Node::Open(name, attributes) => self.open(name, attributes, line),
            Node::Text(text) => self.text.push_str(&text),
            Node::Close => self.close(),
        }
    }

    fn open(&mut self, name: String, attributes: Vec<(String, String)>, line: usize) {
        if self.leaf().is_none() {
            self.text.clear();
            self.begin(&name, &attributes, line);
        } else if name.eq_ignore_ascii_case("br") {
            // Markup inside of a leaf belongs to its text; a line break is kept.
            self.text.push('\n');
        }
        self.open.push(name);
    }

    fn begin(&mut self, name: &str, attributes: &[(String, String)], line: usize) {
        let parent = self.open.last().map(String::as_str);
        let attribute = |name: &str| {
            let found = attributes.iter().find(|(key, _)| key == name);
            found.map(|(_, value)| value.trim().to_owned())
        };
        match (parent, name) {
            (None, "yml_catalog") => self.is_catalog = true,
            (Some("categories"), "category") => self.category = attribute("id"),
            (Some("offers"), "offer") => {
                self.offer = Offer {
                    line,
                    id: attribute("id"),
                    available: attribute("available"),
                    elements: Vec::new(),
                };
            }
            _ => {}
        }
    }

    /// Returns the index, among the open elements, of the element whose text is being read: a category, or an
    /// element of an offer.
    fn leaf(&self) -> Option<usize> {
        let pairs = self.open.windows(2).enumerate();
        let leaf = pairs.filter_map(|(at, pair)| match (pair[0].as_str(), pair[1].as_str()) {
            ("categories", "category") => Some(at + 1),
            ("offers", "offer") => Some(at + 2),
            _ => None,
        });
        leaf.take(1).find(|leaf| *leaf < self.open.len())
    }

    fn close(&mut self) {
        let leaf = self.leaf();
        let name = self.open.pop().unwrap_or_default();
        if leaf == Some(self.open.len()) {
            let text = std::mem::take(&mut self.text).trim().to_owned();
            match self.open.last().map(String::as_str) {
                Some("categories") => self.end_category(text),
                _ => self.offer.elements.push((name, text)),
            }
        } else if leaf.is_none()
            && name == "offer"
            && self.open.last().is_some_and(|it| it == "offers")
        {
            self.end_offer();
        }
    }

    fn end_category(&mut self, name: String) {
        if let Some(id) = self.category.take() {
            let fields = Map::from_iter([("name".into(), name.into())]);
            self.feed.categories.push((id, fields));
        }
    }

    /// Ends an offer. A bad offer is reported as refused, and the others are kept.
    fn end_offer(&mut self) {
        let offer = std::mem::take(&mut self.offer);
        let line = offer.line;
        match (offer.id.clone().filter(|id| !id.is_empty()), offer.fields()) {
            (Some(id), Ok(fields)) => self.feed.products.push((id, fields)),
            (Some(id), Err(why)) => {
                let refused = format!("offer {id} (line {line}): {why}");
                self.feed.refused.push(refused);
            }
            (None, _) => {
                let refused = format!("offer on line {line}: there is no id");
                self.feed.refused.push(refused);
            }
        }
    }
}

impl Offer {
    /// Returns the first text of an element. The first picture is the main one.
    fn text(&self, name: &str) -> Option<&str> {
        let found = self.elements.iter().find(|(element, _)| element == name);
        found
            .map(|(_, text)| text.as_str())
            .filter(|text| !text.is_empty())
    }

    fn fields(&self) -> Result<Map<String, Value>, String> {
        let mut fields = Map::new();
        let is_available = match self.available.as_deref() {
            None | Some("true" | "1") => true,
            Some("false" | "0" | "") => false,
            Some(other) => return Err(format!("available: `{other}` is neither true nor false")),
        };
        fields.insert("in_stock".into(), is_available.into());
        for (element, field) in [
            ("url", "url"),
            ("description", "description"),
            ("categoryId", "category"),
            ("picture", "image_url"),
        ] {
            if let Some(text) = self.text(element) {
                fields.insert(field.into(), text.into());
            }
        }
        if let Some(title) = self.title() {
            fields.insert("title".into(), title.into());
        }
        if let Some(currency) = self.text("currencyId") {
            fields.insert("currency".into(), currency.to_lowercase().into());
        }
        if let Some(text) = self.text("price") {
            let price = price::read(text).map_err(|why| format!("price: {why}"))?;
            fields.insert("price".into(), price);
        }
        Ok(fields)
    }

    /// Returns the title. A name takes precedence over a model with its vendor.
    fn title(&self) -> Option<String> {
        if let Some(name) = self.text("name") {
            return Some(name.to_owned());
        }
        let model = self.text("model")?;
        Some(match self.text("vendor") {
            Some(vendor) => format!("{vendor} {model}"),
            None => model.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const FEED: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE yml_catalog SYSTEM "shops.dtd">
<yml_catalog date="2026-11-22 10:00"><shop><name>Shop</name>
<categories><category id="1">Books &amp; maps</category><category id="2" parentId="1">Atlases</category></categories>
<offers>
 <offer id="12" available="false"><url>http://a/12?x=1&amp;y=2</url><price>19.99</price><currencyId>UAH</currencyId>
  <categoryId>2</categoryId><picture>http://a/1.jpg</picture><picture>http://a/2.jpg</picture><name>Atlas &#8470;1</name>
  <description><![CDATA[<b>big</b>]]></description><param name="Size">XL</param></offer>
 <offer id="13"><price>5</price><vendor>Acme</vendor><model>X1</model></offer>
</offers></shop></yml_catalog>"#;

    /// A catalogue of these offers.
    fn catalogue(offers: &str) -> String {
        format!("<yml_catalog><shop><offers>{offers}</offers></shop></yml_catalog>")
    }

    #[test]
    fn n73_yml_has_categories_and_offers() {
        let feed = read(FEED).expect("a feed");
        assert_eq!(feed.categories.len(), 2);
        assert_eq!(feed.categories[0].0, "1");
        assert_eq!(feed.categories[0].1["name"], "Books & maps");
        assert_eq!(feed.products[0].0, "12");
        assert_eq!(
            Value::Object(feed.products[0].1.clone()),
            json!({"in_stock": false, "url": "http://a/12?x=1&y=2", "price": 19.99, "currency": "uah", "category": "2",
                   "image_url": "http://a/1.jpg", "title": "Atlas №1", "description": "<b>big</b>"})
        );
        assert_eq!(
            Value::Object(feed.products[1].1.clone()),
            json!({"in_stock": true, "price": 5.0, "title": "Acme X1"})
        );
        assert!(feed.refused.is_empty());
    }

    #[test]
    fn n77_broken_xml_says_why() {
        for (text, why) in [
            ("<html></html>", "yml_catalog"),
            ("<html><yml_catalog/></html>", "yml_catalog"),
            ("<yml_catalog><shop>", "not closed"),
            ("<yml_catalog></shop>", "line 1"),
            ("<yml_catalog><shop>a & b</shop></yml_catalog>", "line 1"),
        ] {
            let error = read(text).expect_err(text);
            assert!(error.contains(why), "{error}");
        }
    }

    // F10
    #[test]
    fn f10_the_elements_of_an_offer_may_come_in_any_order() {
        let elements = [
            "<model>X1</model>",
            "<vendor>Acme</vendor>",
            "<price>5</price>",
            "<currencyId>UAH</currencyId>",
            "<picture>http://a/1.jpg</picture>",
            "<description>d</description>",
        ];
        let mut seen = Vec::new();
        for turn in 0..elements.len() {
            let mut turned = elements;
            turned.rotate_left(turn);
            for reversed in [false, true] {
                if reversed {
                    turned.reverse();
                }
                let offer = format!("<offer id='1'>{}</offer>", turned.concat());
                seen.push(
                    read(&catalogue(&offer)).expect("a feed").products[0]
                        .1
                        .clone(),
                );
            }
        }
        assert_eq!(seen[0]["title"], "Acme X1");
        assert!(seen.iter().all(|fields| *fields == seen[0]), "{seen:?}");
        let named = "<offer id='1'><model>X1</model><vendor>Acme</vendor><name>Own</name></offer>";
        assert_eq!(
            read(&catalogue(named)).expect("a feed").products[0].1["title"],
            "Own"
        );
        // The offers may come before the categories, and a picture keeps its place among others.
        let late = "<yml_catalog><shop><offers><offer id='1'><categoryId>7</categoryId></offer></offers>\
            <categories><category id='7'>Tea</category></categories></shop></yml_catalog>";
        assert_eq!(read(late).expect("a feed").categories[0].1["name"], "Tea");
    }

    // F10
    #[test]
    fn f10_markup_inside_of_a_text_keeps_the_text() {
        for (markup, text) in [
            (
                "Start <b>bold</b> middle<br/>last",
                "Start bold middle\nlast",
            ),
            ("<p>one</p><p>two <i><u>deep</u></i></p>", "onetwo deep"),
            ("a<![CDATA[ & <b>]]> &lt;c&gt; &#8470;", "a & <b> <c> №"),
            ("<name>inner</name> rest", "inner rest"),
            ("<offers><offer id='9'>odd</offer></offers>", "odd"),
            ("before<!-- not this -->after", "beforeafter"),
        ] {
            let offer =
                format!("<offer id='1'><description>{markup}</description><name>N</name></offer>");
            let fields = read(&catalogue(&offer)).expect("a feed").products[0]
                .1
                .clone();
            assert_eq!(fields["description"], text, "{markup}");
            assert_eq!(fields["title"], "N", "{markup}");
        }
        let category = "<yml_catalog><categories><category id='1'>Tea <b>green</b></category></categories></yml_catalog>";
        assert_eq!(
            read(category).expect("a feed").categories[0].1["name"],
            "Tea green"
        );
    }

    // F10
    #[test]
    fn f10_a_bad_offer_is_refused_alone_and_named_with_its_line() {
        for end in ["\n", "\r\n", "\r"] {
            let offers = [
                "<offer id='1'><price>1</price></offer>",
                "<offer id='2'>",
                "<price>free</price></offer>",
                "<offer><price>1</price></offer>",
                "<offer id='3'><price>1 234.50</price></offer>",
                "<offer id='4' available='maybe'/>",
                "<offer id='5'/>",
                "<offer id='1'><price>2</price></offer>",
            ];
            let feed = read(&catalogue(&offers.join(end))).expect("a feed");
            let ids: Vec<&str> = feed.products.iter().map(|(id, _)| id.as_str()).collect();
            assert_eq!((ids, feed.count()), (vec!["1", "5", "1"], 2), "{end:?}");
            assert_eq!(
                feed.refused,
                [
                    "offer 2 (line 2): price: `free` is not a price",
                    "offer on line 4: there is no id",
                    "offer 3 (line 5): price: `1 234.50` has a thousands separator",
                    "offer 4 (line 6): available: `maybe` is neither true nor false",
                ],
                "{end:?}"
            );
        }
    }
}
