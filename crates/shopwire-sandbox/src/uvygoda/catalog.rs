//! Fixed data of the market: sections, properties of cards, statuses and order fields.

use serde_json::{Map, Value, json};

use super::failure::Failure;

/// One section: id, name, level, parent.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) id: u64,
    name: &'static str,
    pub(super) level: u8,
    parent: Option<u64>,
}

/// One property of the cards of a third-level section.
#[derive(Debug)]
pub(super) struct Property {
    pub(super) id: u64,
    name: &'static str,
    pub(super) required: bool,
    pub(super) kind: Kind,
}

/// The type of a property's value.
#[derive(Debug)]
pub(super) enum Kind {
    Text,
    Integer,
    List(&'static [(u64, &'static str)]),
}

const SECTIONS: &[Section] = &[
    section(1, "Одежда", 1, None),
    section(2, "Электроника", 1, None),
    section(3, "Дом и сад", 1, None),
    section(11, "Мужская одежда", 2, Some(1)),
    section(12, "Женская одежда", 2, Some(1)),
    section(21, "Телефоны", 2, Some(2)),
    section(31, "Посуда", 2, Some(3)),
    section(111, "Футболки", 3, Some(11)),
    section(112, "Джинсы", 3, Some(11)),
    section(121, "Платья", 3, Some(12)),
    section(211, "Смартфоны", 3, Some(21)),
    section(212, "Чехлы", 3, Some(21)),
    section(311, "Кружки", 3, Some(31)),
];

/// Properties of the cards of every third-level section.
const COMMON: &[Property] = &[
    Property {
        id: 501,
        name: "Бренд",
        required: true,
        kind: Kind::Text,
    },
    Property {
        id: 502,
        name: "Цвет",
        required: false,
        kind: Kind::List(&[(1, "Чёрный"), (2, "Белый"), (3, "Красный"), (4, "Синий")]),
    },
    Property {
        id: 503,
        name: "Гарантия, мес.",
        required: true,
        kind: Kind::Integer,
    },
];

/// Properties that only clothes have.
const CLOTHES: &[Property] = &[Property {
    id: 504,
    name: "Размер",
    required: true,
    kind: Kind::List(&[(11, "S"), (12, "M"), (13, "L"), (14, "XL")]),
}];

const STAGES: [(u64, &str); 5] = [
    (123, "Новый, не оплачен"),
    (124, "Оплачен"),
    (125, "Отгружен"),
    (126, "Доставлен"),
    (127, "Отменён"),
];

const ORDER_PROPERTIES: [(u64, &str); 5] = [
    (123, "Имя"),
    (124, "Фамилия"),
    (125, "Телефон"),
    (126, "E-mail"),
    (127, "Адрес доставки"),
];

const fn section(id: u64, name: &'static str, level: u8, parent: Option<u64>) -> Section {
    Section {
        id,
        name,
        level,
        parent,
    }
}

/// Returns the section with this id.
pub(super) fn find(id: u64) -> Option<&'static Section> {
    SECTIONS.iter().find(|section| section.id == id)
}

/// Returns the ids of the third-level sections, which cards may be in.
pub(super) fn third_level() -> impl Iterator<Item = u64> {
    let sections = SECTIONS.iter();
    sections.filter(|one| one.level == 3).map(|one| one.id)
}

/// Returns the properties of a third-level section's cards.
pub(super) fn properties(section_id: u64) -> Result<Vec<&'static Property>, Failure> {
    let section = find(section_id).ok_or(Failure::NoSection)?;
    if section.level != 3 {
        return Err(Failure::NotThirdLevel);
    }
    let is_clothing = section_id < 200;
    let special: &[Property] = if is_clothing { CLOTHES } else { &[] };
    Ok(COMMON.iter().chain(special).collect())
}

/// Returns the sections of a filter: `ALL`, `LVL_1`, `CHILDREN_1`, `PARENT_11`, `ID_1`.
pub(super) fn filtered(filter: &str) -> Result<Vec<&'static Section>, Failure> {
    if filter == "ALL" {
        return Ok(SECTIONS.iter().collect());
    }
    let wrong = || Failure::Wrong("FILTER".into());
    let (what, number) = filter.rsplit_once('_').ok_or_else(wrong)?;
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let of =
        |wanted: &dyn Fn(&Section) -> bool| SECTIONS.iter().filter(|one| wanted(one)).collect();
    let named = || find(number).ok_or(Failure::NoSection);
    match what {
        "LVL" if (1..=3).contains(&number) => Ok(of(&|one| u64::from(one.level) == number)),
        "CHILDREN" => named().map(|parent| of(&|one| one.parent == Some(parent.id))),
        "PARENT" => named().map(|child| of(&|one| child.parent == Some(one.id))),
        "ID" => named().map(|section| vec![section]),
        _ => Err(wrong()),
    }
}

impl Section {
    pub(super) fn to_json(&self) -> Value {
        let parent = self.parent.map_or(Value::Bool(false), Value::from);
        json!({"ID": self.id, "NAME": self.name, "LVL": self.level, "PARENT_ID": parent})
    }
}

impl Property {
    pub(super) fn to_json(&self) -> Value {
        let (kind, values) = match self.kind {
            Kind::Text => ("STRING", Value::Bool(false)),
            Kind::Integer => ("INTEGER", Value::Bool(false)),
            Kind::List(values) => (
                "LIST",
                keyed(
                    values
                        .iter()
                        .map(|(id, text)| (*id, json!({"ID": id, "VALUE": text}))),
                ),
            ),
        };
        json!({"ID": self.id, "NAME": self.name, "REQUIRED": self.required, "TYPE": kind, "VALUES": values})
    }
}

/// Returns the statuses of shipments, keyed "0", "1", ….
pub(super) fn stages() -> Value {
    named_items(&STAGES)
}

/// Returns the fields of an order, keyed "0", "1", ….
pub(super) fn order_properties() -> Value {
    named_items(&ORDER_PROPERTIES)
}

/// Returns the name of a shipment's status.
pub(super) fn stage_name(id: u64) -> Option<&'static str> {
    STAGES
        .iter()
        .find(|(known, _)| *known == id)
        .map(|(_, name)| *name)
}

/// Returns the fields of an order as a buyer filled them in.
pub(super) fn filled_order_properties() -> Value {
    let values = [
        "Олена",
        "Шевченко",
        "+380441234567",
        "olena@example.com",
        "Киев, ул. Примерная, 1",
    ];
    let filled = ORDER_PROPERTIES.iter().zip(values).enumerate();
    keyed(filled.map(|(at, ((id, name), value))| {
        (at as u64, json!({"ID": id, "NAME": name, "VALUE": value}))
    }))
}

fn named_items(items: &[(u64, &str)]) -> Value {
    keyed(
        items
            .iter()
            .enumerate()
            .map(|(at, (id, name))| (at as u64, json!({"ID": id, "NAME": name}))),
    )
}

/// Returns a PHP array with these keys. An empty array is written as `[]`.
pub(super) fn keyed(items: impl Iterator<Item = (u64, Value)>) -> Value {
    let members: Map<String, Value> = items.map(|(key, value)| (key.to_string(), value)).collect();
    if members.is_empty() {
        Value::Array(Vec::new())
    } else {
        Value::Object(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(filter: &str) -> Result<Vec<u64>, Failure> {
        filtered(filter).map(|sections| sections.iter().map(|one| one.id).collect())
    }

    #[test]
    fn u25_every_filter() {
        assert_eq!(ids("ALL").map(|all| all.len()), Ok(SECTIONS.len()));
        assert_eq!(ids("LVL_1"), Ok(vec![1, 2, 3]));
        assert_eq!(ids("CHILDREN_11"), Ok(vec![111, 112]));
        assert_eq!(ids("PARENT_111"), Ok(vec![11]));
        assert_eq!(ids("PARENT_1"), Ok(vec![]));
        assert_eq!(ids("ID_211"), Ok(vec![211]));
        assert_eq!(ids("ID_9"), Err(Failure::NoSection));
        for wrong in ["LVL_4", "LVL_0", "all", "ID_", "ID_x", "NAME_1", ""] {
            assert_eq!(ids(wrong), Err(Failure::Wrong("FILTER".into())), "{wrong}");
        }
    }

    #[test]
    fn u27_only_third_level_sections_have_properties() {
        assert_eq!(properties(111).map(|all| all.len()), Ok(4));
        assert_eq!(properties(211).map(|all| all.len()), Ok(3));
        assert!(matches!(properties(11), Err(Failure::NotThirdLevel)));
        assert!(matches!(properties(9), Err(Failure::NoSection)));
    }

    #[test]
    fn u48_an_empty_php_array_is_a_list() {
        assert_eq!(keyed(std::iter::empty()), json!([]));
        assert_eq!(stages()["0"]["ID"], 123);
    }
}
