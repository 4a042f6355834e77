//! `shopwire config show`: each setting, its value and its source.

use common_model::to_json;

use super::{json_or_null, services};
use crate::{
    args::{ConfigShow, Service},
    call::service_name,
    config::{self, Described, Listed, Origin, Shown},
    failure::Failure,
    input, output, terminal,
};

pub(super) fn print(args: &ConfigShow) -> Result<(), Failure> {
    let services = services(args.service, &args.settings)?;
    let mut listed = config::listed(&args.settings)?;
    let is_meant = |service: &Service| services.contains(service);
    listed
        .settings
        .retain(|(setting, ..)| is_meant(&setting.service()));
    listed.problems.retain(|(service, _)| is_meant(service));
    match args.json {
        true => output::json_line(&json(&listed)),
        false => output::write(text(&listed).as_bytes()),
    }
}

fn text(listed: &Listed) -> String {
    let mut out = head(listed);
    let width = |text: fn(&(Described, Shown, Origin)) -> usize| {
        listed.settings.iter().map(text).max().unwrap_or_default()
    };
    let key = width(|(setting, ..)| setting.key().len());
    let shown = width(|(_, shown, _)| value(shown).chars().count()).min(40);
    let mut table = "";
    for (setting, value_of, origin) in &listed.settings {
        if setting.table() != table {
            table = setting.table();
            out += &format!("\n[{table}]\n");
        }
        let line = format!(
            "{:key$}  {:shown$}  {}",
            setting.key(),
            value(value_of),
            source(*setting, origin)
        );
        out += line.trim_end();
        out.push('\n');
    }
    for (service, problem) in &listed.problems {
        out += &format!("\nproblem with {}: {problem}\n", service_name(*service));
    }
    out
}

fn head(listed: &Listed) -> String {
    let mut out = match (&listed.file, &listed.no_file) {
        (Some(file), _) => format!("file      {}\n", input::shown(file)),
        (None, Some(file)) => format!("file      none ({} is not there)\n", input::shown(file)),
        (None, None) => "file      none\n".to_owned(),
    };
    if let Some((name, by)) = &listed.profile {
        out += &format!("profile   {name}, chosen by {by}\n");
    }
    if !listed.profiles.is_empty() {
        out += &format!("profiles  {}\n", listed.profiles.join(", "));
    }
    out
}

fn value(shown: &Shown) -> String {
    match shown {
        Shown::Nothing => "-".to_owned(),
        Shown::Secret => "set".to_owned(),
        Shown::Text(text) => terminal::line(text),
        Shown::Hidden(why) => format!("({why})"),
    }
}

fn source(setting: Described, origin: &Origin) -> String {
    match origin {
        Origin::Nowhere => String::new(),
        Origin::Default => "default".to_owned(),
        Origin::Environment => setting.variable().to_owned(),
        Origin::Flag(flag) => flag.clone(),
        Origin::File {
            path,
            line,
            profile,
            is_command,
        } => {
            let command = if *is_command { "a command, " } else { "" };
            let profile = profile.as_ref();
            let profile = profile.map_or(String::new(), |name| format!("profile {name}, "));
            format!("{command}{profile}{}, line {line}", input::shown(path))
        }
    }
}

fn json(listed: &Listed) -> String {
    let path = |path: &std::path::Path| to_json(path.display().to_string().as_str());
    let profile = listed.profile.as_ref();
    let profiles = listed.profiles.iter().map(|name| to_json(name.as_str()));
    let settings = listed
        .settings
        .iter()
        .map(|(setting, shown, origin)| setting_json(*setting, shown, origin));
    let problems = listed.problems.iter().map(|(service, problem)| {
        let service = to_json(service_name(*service));
        format!(
            "{{\"service\":{service},\"message\":{}}}",
            to_json(problem.as_str())
        )
    });
    let list = |items: Vec<String>| items.join(",");
    format!(
        "{{\"file\":{},\"profile\":{},\"profiles\":[{}],\"settings\":[{}],\"problems\":[{}]}}",
        listed.file.as_deref().map_or("null".to_owned(), path),
        json_or_null(profile.map(|(name, _)| name.as_str())),
        list(profiles.collect()),
        list(settings.collect()),
        list(problems.collect()),
    )
}

fn setting_json(setting: Described, shown: &Shown, origin: &Origin) -> String {
    let value = match shown {
        Shown::Text(text) => Some(text.as_str()),
        _ => None,
    };
    let is_set = !matches!(origin, Origin::Nowhere | Origin::Default);
    format!(
        "{{\"service\":{},\"key\":{},\"value\":{},\"set\":{is_set},\"secret\":{},\"source\":{}}}",
        to_json(setting.table()),
        to_json(setting.key()),
        json_or_null(value),
        setting.command_key().is_some(),
        source_json(setting, origin),
    )
}

fn source_json(setting: Described, origin: &Origin) -> String {
    let named =
        |kind: &str, name: &str| format!("{{\"kind\":\"{kind}\",\"name\":{}}}", to_json(name));
    match origin {
        Origin::Nowhere => "null".to_owned(),
        Origin::Default => r#"{"kind":"default"}"#.to_owned(),
        Origin::Environment => named("environment", setting.variable()),
        Origin::Flag(flag) => named("flag", flag),
        Origin::File {
            path,
            line,
            profile,
            is_command,
        } => format!(
            "{{\"kind\":\"{}\",\"file\":{},\"line\":{line},\"profile\":{}}}",
            if *is_command { "command" } else { "file" },
            to_json(path.display().to_string().as_str()),
            json_or_null(profile.as_deref()),
        ),
    }
}
