//! The emulated services, spoken to by a plain HTTP client that knows nothing of the product.

mod faults;
mod feeds;
mod fetching;
mod journal;
mod limits;
mod nicechat;
mod reasons;
mod scenarios;
mod state;
mod support;
mod uvygoda;
mod webhooks;
