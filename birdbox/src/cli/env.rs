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

/// The variables that have a value.
fn variables(environment: &Environment) -> Vec<(&'static str, &str)> {
    let Environment { base_url, bearer_token, keys } = environment;
    let pairs = [
        (["CONSUMER_KEY", "CONSUMER_SECRET"], &keys.consumer),
        (["ACCESS_TOKEN", "ACCESS_TOKEN_SECRET"], &keys.access_token),
        (["CLIENT_ID", "CLIENT_SECRET"], &keys.client),
        (["USER_ID", "USERNAME"], &keys.user),
    ];
    let pairs = pairs.into_iter().filter_map(|(names, pair)| Some((names, pair.as_ref()?)));
    let pairs = pairs.flat_map(|([first, second], (one, other))| [(first, one.as_str()), (second, other.as_str())]);
    let first = [("BASE_URL", base_url.as_str()), ("BEARER_TOKEN", bearer_token.as_str())];
    first.into_iter().filter(|(_, value)| !value.is_empty()).chain(pairs).collect()
}

fn write(environment: &Environment, form: EnvForm) -> Result<String> {
    let variables = variables(environment);
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
