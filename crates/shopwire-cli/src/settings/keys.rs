//! `shopwire config keys`: the keys of the settings file, from the table that the file is read by.

use common_model::to_json;

use super::json_or_null;
use crate::{
    args::ConfigKeys,
    config::{self, Described},
    failure::Failure,
    output,
};

pub(super) fn print(args: &ConfigKeys) -> Result<(), Failure> {
    let mut out = String::new();
    let mut table = "";
    for setting in config::described() {
        if args.json {
            out += &json(setting);
            continue;
        }
        if setting.table() != table {
            table = setting.table();
            let space = if out.is_empty() { "" } else { "\n" };
            out += &format!("{space}[{table}]\n");
        }
        out += &text(setting);
    }
    if !args.json {
        out += "\nEach of the tables may stand in a profile too: [profile.NAME.retailcrm].\n";
    }
    output::write(out.as_bytes())
}

fn text(setting: Described) -> String {
    let mut names = vec![setting.variable().to_owned()];
    names.extend(setting.flag());
    names.extend(
        setting
            .command_key()
            .map(|key| format!("or {key} in the file")),
    );
    names.extend(
        setting
            .default()
            .map(|default| format!("default: {default}")),
    );
    format!(
        "{}\n    {}\n    {}\n",
        setting.key(),
        setting.about(),
        names.join(", ")
    )
}

fn json(setting: Described) -> String {
    let (command, flag) = (setting.command_key(), setting.flag());
    let json = format!(
        "{{\"table\":{},\"key\":{},\"command_key\":{},\"variable\":{},\"flag\":{},\"default\":{},\"about\":{}}}",
        to_json(setting.table()),
        to_json(setting.key()),
        json_or_null(command.as_deref()),
        to_json(setting.variable()),
        json_or_null(flag.as_deref()),
        json_or_null(setting.default()),
        to_json(setting.about()),
    );
    format!("{}\n", output::one_line(&json))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows of the table in the guide to settings.
    fn rows() -> String {
        let mut rows = String::new();
        for setting in config::described() {
            let command = setting.command_key();
            let command = command.map_or(String::new(), |key| format!(", `{key}`"));
            let flag = setting.flag();
            let flag = flag.map_or(String::new(), |flag| format!("`{flag}`"));
            let default = setting.default();
            let default = default.map_or(String::new(), |default| format!("`{default}`"));
            rows += &format!(
                "| `[{}]` `{}`{command} | `{}` | {flag} | {default} | {} |\n",
                setting.table(),
                setting.key(),
                setting.variable(),
                setting.about()
            );
        }
        rows
    }

    // J7
    #[test]
    fn j7_every_key_is_documented() {
        let guide = include_str!("../../../../docs/settings.md");
        let rows = rows();
        let begin = rows.lines().next().expect("a row");
        let documented: String = guide
            .lines()
            .skip_while(|line| *line != begin)
            .take_while(|line| line.starts_with('|'))
            .map(|line| format!("{line}\n"))
            .collect();
        assert_eq!(
            documented, rows,
            "the table of docs/settings.md is:\n{rows}"
        );
    }
}
