//! Data that filters see beyond a row: the customer of an order, the tasks about it, the grades of a customer.
//!
//! Each function returns the values at a path beyond one row. They are computed, except for the data in
//! [`aside`](super::aside).

mod activity;
mod catalogue;
mod customers;
mod grades;
mod money;
mod orders;
mod people;
mod records;
mod resolve;
mod visits;
