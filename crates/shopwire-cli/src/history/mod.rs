//! `shopwire history`: the changes of one object, as a person reads them.

mod change;
mod field;
mod missing;
mod people;
mod show;
mod value;

use std::sync::Arc;

use common_api::{AnyList, Changes, ListEntry, Sender};
use common_model::to_json;
use common_transport::{Error, ErrorKind};
use shopwire::{Shopwire, retailcrm};

use crate::{
    args::{History, Service, Subject},
    call::{self, Mask},
    config::{self, Access},
    export::Since,
    failure::Failure,
    output,
};
use change::Change;
use people::People;
use show::Shown;

/// Prints the changes, portion by portion.
pub(crate) async fn run(args: &History) -> Result<(), Failure> {
    config::check_flags(&args.settings, Service::Retailcrm)?;
    let params = params(args)?;
    let done = print(args, &params).await;
    if done.is_err() {
        config::hint_at_unread_file(&args.settings);
    }
    done
}

async fn print(args: &History, params: &str) -> Result<(), Failure> {
    let config = config::load(&args.settings, Service::Retailcrm, Access::Identified)?;
    let mut mask = Mask::default();
    mask.add(&config);
    let shopwire = Shopwire::new(&config)?;
    let sender = call::sender(Service::Retailcrm, &shopwire)?;
    let mut changes = changes(args, params, args.since, &sender)?;
    let mut people = People::new(Arc::clone(&sender));
    let (mut shown, mut count) = (Shown::default(), 0_u64);
    loop {
        let page = changes.next().await;
        let Some(page) = page.map_err(|error| call::failure(&error, &mask))? else {
            break;
        };
        let mut out = String::new();
        for item in &page.items {
            let mut change = Change::of(item.json())?;
            if let Some(user) = &mut change.user {
                people.name(user).await;
            }
            out += &match args.json {
                true => show::json(&change),
                false => shown.text(&change),
            };
            count += 1;
        }
        output::write(out.as_bytes())?;
    }
    match count {
        0 => nothing(args, params, &sender, &mask).await,
        _ => Ok(()),
    }
}

/// Says why there is no change.
///
/// # Errors
/// There is no such object.
async fn nothing(
    args: &History,
    params: &str,
    sender: &Arc<dyn Sender>,
    mask: &Mask,
) -> Result<(), Failure> {
    let failed = |error: Error| call::failure(&error, mask);
    let exists = missing::exists(args, sender.as_ref())
        .await
        .map_err(failed)?;
    if exists == Some(false) {
        // An object that was deleted has a history.
        let mut all = changes(args, params, None, sender)?;
        let page = match args.since {
            Some(_) => all.next().await.map_err(failed)?,
            None => None,
        };
        if page.is_none_or(|page| page.items.is_empty()) {
            return Err(missing::failure(args));
        }
    }
    output::hint(match (args.since.is_some(), exists) {
        (true, Some(_)) => "nothing has changed since then",
        (false, Some(_)) => "the history has no change of it",
        (true, None) => "nothing has changed since then, or there is no such object",
        (false, None) => "the history has no change of it, or there is no such object",
    });
    Ok(())
}

/// The operation that lists the history, and the filter by the object.
fn operation(subject: Subject) -> (&'static str, &'static str) {
    match subject {
        Subject::Orders => ("orders.list_history", "order"),
        Subject::Customers => ("customers.list_history", "customer"),
        Subject::CorporateCustomers => ("customers_corporate.list_history", "customer"),
    }
}

/// The parameters of the list. An id that is no number is not sent: the filter would be refused or ignored.
fn params(args: &History) -> Result<String, Failure> {
    let (_, name) = operation(args.subject);
    if args.external {
        let id = to_json(args.id.as_str());
        return Ok(format!("{{\"filter\":{{\"{name}ExternalId\":{id}}}}}"));
    }
    let id: Option<u64> = args.id.parse().ok();
    let id = id.ok_or_else(|| {
        Failure::usage(
            "ID: an id of the service is a number; for one of your own system add --external",
        )
    })?;
    Ok(format!("{{\"filter\":{{\"{name}Id\":{id}}}}}"))
}

fn changes(
    args: &History,
    params: &str,
    since: Option<Since>,
    sender: &Arc<dyn Sender>,
) -> Result<Changes<AnyList>, Error> {
    let (operation, _) = operation(args.subject);
    let mut lists = retailcrm::lists().iter();
    let list: &ListEntry = lists
        .find(|list| list.operation() == operation)
        .ok_or_else(|| Error::new(ErrorKind::InvalidInput, "there is no such history"))?;
    let list = list.open(retailcrm::operations(), params)?;
    let sender = Arc::clone(sender);
    Ok(match since {
        Some(Since::Id(id)) => Changes::new(sender, list, Some(id)),
        Some(Since::Date(date)) => Changes::new(sender, list, None).from_date(date),
        Some(Since::Start) | None => Changes::new(sender, list, None),
    })
}
