//! The grammar of `birdbox requests`.

use clap::Args;
use model::AppId;

use super::Form;
use crate::requests::{Query, StatusClass, asked_names};
use crate::suggest;

/// So many are printed unless something else is said.
pub(in crate::cli) const MOST: u16 = 20;

#[derive(Debug, Args)]
pub(in crate::cli) struct RequestsArgs {
    /// Only those of an App: its id
    #[arg(long, value_name = "ID")]
    app: Option<AppId>,
    /// Only those to an operation, such as getUsersByIds
    #[arg(long, value_name = "NAME", value_parser = operation)]
    operation: Option<String>,
    /// Only those with a status, such as 429, or all of a kind, such as 4xx
    #[arg(long)]
    status: Option<StatusClass>,
    /// Only those with this text in path or query
    #[arg(long, value_name = "TEXT")]
    path: Option<String>,
    /// Only those before the one with this number
    #[arg(long, value_name = "NUMBER")]
    below: Option<u64>,
    /// The most that are printed
    #[arg(long, default_value_t = MOST, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..))]
    limit: u16,
    /// How to write it
    #[arg(short, long, value_enum, default_value_t = Form::Text, value_name = "FORM")]
    pub(in crate::cli) output: Form,
}

impl RequestsArgs {
    /// What they ask.
    pub(in crate::cli) fn query(self) -> Query {
        let Self { app, operation, status, path, below, limit, output: _ } = self;
        Query { app: app.map(AppId::get), operation, status, path, below, limit: limit.into() }
    }
}

/// The name of an operation, or of an endpoint of OAuth.
fn operation(text: &str) -> Result<String, String> {
    if asked_names().any(|name| name == text) {
        return Ok(text.to_owned());
    }
    let nearest = suggest::nearest(text, asked_names().map(str::to_owned));
    Err(nearest.map_or_else(
        || "there is none of this name; `birdbox limits show` lists the operations".to_owned(),
        |nearest| format!("there is none of this name; did you mean {nearest}?"),
    ))
}
