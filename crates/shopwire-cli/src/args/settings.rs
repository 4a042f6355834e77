//! Options that several commands share; each command has those that it uses.

use std::path::PathBuf;

use clap::{ArgAction, Args};

use super::{Probe, Service, Sign};

/// The options that name the settings file and its profile.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct SettingsFile {
    /// A TOML file with settings. Default: the file named by SHOPWIRE_CONFIG, else
    /// shopwire/shopwire.toml in the user's configuration folder (~/.config).
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The profile of the settings file: its tables [profile.NAME.nicechat], … come before the environment, those
    /// without a profile behind it. Default: the profile named by SHOPWIRE_PROFILE, which comes behind the environment.
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
}

/// The option of commands that write a log.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Log {
    /// Log more to standard error; repeat up to three times.
    #[arg(short, long, action = ArgAction::Count)]
    pub(crate) verbose: u8,
}

/// The settings that can be given as flags.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Settings {
    #[command(flatten)]
    pub(crate) file: SettingsFile,
    /// The address of NiceChat.
    #[arg(long, value_name = "URL")]
    pub(crate) nicechat_url: Option<String>,
    /// The address of Uvygoda.
    #[arg(long, value_name = "URL")]
    pub(crate) uvygoda_url: Option<String>,
    /// The address of the RetailCRM account.
    #[arg(long, value_name = "URL")]
    pub(crate) retailcrm_url: Option<String>,
    /// The RetailCRM shop's symbolic code.
    #[arg(long, value_name = "CODE")]
    pub(crate) retailcrm_site: Option<String>,
}

impl Settings {
    /// The flags that were given for other services than this one.
    pub(crate) fn foreign(&self, service: Service) -> Option<&'static str> {
        let flags = [
            (&self.nicechat_url, Service::Nicechat, "--nicechat-url"),
            (&self.uvygoda_url, Service::Uvygoda, "--uvygoda-url"),
            (&self.retailcrm_url, Service::Retailcrm, "--retailcrm-url"),
            (&self.retailcrm_site, Service::Retailcrm, "--retailcrm-site"),
        ];
        let mut foreign = flags
            .into_iter()
            .filter(|(value, of, _)| value.is_some() && *of != service);
        foreign.next().map(|(_, _, flag)| flag)
    }
}

impl Probe {
    pub(crate) fn settings(&self) -> Settings {
        Settings {
            file: self.file.clone(),
            nicechat_url: self.nicechat_url.clone(),
            ..Settings::default()
        }
    }
}

impl Sign {
    pub(crate) fn settings(&self) -> Settings {
        Settings {
            file: self.file.clone(),
            nicechat_url: self.nicechat_url.clone(),
            ..Settings::default()
        }
    }
}
