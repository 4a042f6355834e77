//! `shopwire config check`: asks each service whether its settings work.

mod answer;
mod clock;
mod report;
mod service;

use report::{Report, State};

use super::services;
use crate::{
    args::{ConfigCheck, Service},
    call::service_name,
    config,
    failure::Failure,
    output,
};

/// Asks the services one after the other, and prints what they said. Exit code 1 if one of them fails.
pub(super) async fn run(args: &ConfigCheck) -> Result<(), Failure> {
    let mut reports = Vec::new();
    for service in services(args.service, &args.settings)? {
        reports.push(report(args, service).await?);
    }
    let is_any = reports.iter().any(|report| report.is_configured);
    let is_good = is_any && reports.iter().all(Report::is_good);
    if args.json {
        output::json_line(&report::json(&reports, is_good))?;
    } else if !args.quiet {
        output::write(report::text(&reports).as_bytes())?;
    }
    let failed = reports.iter().filter(|report| !report.is_good());
    let failed: Vec<&str> = failed.map(|report| service_name(report.service)).collect();
    match (is_any, is_good) {
        (_, true) => Ok(()),
        (false, _) => Err(Failure::new(
            "no service has settings; `shopwire config keys` lists them",
        )),
        (true, false) => Err(Failure::new(format_args!(
            "the settings of {} do not work",
            failed.join(" and ")
        ))),
    }
}

async fn report(args: &ConfigCheck, service: Service) -> Result<Report, Failure> {
    let mut report = Report::new(service);
    match config::is_configured(&args.settings, service) {
        Ok(true) => {}
        // A service that was named is missed.
        Ok(false) if args.service.is_none() => return Ok(report),
        Ok(false) => {}
        // The file cannot be used, for no service.
        Err(error) => return Err(error.into()),
    }
    report.is_configured = true;
    match config::load(&args.settings, service, config::Access::Identified) {
        Ok(config) => service::ask(&config, &mut report).await,
        Err(error) => report.add("settings", State::Failed, error.to_string()),
    }
    Ok(report)
}
