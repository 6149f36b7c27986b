//! Prints two users, with reqwest.
//! Run it with: birdbox run -- cargo run --manifest-path examples/rust/Cargo.toml

use std::{env, error::Error};

fn main() -> Result<(), Box<dyn Error>> {
    let url = "https://api.x.com/2/users/by?usernames=TwitterDev,TwitterAPI";
    let request = reqwest::blocking::Client::new().get(url).bearer_auth(env::var("BEARER_TOKEN")?);
    let reply: serde_json::Value = request.send()?.error_for_status()?.json()?;
    for user in reply["data"].as_array().into_iter().flatten() {
        println!("@{}, {}", user["username"].as_str().unwrap_or_default(), user["name"]);
    }
    Ok(())
}
