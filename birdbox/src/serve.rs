//! The server.

use crate::config::Config;

/// Serves until it is told to stop.
///
/// # Errors
/// When it cannot start, or cannot go on.
pub fn run(config: &Config) -> anyhow::Result<()> {
    anyhow::bail!("there is no server yet to listen on {}", config.server.listen)
}
