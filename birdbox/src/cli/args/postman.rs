//! The grammar of `birdbox postman`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub(in crate::cli) struct PostmanArgs {
    #[command(subcommand)]
    pub(in crate::cli) what: PostmanWhat,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum PostmanWhat {
    /// Every operation as a request, with all its parameters and a test
    ///
    /// Each request is one that the sample answers; optional parameters are there, switched off. There are no
    /// credentials in it: they are variables of the environment. base_url is where this configuration has the server
    /// listen.
    #[command(after_long_help = "\
Examples:
  birdbox postman collection -o X-API-v2.postman_collection.json
  birdbox postman collection | jq '.item[].name'")]
    Collection(Written),
    /// The variables that the collection needs, with the credentials of the first App
    ///
    /// The environment is named X API v2, and its variables are those of X's own: consumer_key, consumer_secret,
    /// access_token, token_secret, bearer_token; and tweetbinder_token and base_url. It holds secrets, as what
    /// `birdbox env` prints. What the App does not have is switched off.
    #[command(after_long_help = "\
Example:
  birdbox postman environment -o X-API-v2.postman_environment.json")]
    Environment(Written),
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Written {
    /// The file, which appears when it is whole [default: the standard output]
    #[arg(short, long, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
}
