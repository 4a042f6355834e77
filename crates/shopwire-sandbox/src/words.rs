//! The words of generated data: people, towns and goods, in Ukrainian and in English.

use crate::random::Random;

/// A person.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Person {
    pub(crate) first: &'static str,
    pub(crate) last: &'static str,
    /// Absent in most English names.
    pub(crate) patronymic: Option<&'static str>,
    pub(crate) sex: &'static str,
    /// The name in the local part of an address of mail.
    pub(crate) mail: &'static str,
}

type Name = (&'static str, &'static str, &'static str);

const MEN: &[Name] = &[
    ("Олександр", "Петрович", "oleksandr"),
    ("Тарас", "Іванович", "taras"),
    ("Юрій", "Євгенович", "yurii"),
    ("Богдан", "Олексійович", "bohdan"),
    ("James", "", "james"),
    ("Liam", "", "liam"),
];

const WOMEN: &[Name] = &[
    ("Олена", "Іванівна", "olena"),
    ("Марія", "Василівна", "maria"),
    ("Ґалина", "Ярославівна", "galyna"),
    ("Наталія", "Юріївна", "nataliia"),
    ("Emma", "", "emma"),
    ("Zoë", "", "zoe"),
];

const LAST: &[&str] = &[
    "Шевченко",
    "Коваленко",
    "Бондаренко",
    "Ткаченко",
    "Мельник",
    "В'ялий",
    "Лук'яненко",
    "Квітка-Основ'яненко",
];

const ENGLISH_LAST: &[&str] = &["Smith", "O'Brien", "Taylor", "Clarke-Jones", "Brown"];

/// Towns with their regions and indexes.
pub(crate) const TOWNS: &[(&str, &str, &str)] = &[
    ("Київ", "Київська область", "01001"),
    ("Львів", "Львівська область", "79000"),
    ("Одеса", "Одеська область", "65000"),
    ("Харків", "Харківська область", "61000"),
    ("Івано-Франківськ", "Івано-Франківська область", "76000"),
    ("Кам'янець-Подільський", "Хмельницька область", "32300"),
];

/// Streets.
pub(crate) const STREETS: &[&str] = &[
    "Хрещатик",
    "Січових Стрільців",
    "Солом'янська",
    "Городоцька",
    "Грушевського",
    "Незалежності",
];

/// Kinds of goods, and what they are like.
pub(crate) const GOODS: &[(&str, &[&str])] = &[
    ("Чайник", &["білий", "чорний", "зі свистком", "«Ранок»"]),
    ("Кружка", &["керамічна", "синя", "з написом", "0,3 л"]),
    ("Плед", &["сірий", "вовняний", "у клітинку"]),
    ("T-shirt", &["S, white", "M, black", "L, \"Kyiv\"", "XL"]),
    ("Backpack", &["15\"", "20 l", "for travel & work"]),
    ("Лампа", &["настільна", "LED, 9 Вт", "для читання"]),
    ("Notebook", &["A5, lined", "A4, dotted", "for sketches"]),
    ("Сорочка", &["лляна", "вишита", "у смужку"]),
];

/// Describes what buyers write.
pub(crate) const COMMENTS: &[&str] = &[
    "Подзвоніть, будь ласка, за годину до доставки",
    "Please gift-wrap it; no invoice inside",
    "Під'їзд 3, домофон не працює",
    "Leave at the door (dog!)",
    "Дякую 🙂",
    "100% передоплата\nдоставка після 18:00",
];

/// Makes a person.
pub(crate) fn person(random: &mut Random) -> Person {
    let (names, sex) = match random.below(2) {
        0 => (MEN, "male"),
        _ => (WOMEN, "female"),
    };
    let (first, patronymic, mail) = random.one_of(names);
    let is_english = patronymic.is_empty();
    let last = random.one_of(if is_english { ENGLISH_LAST } else { LAST });
    Person {
        first,
        last,
        patronymic: (!is_english).then_some(patronymic),
        sex,
        mail,
    }
}
