//! Data that a test adds to rows and no method writes. Answers show a part of it, filters see all of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, Serializer};

use crate::retailcrm::value::Object;

/// A kind of row of the emulated RetailCRM to which a test may add data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum CrmRow {
    /// An order. Additional members: `receipts` (a list of objects with `status`, `operation` and
    /// `fiscalDocumentAttribute`), `receiptOrderStatus`, `uploadedToExtStoreSys`.
    Order,
    /// A customer who is a person. Additional member: `commentary`.
    Customer,
    /// A corporate customer.
    CorporateCustomer,
    /// A task. Additional member: `tags` (a list of objects with `name` and `attached`).
    Task,
    /// A product. Additional member: `classSegment`.
    Product,
    /// A cost.
    Cost,
    /// A user.
    User,
    /// A group of users.
    UserGroup,
    /// A segment of customers.
    Segment,
    /// An account in the loyalty program.
    LoyaltyAccount,
}

impl CrmRow {
    /// Every kind, with its name in snapshots.
    const NAMES: [(Self, &'static str); 10] = [
        (Self::Order, "order"),
        (Self::Customer, "customer"),
        (Self::CorporateCustomer, "corporate_customer"),
        (Self::Task, "task"),
        (Self::Product, "product"),
        (Self::Cost, "cost"),
        (Self::User, "user"),
        (Self::UserGroup, "user_group"),
        (Self::Segment, "segment"),
        (Self::LoyaltyAccount, "loyalty_account"),
    ];

    /// Returns the members that answers do not show.
    pub(super) fn hidden(self) -> &'static [&'static str] {
        match self {
            Self::Order => &["receipts", "receiptOrderStatus", "uploadedToExtStoreSys"],
            Self::Customer => &["commentary"],
            Self::Task => &["tags"],
            Self::Product => &["classSegment"],
            _ => &[],
        }
    }
}

/// The hidden members by row.
#[derive(Debug, Default, Deserialize)]
#[serde(try_from = "Vec<(String, i64, Object)>")]
pub(crate) struct Aside(BTreeMap<(CrmRow, i64), Object>);

impl Aside {
    /// Returns the additional data of a row.
    pub(super) fn of(&self, row: CrmRow, id: i64) -> Object {
        self.0.get(&(row, id)).cloned().unwrap_or_default()
    }

    /// Adds data to a row.
    pub(super) fn note(&mut self, row: CrmRow, id: i64, members: Object) {
        self.0.entry((row, id)).or_default().extend(members);
    }
}

/// A list of kind, id and members.
impl Serialize for Aside {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let name = |kind: CrmRow| {
            let mut names = CrmRow::NAMES.iter();
            names
                .find(|(known, _)| *known == kind)
                .map(|(_, name)| name)
        };
        let rows = self.0.iter();
        serializer.collect_seq(rows.map(|(&(kind, id), members)| (name(kind), id, members)))
    }
}

impl TryFrom<Vec<(String, i64, Object)>> for Aside {
    type Error = String;

    fn try_from(rows: Vec<(String, i64, Object)>) -> Result<Self, String> {
        let read = |(kind, id, members): (String, i64, Object)| {
            let mut names = CrmRow::NAMES.iter();
            let known = names.find(|(_, name)| *name == kind);
            let (kind, _) = known.ok_or_else(|| format!("no row is a \"{kind}\""))?;
            Ok(((*kind, id), members))
        };
        rows.into_iter()
            .map(read)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}
