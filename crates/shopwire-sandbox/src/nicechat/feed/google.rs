//! `google-csv`: the text feed of Google Merchant, separated by tabs or commas, with a header.

use serde_json::{Map, Value};

use super::content::Feed;
use super::{price, table};

/// The columns of a feed, and the product's field that each fills.
const TEXTS: [(&str, &str); 4] = [
    ("title", "title"),
    ("description", "description"),
    ("link", "url"),
    ("image_link", "image_url"),
];

pub(super) fn read(text: &str) -> Result<Feed, String> {
    let header_line = text.split(['\r', '\n']).find(|line| !line.is_empty());
    let separator = if header_line.unwrap_or_default().contains('\t') {
        '\t'
    } else {
        ','
    };
    let mut rows = table::rows(text, separator)?.into_iter();
    let header = rows.next().ok_or("the feed is empty")?;
    let header: Vec<String> = header.cells.iter().map(|name| column(name)).collect();
    if !header.iter().any(|name| name == "id") {
        return Err("the header has no column `id`".into());
    }
    let mut feed = Feed::default();
    for row in rows {
        let line = row.line;
        match product(&header, &row.cells) {
            Ok(product) => feed.products.push(product),
            Err((id, why)) => feed.refused.push(match id {
                Some(id) => format!("product {id} (line {line}): {why}"),
                None => format!("line {line}: {why}"),
            }),
        }
    }
    Ok(feed)
}

/// `Image Link`, `image link` and `image_link` are the same column.
fn column(name: &str) -> String {
    name.trim().to_lowercase().replace(' ', "_")
}

type Refused = (Option<String>, String);

fn product(header: &[String], cells: &[String]) -> Result<(String, Map<String, Value>), Refused> {
    let cell = |name: &str| {
        let index = header.iter().position(|column| column == name)?;
        let text = cells.get(index)?.trim();
        Some(text).filter(|text| !text.is_empty())
    };
    let id = cell("id").map(str::to_owned);
    let refused = |why: String| (id.clone(), why);
    // A separator inside of an unquoted cell would move all later cells to other columns.
    if cells
        .iter()
        .skip(header.len())
        .any(|cell| !cell.trim().is_empty())
    {
        let (has, wants) = (cells.len(), header.len());
        return Err(refused(format!("{has} cells under a header of {wants}")));
    }
    let fields = fields(&cell).map_err(refused)?;
    match id {
        Some(id) => Ok((id, fields)),
        None => Err((None, "there is no id".to_owned())),
    }
}

fn fields<'a>(cell: &impl Fn(&str) -> Option<&'a str>) -> Result<Map<String, Value>, String> {
    let mut fields = Map::new();
    for (column, field) in TEXTS {
        if let Some(text) = cell(column) {
            fields.insert(field.into(), text.into());
        }
    }
    if let Some(text) = cell("price") {
        let (amount, currency) = price::with_currency(text);
        let amount = price::read(amount).map_err(|why| format!("price: {why}"))?;
        fields.insert("price".into(), amount);
        if let Some(currency) = currency {
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
        let commas = "id,title,price,availability,link,image link\n7,\"A, b\",10.50 USD,in stock,http://a/7,http://a/7.png\n";
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
    }

    // F10
    #[test]
    fn f10_a_bad_row_is_refused_alone_and_named_with_its_line() {
        for end in ["\n", "\r\n", "\r"] {
            let rows = [
                "id,title,price",
                "1,A,1 USD",
                "2,\"two",
                "lines\",free",
                "3,C,\"3,999.00 USD\"",
                "",
                ",no id,1 USD",
                "4,D,3,999.00 USD",
                "5,E,5",
                "6,F",
            ];
            let feed = read(&rows.join(end)).expect("a feed");
            let ids: Vec<&str> = feed.products.iter().map(|(id, _)| id.as_str()).collect();
            assert_eq!(ids, ["1", "5", "6"], "{end:?}");
            assert_eq!(
                feed.refused,
                [
                    "product 2 (line 3): price: `free` is not a price",
                    "product 3 (line 5): price: `3,999.00` has a thousands separator",
                    "line 7: there is no id",
                    "product 4 (line 8): 4 cells under a header of 3",
                ],
                "{end:?}"
            );
        }
    }

    // F10
    #[test]
    fn f10_an_id_that_comes_again_counts_once() {
        let feed = read("id,title\n1,A\n2,B\n1,C\n").expect("a feed");
        assert_eq!((feed.products.len(), feed.count()), (3, 2));
    }
}
