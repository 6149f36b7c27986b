//! The grammar of `birdbox migrate-request`.

use clap::Args;

#[derive(Debug, Args)]
pub(in crate::cli) struct MigrateArgs {
    /// A command of curl, twurl or wget, in quotes or not, or an address of API v1.1
    #[arg(value_name = "REQUEST", required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    pub(in crate::cli) request: Vec<String>,
}
