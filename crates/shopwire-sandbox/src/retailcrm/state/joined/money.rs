//! Costs and gross profit of orders.

use rust_decimal::Decimal;
use serde_json::Value;

use super::resolve::id_of;
use crate::retailcrm::shown::Shown;
use crate::retailcrm::state::account::Account;
use crate::retailcrm::state::party::Party;
use crate::retailcrm::value::{self, Object};

impl Account {
    /// Returns the sum of the costs of an order.
    pub(super) fn costs_of(&self, order: &Object) -> Decimal {
        let costs = self.records.table("costs").iter();
        costs
            .filter(|cost| {
                self.order_meant(cost.get("order"))
                    .is_some_and(|row| id_of(row) == id_of(order))
            })
            .map(|cost| value::amount(cost, "summ"))
            .sum()
    }

    /// Returns the sum of the costs of all orders of a customer.
    pub(super) fn costs_of_customer(&self, party: Party, id: i64) -> Decimal {
        let orders = self.orders_of(party, id);
        orders.map(|order| self.costs_of(order)).sum()
    }

    /// A customer as it is shown: with the costs and the gross profit of its orders.
    pub(crate) fn shown_customer<'r>(&self, party: Party, customer: &'r Object) -> Shown<'r> {
        let (mut costs, mut margin, mut count) = (Decimal::ZERO, Decimal::ZERO, Decimal::ZERO);
        for order in self.orders_of(party, id_of(customer)) {
            let of_order = self.costs_of(order);
            costs += of_order;
            margin += self.margin_of(order, of_order);
            count += Decimal::ONE;
        }
        let average = margin.checked_div(count).unwrap_or_default().round_dp(2);
        Shown::stored(customer)
            .with("costSumm", value::number(costs))
            .with("marginSumm", value::number(margin))
            .with("avgMarginSumm", value::number(average))
    }

    /// The gross profit of an order: its total, less purchase, own cost of delivery and costs.
    pub(super) fn margin_of(&self, order: &Object, costs: Decimal) -> Decimal {
        let delivery = order.get("delivery").and_then(Value::as_object);
        let delivery =
            delivery.map_or(Decimal::ZERO, |delivery| value::amount(delivery, "netCost"));
        value::amount(order, "totalSumm") - value::amount(order, "purchaseSumm") - delivery - costs
    }
}
