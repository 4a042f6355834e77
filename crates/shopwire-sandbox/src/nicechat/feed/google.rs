//! `google-csv`: the text feed of Google Merchant, separated by tabs or commas, with a header.

use serde_json::{Map, Value};

use super::content::{Feed, price};
use super::table;

/// The column of a feed, and the field of a product it fills.
const TEXTS: [(&str, &str); 4] = [
    ("title", "title"),
    ("description", "description"),
    ("link", "url"),
    ("image_link", "image_url"),
];

pub(super) fn read(text: &str) -> Result<Feed, String> {
    let header_line = text.lines().next().unwrap_or_default();
    let separator = if header_line.contains('\t') {
        '\t'
    } else {
        ','
    };
    let mut rows = table::rows(text, separator)?.into_iter();
    let header: Vec<String> = rows
        .next()
        .ok_or("the feed is empty")?
        .iter()
        .map(|name| column(name))
        .collect();
    if !header.iter().any(|name| name == "id") {
        return Err("the header has no column `id`".into());
    }
    let mut feed = Feed::default();
    for (number, row) in rows.enumerate() {
        let cell = |name: &str| {
            let index = header.iter().position(|column| column == name)?;
            row.get(index)
                .map(|text| text.trim())
                .filter(|text| !text.is_empty())
        };
        // Row 1 is the header.
        let fields = fields(&cell).map_err(|what| format!("row {}: {what}", number + 2))?;
        if let Some(id) = cell("id") {
            feed.products.push((id.to_owned(), fields));
        }
    }
    Ok(feed)
}

/// `Image Link`, `image link` and `image_link` are the same column.
fn column(name: &str) -> String {
    name.trim().to_lowercase().replace(' ', "_")
}

fn fields<'a>(cell: &impl Fn(&str) -> Option<&'a str>) -> Result<Map<String, Value>, String> {
    let mut fields = Map::new();
    for (column, field) in TEXTS {
        if let Some(text) = cell(column) {
            fields.insert(field.into(), text.into());
        }
    }
    if let Some(text) = cell("price") {
        let (amount, currency) = text.rsplit_once(' ').unwrap_or((text, ""));
        fields.insert(
            "price".into(),
            price(amount).ok_or_else(|| format!("price: `{text}` is not a price"))?,
        );
        if !currency.is_empty() {
            fields.insert("currency".into(), currency.to_lowercase().into());
        }
    }
    if let Some(text) = cell("availability") {
        let is_in_stock = matches!(
            text.to_lowercase().replace(' ', "_").as_str(),
            "in_stock" | "available"
        );
        fields.insert("in_stock".into(), is_in_stock.into());
    }
    Ok(fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn n73_google_csv_with_tabs_or_commas() {
        let commas = "id,title,price,availability,link,image link\n7,\"A, b\",10.50 USD,in stock,http://a/7,http://a/7.png\n,no id,1 USD,,,\n";
        let feed = read(commas).expect("a feed");
        assert_eq!(feed.products.len(), 1);
        let (id, fields) = &feed.products[0];
        assert_eq!(id, "7");
        assert_eq!(
            Value::Object(fields.clone()),
            json!({"title": "A, b", "url": "http://a/7", "image_url": "http://a/7.png", "price": 10.5, "currency": "usd", "in_stock": true})
        );
        let tabs = read("ID\tTitle\tAvailability\n8\tC, d\tout of stock\n").expect("a feed");
        assert_eq!(
            Value::Object(tabs.products[0].1.clone()),
            json!({"title": "C, d", "in_stock": false})
        );
    }

    #[test]
    fn n77_a_broken_feed_says_where() {
        assert_eq!(read("").unwrap_err(), "the feed is empty");
        assert_eq!(
            read("title\nx\n").unwrap_err(),
            "the header has no column `id`"
        );
        assert_eq!(
            read("id,price\n1,1 USD\n2,free\n").unwrap_err(),
            "row 3: price: `free` is not a price"
        );
    }
}
