//! `yml`: the XML feed of Yandex Market.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use serde_json::{Map, Value};

use super::content::{Feed, price};

pub(super) fn read(text: &str) -> Result<Feed, String> {
    let mut reader = Reader::from_str(text);
    let mut state = State::default();
    loop {
        let event = reader
            .read_event()
            .map_err(|error| format!("byte {}: {error}", reader.error_position()))?;
        match event {
            Event::Start(tag) => state.open(&tag)?,
            Event::Empty(tag) => {
                state.open(&tag)?;
                state.close()?;
            }
            Event::Text(text) => state.text.push_str(&text.xml10_content()),
            Event::CData(text) => state.text.push_str(&text.xml10_content()),
            Event::GeneralRef(entity) => state.entity(&entity)?,
            Event::End(_) => state.close()?,
            Event::Eof => break,
            _ => {}
        }
    }
    state.finish()
}

/// Where the reader stands: the open elements, and what was collected of the innermost ones.
#[derive(Default)]
struct State {
    open: Vec<String>,
    text: String,
    id: Option<String>,
    offer: Map<String, Value>,
    vendor: Option<String>,
    is_catalog: bool,
    feed: Feed,
}

impl State {
    fn open(&mut self, tag: &BytesStart<'_>) -> Result<(), String> {
        let name = tag.local_name().as_ref().to_owned();
        self.text.clear();
        match name.as_str() {
            "yml_catalog" => self.is_catalog = true,
            "category" => self.id = attribute(tag, "id")?,
            "offer" => {
                self.id = attribute(tag, "id")?;
                self.offer = Map::new();
                self.vendor = None;
                let is_available = attribute(tag, "available")?.is_none_or(|text| text == "true");
                self.offer.insert("in_stock".into(), is_available.into());
            }
            _ => {}
        }
        self.open.push(name);
        Ok(())
    }

    fn close(&mut self) -> Result<(), String> {
        let name = self.open.pop().unwrap_or_default();
        let text = std::mem::take(&mut self.text).trim().to_owned();
        match (self.open.last().map(String::as_str), name.as_str()) {
            (Some("categories"), "category") => {
                if let Some(id) = self.id.take() {
                    self.feed
                        .categories
                        .push((id, Map::from_iter([("name".into(), text.into())])));
                }
            }
            (Some("offers"), "offer") => self.end_offer(),
            (Some("offer"), field) => self.field(field, text)?,
            _ => {}
        }
        Ok(())
    }

    fn field(&mut self, name: &str, text: String) -> Result<(), String> {
        let field = match name {
            "name" | "model" => "title",
            "url" => "url",
            "description" => "description",
            "categoryId" => "category",
            // The first picture is the main one.
            "picture" if !self.offer.contains_key("image_url") => "image_url",
            "currencyId" => {
                self.offer
                    .insert("currency".into(), text.to_lowercase().into());
                return Ok(());
            }
            "price" => {
                let id = self.id.as_deref().unwrap_or("without id");
                let value = price(&text)
                    .ok_or_else(|| format!("offer {id}: price: `{text}` is not a price"))?;
                self.offer.insert("price".into(), value);
                return Ok(());
            }
            "vendor" => {
                self.vendor = Some(text);
                return Ok(());
            }
            _ => return Ok(()),
        };
        // A name, where there is one, comes before a model.
        if name != "model" || !self.offer.contains_key("title") {
            let text = match (name, &self.vendor) {
                ("model", Some(vendor)) => format!("{vendor} {text}"),
                _ => text,
            };
            self.offer.insert(field.into(), text.into());
        }
        Ok(())
    }

    fn end_offer(&mut self) {
        let fields = std::mem::take(&mut self.offer);
        if let Some(id) = self.id.take() {
            self.feed.products.push((id, fields));
        }
    }

    fn entity(&mut self, entity: &quick_xml::events::BytesRef<'_>) -> Result<(), String> {
        if let Some(letter) = entity
            .resolve_char_ref()
            .map_err(|error| error.to_string())?
        {
            self.text.push(letter);
            return Ok(());
        }
        let name = entity.xml10_content();
        match quick_xml::escape::resolve_predefined_entity(&name) {
            Some(text) => self.text.push_str(text),
            None => return Err(format!("unknown entity `{name}`")),
        }
        Ok(())
    }

    fn finish(self) -> Result<Feed, String> {
        match self.open.last() {
            Some(name) => Err(format!("<{name}> is not closed")),
            None if !self.is_catalog => Err("there is no <yml_catalog>".into()),
            None => Ok(self.feed),
        }
    }
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, String> {
    let found = tag
        .try_get_attribute(name)
        .map_err(|error| error.to_string())?;
    let Some(attribute) = found else {
        return Ok(None);
    };
    let value = attribute
        .normalized_value(XmlVersion::Implicit1_0)
        .map_err(|error| error.to_string())?;
    Ok(Some(value.into_owned()))
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
    }

    #[test]
    fn n77_broken_xml_says_why() {
        for (text, why) in [
            ("<html></html>", "yml_catalog"),
            ("<yml_catalog><shop>", "<shop> is not closed"),
            ("<yml_catalog></shop>", "byte"),
            (
                "<yml_catalog><offers><offer id='1'><price>free</price></offer></offers></yml_catalog>",
                "offer 1: price",
            ),
        ] {
            let error = read(text).expect_err(text);
            assert!(error.contains(why), "{error}");
        }
    }
}
