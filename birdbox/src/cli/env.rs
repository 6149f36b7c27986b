//! `birdbox env`: what a client needs to know, in a form that it can read.

use anyhow::{Result, bail};

use super::args::EnvForm;
use super::{open, output};
use crate::admin::{Answer, ClientError, Environment, Missing, Verb};
use crate::config::Config;

/// Runs `birdbox env`.
pub(super) async fn run(config: &Config, form: EnvForm) -> Result<()> {
    match open(config, Missing::Refuse).await?.ask(Verb::Environment).await? {
        Answer::Environment(environment) => output::print(write(&environment, form)?.as_bytes()),
        _ => bail!(ClientError::Unexpected),
    }
}

fn write(environment: &Environment, form: EnvForm) -> Result<String> {
    let variables = environment.variables();
    Ok(match form {
        // The values have no quotes in them.
        EnvForm::Export => variables.iter().map(|(name, value)| format!("export {name}='{value}'\n")).collect(),
        EnvForm::Dotenv => variables.iter().map(|(name, value)| format!("{name}={value}\n")).collect(),
        EnvForm::Json => {
            let object: serde_json::Map<_, _> =
                variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
            format!("{}\n", serde_json::to_string_pretty(&object)?)
        }
    })
}
