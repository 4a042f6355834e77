//! Setting members of rows for a test.

use super::account::Account;
use super::aside::CrmRow;
use crate::retailcrm::value::Object;

impl Account {
    /// Sets members of a row, without checks and history. Returns `None` when there is no such row.
    pub(crate) fn arrange(&mut self, row: CrmRow, id: i64, members: Object) -> Option<()> {
        let (hidden, shown): (Object, Object) = members
            .into_iter()
            .partition(|(name, _)| row.hidden().contains(&name.as_str()));
        let table = match row {
            CrmRow::Order => &mut self.orders.table,
            CrmRow::Customer => &mut self.customers.table,
            CrmRow::CorporateCustomer => &mut self.companies.table,
            CrmRow::Product => &mut self.catalogue.products,
            CrmRow::Task => self.records.table_mut("tasks"),
            CrmRow::Cost => self.records.table_mut("costs"),
            CrmRow::User => self.records.table_mut("users"),
            CrmRow::UserGroup => self.records.table_mut("groups"),
            CrmRow::Segment => self.records.table_mut("segments"),
            CrmRow::LoyaltyAccount => self.records.table_mut("loyalty-accounts"),
        };
        table.update(id, |stored| stored.extend(shown))?;
        self.aside.note(row, id, hidden);
        Some(())
    }
}
