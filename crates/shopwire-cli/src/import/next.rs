//! The command that imports a file of refused rows, when they are mended.

use std::path::Path;

use super::kind::Kind;
use crate::{
    args::{Import, ImportMode, RowFormat},
    terminal,
};

/// The file in the command, when a copy of the file of refused rows is mended.
const COPY: &str = "COPY";

/// The command, as it is typed into a shell. Without a file, it imports a copy.
pub(super) fn command(
    args: &Import,
    (kind, mode): (&Kind, ImportMode),
    file: Option<&Path>,
) -> String {
    let file = file.unwrap_or(Path::new(COPY));
    let settings = &args.settings;
    let config = settings.file.config.as_ref();
    let config = config.map(|path| path.display().to_string());
    let format = match args.format() {
        format if format == RowFormat::of(Some(file)) => None,
        RowFormat::Csv => Some("csv".to_owned()),
        RowFormat::Jsonl => Some("jsonl".to_owned()),
    };
    let mode = (mode == ImportMode::Edit).then(|| "edit".to_owned());
    let options = [
        ("--format", format),
        ("--mode", mode),
        ("--config", config),
        ("--profile", settings.file.profile.clone()),
        ("--retailcrm-url", settings.retailcrm_url.clone()),
        ("--retailcrm-site", settings.retailcrm_site.clone()),
    ];
    let file = terminal::quoted(&file.display().to_string());
    let mut command = format!("shopwire import retailcrm {} {file}", kind.name);
    for (name, value) in options {
        if let Some(value) = value {
            command += &format!(" {name} {}", terminal::quoted(&value));
        }
    }
    command
}
