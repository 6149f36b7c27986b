//! `birdbox postman`: the collection for Postman, and an environment with the credentials of the
//! first App.

use anyhow::{Result, bail};
use xapi::guide::postman;

use super::args::{PostmanArgs, PostmanWhat};
use super::open;
use super::output::Output;
use crate::admin::{Answer, ClientError, Environment, Missing, Verb};
use crate::config::Config;

/// Runs `birdbox postman`.
pub(super) async fn run(config: &Config, args: &PostmanArgs) -> Result<()> {
    let (text, mut out) = match &args.what {
        // It says nothing of the data, so that none has to be there.
        PostmanWhat::Collection(written) => {
            let base_url = Environment::of(config.scheme(), config.server.listen).base_url;
            (
                postman::collection(&base_url, config.tweetbinder.prefix.as_str()),
                Output::open(written.output.as_deref())?,
            )
        }
        PostmanWhat::Environment(written) => {
            (environment(config).await?, Output::open_private(written.output.as_deref())?)
        }
    };
    out.write(text.as_bytes())?;
    out.finish()
}

async fn environment(config: &Config) -> Result<String> {
    match open(config, Missing::Refuse).await?.ask(Verb::Environment).await? {
        Answer::Environment(environment) => Ok(environment.postman()),
        _ => bail!(ClientError::Unexpected),
    }
}
