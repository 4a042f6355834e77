//! The merchant's goods.

use shopwire::model::Decimal;

/// One product, as the merchant's own system has it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Goods {
    pub(super) id: &'static str,
    pub(super) category: &'static str,
    pub(super) title: &'static str,
    /// The merchant's price for one piece, in hundredths of a rouble.
    kopecks: i64,
}

impl Goods {
    /// The merchant's price for one piece.
    pub(super) fn price(&self) -> Decimal {
        Decimal::new(self.kopecks, 2)
    }

    pub(super) fn page(&self) -> String {
        format!("https://shop.example/p/{}", self.id)
    }

    pub(super) fn picture(&self) -> String {
        format!("https://shop.example/p/{}.jpg", self.id)
    }
}

const fn goods(
    id: &'static str,
    category: &'static str,
    title: &'static str,
    kopecks: i64,
) -> Goods {
    Goods {
        id,
        category,
        title,
        kopecks,
    }
}

/// Categories, as id and name.
pub(super) const CATEGORIES: [(&str, &str); 3] = [
    ("mugs", "Кружки"),
    ("pots", "Чайники & заварники"),
    ("old", "Архив"),
];

/// More goods than one page of a list holds. The first costs 150, which is 177 on the marketplace.
pub(super) const GOODS: [Goods; 12] = [
    goods("mug-1", "mugs", "Кружка «Утро»", 15_000),
    goods("mug-2", "mugs", "Кружка \"Loft\" 0,3 л", 19_990),
    goods("mug-3", "mugs", "Кружка с крышкой + ложка", 34_950),
    goods("mug-4", "mugs", "Кружка 100% фарфор", 42_000),
    goods("mug-5", "mugs", "Кружка * limited *", 77_777),
    goods("mug-6", "mugs", "Кружка ~ волна", 25_510),
    goods("pot-1", "pots", "Чайник 1.2 л", 129_000),
    goods("pot-2", "pots", "Чайник & ситечко", 154_999),
    goods("pot-3", "pots", "Заварник a=b", 89_900),
    goods("pot-4", "pots", "Чайник-кофейник", 210_000),
    goods("pot-5", "pots", "Заварник [стекло]", 64_025),
    goods("gone-1", "old", "Снято с продажи", 100),
];

/// Goods that only the feed has.
pub(super) const FEED: [Goods; 6] = [
    goods("feed-1", "mugs", "Кружка из фида, синяя", 31_000),
    goods("feed-2", "mugs", "Кружка из фида, белая", 31_000),
    goods("feed-3", "mugs", "Кружка \"из фида\"", 32_500),
    goods("feed-4", "pots", "Чайник из фида", 180_000),
    goods("feed-5", "pots", "Чайник из фида, малый", 150_050),
    goods("feed-6", "pots", "Ситечко", 9_900),
];

/// The feed in Google Merchant's format: comma-separated, with texts in quotes.
pub(super) fn feed() -> String {
    let mut feed = String::from("id,title,link,image link,price,availability\n");
    for goods in FEED {
        let title = goods.title.replace('"', "\"\"");
        feed.push_str(&format!(
            "{},\"{title}\",{},{},{} RUB,in stock\n",
            goods.id,
            goods.page(),
            goods.picture(),
            goods.price()
        ));
    }
    feed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n73_the_feed_quotes_its_texts() {
        let feed = feed();
        let lines: Vec<&str> = feed.lines().collect();
        assert_eq!(lines.len(), 1 + FEED.len());
        assert_eq!(
            lines[3],
            "feed-3,\"Кружка \"\"из фида\"\"\",https://shop.example/p/feed-3,https://shop.example/p/feed-3.jpg,325.00 RUB,in stock"
        );
    }
}
