//! Answers for people, and the same for programs.

use serde_json::{Value, json};

use crate::admin::identity::{
    AccountView, AppView, IdentityAnswer, NewGrant, NewKeys, NewToken, ProjectView, TokenView,
};
use crate::cli::output::visible;

/// What is said where secrets are.
const ONCE: &str = "Keep these now: they are not shown again.\n";

/// The answer for people. `done` is what was done; nothing for what is only shown.
pub(super) fn write(answer: &IdentityAnswer, done: &str) -> String {
    match answer {
        IdentityAnswer::Account(account) => one(done, &account_rows(account)),
        IdentityAnswer::Accounts(all) => table(all.iter().map(account_rows)),
        IdentityAnswer::Project(project) => one(done, &project_rows(project)),
        IdentityAnswer::Projects(all) => table(all.iter().map(project_rows)),
        IdentityAnswer::App(app, keys) => {
            let rows = app_rows(app);
            let keys = key_rows(keys);
            let shown = one(done, if keys.is_empty() { &rows } else { rows.get(..3).unwrap_or(&rows) });
            if keys.is_empty() { shown } else { format!("{shown}\n{}\n{ONCE}", lines(&keys)) }
        }
        IdentityAnswer::Apps(all) => table(all.iter().map(|app| app_rows(app).into_iter().take(6).collect())),
        IdentityAnswer::NewToken(token) => format!("{}\n{ONCE}", lines(&new_token_rows(token))),
        IdentityAnswer::NewGrant(grant) => format!("{}\n{ONCE}", lines(&new_grant_rows(grant))),
        IdentityAnswer::Tokens(all) => table(all.iter().map(token_rows)),
        IdentityAnswer::Revoked(token) => format!("{done} {token}\n"),
        IdentityAnswer::User { id, username } => format!("{done} @{username} ({id})\n"),
        IdentityAnswer::PortalLink { link, expires_at } => {
            format!("{link}\n\nIt signs in once, until {expires_at}.\n")
        }
    }
}

/// How to replace the secrets in an answer, if there are any in it.
pub(super) fn how_to_make_again(answer: &IdentityAnswer) -> Option<String> {
    match answer {
        IdentityAnswer::App(app, NewKeys { consumer_secret, bearer_token, client_secret, tweetbinder_token, .. }) => {
            let kinds = [
                ("consumer", consumer_secret),
                ("bearer", bearer_token),
                ("client", client_secret),
                ("tweetbinder", tweetbinder_token),
            ];
            let lost = kinds.into_iter().filter(|(_, secret)| secret.is_some());
            let commands = lost.map(|(kind, _)| format!("birdbox app regenerate {} {kind}", app.id));
            Some(commands.collect::<Vec<_>>().join("; ")).filter(|commands| !commands.is_empty())
        }
        IdentityAnswer::NewToken(_) => Some("birdbox token create".to_owned()),
        IdentityAnswer::NewGrant(_) => Some("birdbox oauth2 authorize".to_owned()),
        IdentityAnswer::PortalLink { .. } => Some("birdbox portal link".to_owned()),
        IdentityAnswer::Account(_)
        | IdentityAnswer::Accounts(_)
        | IdentityAnswer::Project(_)
        | IdentityAnswer::Projects(_)
        | IdentityAnswer::Apps(_)
        | IdentityAnswer::Tokens(_)
        | IdentityAnswer::Revoked(_)
        | IdentityAnswer::User { .. } => None,
    }
}

/// The answer for programs: the object alone, or a list of them.
pub(super) fn json(answer: &IdentityAnswer) -> serde_json::Result<String> {
    let value = match answer {
        IdentityAnswer::Account(account) => serde_json::to_value(account)?,
        IdentityAnswer::Accounts(all) => serde_json::to_value(all)?,
        IdentityAnswer::Project(project) => serde_json::to_value(project)?,
        IdentityAnswer::Projects(all) => serde_json::to_value(all)?,
        IdentityAnswer::App(app, keys) => {
            let mut app = serde_json::to_value(app)?;
            // New keys stand among the members of the App.
            if let (Value::Object(app), Value::Object(keys)) = (&mut app, serde_json::to_value(keys)?) {
                app.extend(keys);
            }
            app
        }
        IdentityAnswer::Apps(all) => serde_json::to_value(all)?,
        IdentityAnswer::NewToken(token) => serde_json::to_value(token)?,
        IdentityAnswer::NewGrant(grant) => serde_json::to_value(grant)?,
        IdentityAnswer::Tokens(all) => serde_json::to_value(all)?,
        IdentityAnswer::Revoked(token) => json!({ "revoked": token }),
        IdentityAnswer::PortalLink { link, expires_at } => json!({ "link": link, "expires_at": expires_at }),
        IdentityAnswer::User { id, username } => json!({ "id": id.to_string(), "username": username.to_string() }),
    };
    serde_json::to_string_pretty(&value)
}

/// A name and a value. The first two rows of anything are its id and its name.
type Row = (&'static str, String);

fn account_rows(account: &AccountView) -> Vec<Row> {
    vec![
        ("id", account.id.to_string()),
        ("name", visible(&account.name)),
        ("state", account.state.clone()),
        ("created", account.created_at.clone()),
    ]
}

fn project_rows(project: &ProjectView) -> Vec<Row> {
    let apps: Vec<_> = project.app_ids.iter().map(ToString::to_string).collect();
    vec![
        ("id", project.id.to_string()),
        ("name", visible(&project.name)),
        ("account", project.account_id.to_string()),
        ("apps", or_dash(&apps.join(","))),
        ("created", project.created_at.clone()),
    ]
}

fn app_rows(app: &AppView) -> Vec<Row> {
    let text = |value: &Option<String>| or_dash(value.as_deref().unwrap_or_default());
    vec![
        ("id", app.id.to_string()),
        ("name", visible(&app.name)),
        ("account", format!("{} ({})", app.account_id, app.account_state)),
        ("project", or_dash(&app.project_id.map(|id| id.to_string()).unwrap_or_default())),
        ("permissions", app.permissions.clone()),
        ("type", text(&app.app_type)),
        ("callbacks", or_dash(&app.callbacks.join(","))),
        ("website", text(&app.website)),
        ("tier", app.tier.clone()),
        ("oauth2", if app.oauth2 { "on" } else { "off" }.to_owned()),
        ("consumer key", text(&app.consumer_key)),
        ("bearer token", if app.has_bearer_token { "yes" } else { "-" }.to_owned()),
        ("tweet binder token", if app.has_tweetbinder_token { "yes" } else { "-" }.to_owned()),
        ("client id", text(&app.client_id)),
        ("created", app.created_at.clone()),
    ]
}

fn key_rows(keys: &NewKeys) -> Vec<Row> {
    let rows = [
        ("consumer key", &keys.consumer_key),
        ("consumer secret", &keys.consumer_secret),
        ("bearer token", &keys.bearer_token),
        ("tweet binder token", &keys.tweetbinder_token),
        ("client id", &keys.client_id),
        ("client secret", &keys.client_secret),
    ];
    rows.into_iter().filter_map(|(name, value)| Some((name, value.clone()?))).collect()
}

fn new_token_rows(token: &NewToken) -> Vec<Row> {
    vec![
        ("user", format!("@{} ({})", token.username, token.user_id)),
        ("permissions", token.permissions.clone()),
        ("access token", token.access_token.clone()),
        ("access token secret", token.access_token_secret.clone()),
    ]
}

fn new_grant_rows(grant: &NewGrant) -> Vec<Row> {
    let refresh = grant.refresh_token.clone().map(|token| ("refresh token", token));
    let rows = [
        ("scope", grant.scope.clone()),
        ("expires in", format!("{} seconds", grant.expires_in)),
        ("access token", grant.access_token.clone()),
    ];
    rows.into_iter().chain(refresh).collect()
}

fn token_rows(token: &TokenView) -> Vec<Row> {
    vec![
        ("id", token.id.to_string()),
        ("app", token.app_id.to_string()),
        ("user", token.user_id.to_string()),
        ("created", token.created_at.clone()),
        ("expires", token.expires_at.clone().unwrap_or_else(|| "never".to_owned())),
        ("allows", token.allows.clone()),
    ]
}

fn or_dash(text: &str) -> String {
    if text.is_empty() { "-".to_owned() } else { text.to_owned() }
}

/// What was done to one thing in one line, or all that is known of it.
fn one(done: &str, rows: &[Row]) -> String {
    match rows {
        [(_, id), (_, name), (what, state), ..] if !done.is_empty() => {
            format!("{done} {id} ({name}), {what} {state}\n")
        }
        rows => lines(rows),
    }
}

/// A line for each row, the values below each other.
fn lines(rows: &[Row]) -> String {
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    rows.iter().map(|(name, value)| format!("{name:<width$}  {value}\n")).collect()
}

/// A line of names, then a line for each thing.
fn table(things: impl Iterator<Item = Vec<Row>>) -> String {
    let things: Vec<_> = things.collect();
    let Some(first) = things.first() else { return "none\n".to_owned() };
    let mut all = vec![first.iter().map(|(name, _)| name.to_uppercase()).collect::<Vec<_>>()];
    all.extend(things.iter().map(|rows| rows.iter().map(|(_, value)| value.clone()).collect()));
    let widths: Vec<_> = (0..first.len())
        .map(|column| all.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0))
        .collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        format!("{}\n", cells.collect::<Vec<_>>().join("  ").trim_end())
    };
    all.iter().map(line).collect()
}
