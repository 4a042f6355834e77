//! `shopwire import`: rows of JSON Lines and CSV into RetailCRM, each once.

mod answer;
mod begin;
mod check;
mod checkpoint;
mod columns;
mod consent;
mod dry;
mod faults;
mod job;
mod kind;
mod next;
mod plan;
mod read;
mod refusal;
mod rejects;
mod request;
mod reserved;
mod search;
mod send;
mod summary;
mod unique;
mod written;

use std::path::Path;

use shopwire::Shopwire;

use self::{
    check::Checker,
    kind::{Kind, Method},
    plan::Plan,
};
use crate::{
    args::{Import, ImportMode, Service},
    call::{self, Description, Mask},
    config::{self, Access},
    failure::Failure,
    job::{Counts, Stop},
    output,
};

/// Shows the kinds of rows or the columns of one, or imports a file.
pub(crate) async fn run(args: &Import) -> Result<(), Failure> {
    if args.service != Service::Retailcrm {
        return Err(Failure::usage("rows can be imported into retailcrm"));
    }
    let Some(name) = &args.kind else {
        return output::write(kind::table().as_bytes());
    };
    let kind = Kind::find(name)?;
    let mode = args.mode.unwrap_or(ImportMode::Create);
    let method = kind.method(mode)?;
    let description = Description::of(args.service);
    let checker = Checker::new(&description, kind, method)?;
    if args.describe {
        return output::write(columns::table(checker.place, method).as_bytes());
    }
    config::check_flags(&args.settings, args.service)?;
    let done = import(args, kind, mode, &checker).await;
    if done.is_err() {
        config::hint_at_unread_file(&args.settings);
    }
    done
}

async fn import(
    args: &Import,
    kind: &'static Kind,
    mode: ImportMode,
    checker: &Checker<'_>,
) -> Result<(), Failure> {
    let counts = Counts::default();
    let config = config::load(&args.settings, args.service, Access::Identified)?;
    let mut mask = Mask::default();
    mask.add(&config);
    let account = config.retailcrm.url.as_ref().map(ToString::to_string);
    let account = account.unwrap_or_default();
    let site = config.retailcrm.site.clone();
    let config = config.client(|client| client.observer(counts.clone()));
    let sender = call::sender(args.service, &Shopwire::new(&config)?)?;
    let method = kind.method(mode)?;
    let rejects = rejects::path(args, kind.name);
    begin::check_apart(args, &rejects)?;
    let folder = rejects
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let stop = Stop::listen()?;
    let plan = Plan::of(
        args,
        method,
        checker,
        folder.unwrap_or(Path::new(".")),
        &stop,
    )?;
    warn(&plan, method);
    let goal = send::Goal {
        method,
        entry: method.entry()?,
        sender,
        mask,
        site,
    };
    if args.dry_run {
        return dry::run(args, (kind, mode), plan, &goal, &counts).await;
    }
    let name = begin::name((kind, mode), &plan, &account, goal.site.as_deref());
    let question = consent::Question {
        kind,
        rows: plan.rows,
        replaces_lists: method.replaces_lists() && !plan.lists.is_empty(),
        account: &account,
    };
    consent::ask(args, &question, &stop).await?;
    job::run(
        args,
        (kind, mode),
        plan,
        goal,
        (&name, &rejects),
        (stop, counts),
    )
    .await
}

/// Says which members of the rows are not sent, and which of the service are lost.
fn warn(plan: &Plan, method: &Method) {
    if method.replaces_lists() && !plan.lists.is_empty() {
        let names: Vec<&str> = plan.lists.iter().map(String::as_str).collect();
        output::warning(&format!(
            "{}: the list of each row takes the place of the whole list at the service; elements that are not in the file \
             are removed",
            names.join(", ")
        ));
    }
    if plan.left_out.is_empty() {
        return;
    }
    let names: Vec<&str> = plan.left_out.keys().map(String::as_str).collect();
    output::warning(&format!(
        "left out, since the service computes or does not take them: {}",
        names.join(", ")
    ));
}
