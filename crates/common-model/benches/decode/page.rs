//! A page of orders as a RetailCRM account sends it; the same in every run.

use std::{fmt::Write as _, ops::RangeInclusive};

/// How many orders are on the page.
pub(crate) const ORDERS: usize = 100;

const NAMES: [&str; 4] = ["Анастасия", "Илья", "Екатерина", "Максим"];
const SURNAMES: [&str; 4] = ["Воскресенская", "Ким", "Добролюбова", "Петров"];
const CITIES: [&str; 4] = ["Москва", "Санкт-Петербург", "Ростов-на-Дону", "Уфа"];
const GOODS: [&str; 4] = [
    "Платье летнее с рукавом «Волна»",
    "Кроссовки беговые мужские, мембрана",
    "Чайник 1,7 л",
    "Набор посуды для похода на четверых",
];
const COMMENTS: [&str; 3] = [
    "Позвонить за час до доставки, домофон не работает.\\nКод на двери 1234.",
    "",
    "Оставить у консьержа. Просьба положить \\\"чек\\\" в коробку, упаковать как подарок.",
];

/// The page in raw UTF-8.
pub(crate) fn raw() -> String {
    raw_of(1..=ORDERS)
}

/// A page of these orders in raw UTF-8; each number is an order of its own.
pub(crate) fn raw_of(orders: RangeInclusive<usize>) -> String {
    let mut out = String::from(
        r#"{"success":true,"pagination":{"limit":100,"totalCount":1583,"currentPage":1,"totalPageCount":16},"orders":["#,
    );
    for n in orders {
        if !out.ends_with('[') {
            out.push(',');
        }
        order(&mut out, n);
    }
    out + "]}"
}

/// The same page as PHP's `json_encode` writes it by default.
pub(crate) fn escaped(raw: &str) -> String {
    let mut out = String::new();
    for character in raw.chars() {
        match character {
            '/' => out.push_str("\\/"),
            character if character.is_ascii() => out.push(character),
            character => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out
}

fn order(out: &mut String, n: usize) {
    let (name, surname, city) = (NAMES[n % 4], SURNAMES[n / 4 % 4], CITIES[n / 2 % 4]);
    let comment = COMMENTS[n % 3];
    let id = 10_432 + n;
    let address = format!(
        r#"{{"id":{id},"index":"1{n:05}","countryIso":"RU","region":"{city} и область","regionId":{n},"city":"{city}","cityId":{id},"street":"улица Академика Королёва","building":"{n}","flat":"{n}","text":"улица Академика Королёва, д. {n}, кв. {n}, подъезд 3, этаж 7","notes":null}}"#
    );
    let _ = write!(
        out,
        r#"{{"slug":{id},"bonusesCreditTotal":0,"bonusesChargeTotal":0,"id":{id},"number":"{id}C","externalId":"ext-{id}","orderType":"eshop-individual","orderMethod":"shopping-cart","privilegeType":"none","countryIso":"RU","createdAt":"2024-05-21 10:26:03","statusUpdatedAt":"2024-05-22 18:00:41","summ":{n}99.9,"totalSumm":{n}149.90,"prepaySum":0,"purchaseSumm":1{n}.55,"currency":"RUB","markDatetime":"2024-05-21 10:26:03","lastName":"{surname}","firstName":"{name}","patronymic":"Александровна","phone":"+79{id}123","additionalPhone":null,"email":"customer{n}@example.org","call":false,"expired":false,"customerComment":"{comment}","managerComment":null,"managerId":{n},"#,
    );
    let _ = write!(
        out,
        r#""customer":{{"type":"customer","id":{id},"externalId":"c{id}","isContact":false,"createdAt":"2023-01-01 00:00:00","vip":false,"bad":false,"site":"main-shop","firstName":"{name}","lastName":"{surname}","email":"customer{n}@example.org","phones":[{{"number":"+79{id}123"}}],"address":{address},"ordersCount":{n},"averageSumm":1234.56,"totalSumm":{n}149.9,"birthday":"1990-02-03","sex":"female","segments":[{{"id":1,"code":"regular","name":"Постоянные","createdAt":"2023-05-05 10:10:10","isDynamic":true,"customersCount":42,"active":true}}]}},"contragent":{{"contragentType":"individual"}},"delivery":{{"code":"courier","cost":350,"netCost":0,"date":"2024-05-25","address":{address},"vatRate":"none","time":{{"from":"10:00","to":"18:00"}}}},"site":"main-shop","status":"assembling","items":["#,
    );
    for item in 0..1 + n % 4 {
        if item > 0 {
            out.push(',');
        }
        let good = GOODS[(n + item) % 4];
        let _ = write!(
            out,
            r#"{{"id":{id}{item},"initialPrice":{n}99.95,"discountTotal":10.05,"createdAt":"2024-05-21 10:26:03","quantity":{item}.5,"status":"new","comment":null,"offer":{{"id":{id},"externalId":"sku-{n}","xmlId":"sku-{n}#{item}","name":"{good}","displayName":"{good}, синий","article":"AB-{n}/{item}"}},"purchasePrice":{n}.55,"vatRate":"none","properties":{{"color":{{"code":"color","name":"Цвет","value":"синий"}},"size":{{"code":"size","name":"Размер","value":"XL"}}}},"ordering":{item}}}"#
        );
    }
    let _ = write!(
        out,
        r#"],"payments":{{"{id}":{{"id":{id},"status":"paid","type":"bank-card","externalId":"p-{id}","amount":{n}149.90,"paidAt":"2024-05-21 10:30:00","comment":null}}}},"fromApi":true,"weight":{n}50.0,"length":100,"width":200,"height":300,"shipmentStore":"main","shipmentDate":"2024-05-24","shipped":false,"customFields":{{"gift_wrap":true,"channel":"instagram","score":{n},"note":"перезвонить утром"}},"clientId":"GA1.2.{id}.1716","links":[],"tags":["vip","repeat"],"source":{{"source":"google","medium":"cpc","campaign":"весна"}}}}"#
    );
}
