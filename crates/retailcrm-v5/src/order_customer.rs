//! The customer of an order: a person or a company.

use common_model::{Decode, Encode, Error, Kind, Reader, Writer};

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

/// A person, with the `type` it has; without one the service takes it for a person.
impl From<Customer> for OrderCustomer {
    fn from(person: Customer) -> Self {
        Self::Person(Box::new(person))
    }
}

/// A company; a missing `type` is set, since the service would take it for a person.
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
        match is_company(&mut reader.clone()) {
            true => CustomerCorporate::decode_boxed(reader).map(Self::Company),
            false => Customer::decode_boxed(reader).map(Self::Person),
        }
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

/// Looks ahead for `type`, and no further: the service writes it first.
fn is_company(ahead: &mut Reader<'_>) -> bool {
    let mut is_company = false;
    // The walk ends at `type` by an error of its own. Any other error is met again where the object is read.
    let _ = ahead.object(&mut |key, reader| {
        if key != "type" {
            return reader.raw().map(drop);
        }
        is_company = reader.peek()? == Kind::String && reader.string()? == COMPANY;
        Err(reader.error("found"))
    });
    is_company
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

    // H1
    #[test]
    fn h1_the_look_ahead_ends_at_the_type_wherever_it_stands() {
        let last = r#"{"id":7,"phones":[{"number":"1"}],"type":"customer_corporate"}"#;
        let read: OrderCustomer = from_json(last).unwrap();
        assert_eq!(read.as_company().and_then(|company| company.id), Some(7));
        let mut ahead = Reader::new(r#"{"type":"customer_corporate", no JSON"#);
        assert!(is_company(&mut ahead));
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
