//! The customer of an order: a person or a company.

use common_model::{Decode, Encode, Error, Kind as JsonKind, Reader, Writer};

use crate::shared::{Customer, CustomerCorporate};

const COMPANY: &str = "customer_corporate";

/// A person or a company, told apart by `type`; a missing type means a person.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum OrderCustomer {
    /// `customer`
    Person(Box<Customer>),
    /// `customer_corporate`
    Company(Box<CustomerCorporate>),
}

impl OrderCustomer {
    /// The person, if it is one.
    pub fn as_person(&self) -> Option<&Customer> {
        match self {
            Self::Person(person) => Some(person),
            Self::Company(_) => None,
        }
    }

    /// The company, if it is one.
    pub fn as_company(&self) -> Option<&CustomerCorporate> {
        match self {
            Self::Person(_) => None,
            Self::Company(company) => Some(company),
        }
    }
}

/// A person with an unchanged `type`; the service takes a missing `type` for a person.
impl From<Customer> for OrderCustomer {
    fn from(person: Customer) -> Self {
        Self::Person(Box::new(person))
    }
}

/// A company. A missing `type` is set, since the service would take it for a person.
impl From<CustomerCorporate> for OrderCustomer {
    fn from(company: CustomerCorporate) -> Self {
        let mut company = company;
        if company.type_.is_none() {
            company.type_ = Some(COMPANY.into());
        }
        Self::Company(Box::new(company))
    }
}

impl Decode for OrderCustomer {
    const ABSENT: common_model::Absent = Customer::ABSENT;

    fn decode(reader: &mut Reader<'_>) -> Result<Self, Error> {
        // The service usually writes `type` first and only once, so this guess is right and the object is read
        // once.
        let start = reader.clone();
        let guess = Kind::of_first(&mut reader.clone());
        let read = guess.read(reader);
        if read.as_ref().is_ok_and(|read| read.kind() == guess) {
            return read;
        }
        let kind = Kind::of_last(&mut start.clone());
        if kind == guess {
            return read;
        }
        *reader = start;
        kind.read(reader)
    }
}

impl Encode for OrderCustomer {
    fn encode(&self, out: &mut Writer) {
        match self {
            Self::Person(person) => person.encode(out),
            Self::Company(company) => company.encode(out),
        }
    }
}

/// The kind of customer in an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Person,
    Company,
}

impl Kind {
    /// The kind by a value of `type`.
    fn of(type_: Option<&str>) -> Self {
        match type_ {
            Some(COMPANY) => Self::Company,
            _ => Self::Person,
        }
    }

    /// The kind by the first `type` of an object.
    fn of_first(ahead: &mut Reader<'_>) -> Self {
        // The walk ends at `type` with an error made here.
        Self::of_types(ahead, |reader| Err(reader.error("found")))
    }

    /// The kind by the last `type` of an object: of duplicate members the last one counts, as in PHP.
    fn of_last(ahead: &mut Reader<'_>) -> Self {
        Self::of_types(ahead, |_| Ok(()))
    }

    /// The kind by the last `type` before the walk ends. An error of the walk occurs again when the object is read.
    fn of_types(ahead: &mut Reader<'_>, then: fn(&Reader<'_>) -> Result<(), Error>) -> Self {
        let mut kind = Self::Person;
        let _ = ahead.object(&mut |key, reader| {
            if key != "type" {
                return reader.raw().map(drop);
            }
            kind = match reader.peek()? {
                JsonKind::String => Self::of(Some(&reader.string()?)),
                _ => reader.raw().map(|_| Self::Person)?,
            };
            then(reader)
        });
        kind
    }

    fn read(self, reader: &mut Reader<'_>) -> Result<OrderCustomer, Error> {
        match self {
            Self::Company => CustomerCorporate::decode_boxed(reader).map(OrderCustomer::Company),
            Self::Person => Customer::decode_boxed(reader).map(OrderCustomer::Person),
        }
    }
}

impl OrderCustomer {
    /// The kind by the `type` that was read.
    fn kind(&self) -> Kind {
        let type_ = match self {
            Self::Person(person) => person.type_.as_ref(),
            Self::Company(company) => company.type_.as_ref(),
        };
        Kind::of(type_.map(|type_| type_.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use common_model::{from_json, from_json_strict, to_json};

    use super::*;

    #[test]
    fn re11_a_company_is_told_by_its_type() {
        let company = r#"{"type":"customer_corporate","id":7,"nickName":"Ель"}"#;
        let read: OrderCustomer = from_json(company).unwrap();
        assert_eq!(read.as_company().and_then(|company| company.id), Some(7));
        assert_eq!(to_json(&read), company);
    }

    #[test]
    fn re11_without_a_type_it_is_a_person() {
        for person in [r#"{"id":5,"unknown":[1]}"#, r#"{"type":"customer","id":5}"#] {
            let read: OrderCustomer = from_json(person).unwrap();
            assert_eq!(read.as_person().and_then(|person| person.id), Some(5));
            assert_eq!(to_json(&read), person);
        }
    }

    // F4
    #[test]
    fn f4_of_several_types_the_last_counts_wherever_they_stand() {
        let (company, person) = (r#""customer_corporate""#, r#""customer""#);
        for (types, is_company) in [
            (vec![company], true),
            (vec![person, company], true),
            (vec![company, person], false),
            (vec![company, "null"], false),
            (vec![company, "[{}]"], false),
            (vec!["5", company], true),
        ] {
            let mut members = vec![
                r#""id":7"#.to_owned(),
                r#""phones":[{"type":"x"}]"#.to_owned(),
            ];
            for (place, text) in types.iter().enumerate() {
                members.insert(2 * place, format!("\"type\":{text}"));
            }
            for json in [members.clone(), {
                members.rotate_right(1);
                members
            }] {
                let json = format!("{{{}}}", json.join(","));
                let read: OrderCustomer = from_json(&json).unwrap();
                assert_eq!(read.as_company().is_some(), is_company, "{json}");
            }
        }
        let escaped = r#"{"type":"customer","t\u0079pe":"customer_corporate"}"#;
        let read: OrderCustomer = from_json(escaped).unwrap();
        assert!(read.as_company().is_some());
    }

    // H1
    #[test]
    fn h1_the_first_look_ends_at_the_type() {
        let mut ahead = Reader::new(r#"{"type":"customer_corporate", no JSON"#);
        assert_eq!(Kind::of_first(&mut ahead), Kind::Company);
        assert_eq!(ahead.offset(), r#"{"type":"customer_corporate""#.len());
    }

    #[test]
    fn what_is_no_customer_is_refused_where_it_stands() {
        for (json, byte) in [
            ("5", 0),
            (r#"{"id":}"#, 6),
            (r#"{"type":"customer","id":{}}"#, 24),
        ] {
            assert_eq!(
                from_json_strict::<OrderCustomer>(json)
                    .unwrap_err()
                    .offset(),
                byte,
                "{json}"
            );
        }
    }
}
