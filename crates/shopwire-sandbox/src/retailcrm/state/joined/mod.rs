//! What filters of lists see beside a row: the customer of an order, the tasks about it, the grades of a customer.
//!
//! Each function gives the values at a path beyond one row. Nothing of it is stored, except what is kept
//! [aside](super::aside).

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
