//! The grammar of `birdbox explain`.

use clap::Args;

use super::Form;

#[derive(Debug, Args)]
pub(in crate::cli) struct ExplainArgs {
    /// What the header x-request-id of the reply says
    #[arg(value_name = "REQUEST_ID", required_unless_present = "last", conflicts_with = "last")]
    pub(in crate::cli) request: Option<String>,
    /// The last request that was refused
    #[arg(long)]
    pub(in crate::cli) last: bool,
    /// How to write it
    #[arg(short, long, value_enum, default_value_t = Form::Text, value_name = "FORM")]
    pub(in crate::cli) output: Form,
}
