//! twapi-v2, for Rust: lookups and typed errors.

mod claims;

use std::collections::HashSet;
use std::env;
use std::time::Duration;

use twapi_v2::api::{
    BearerAuthentication, delete_2_users_source_user_id_following_target_user_id, get_2_users, get_2_users_by,
    get_2_users_by_username_username, get_2_users_id, get_2_users_id_followers, get_2_users_id_following, get_2_users_me,
    post_2_users_id_following,
};
use twapi_v2::error::{Error, TwitterError};
use twapi_v2::fields::tweet_fields::TweetFields;
use twapi_v2::headers::Headers;
use twapi_v2::oauth10a::OAuthAuthentication;
use twapi_v2::responses::{errors::Errors, meta::Meta, users::Users};

use self::claims::{Claims, Shown, same};

fn bearer() -> BearerAuthentication {
    BearerAuthentication::new(variable("BEARER_TOKEN"))
}

fn user() -> OAuthAuthentication {
    let [key, secret, token, token_secret] =
        ["CONSUMER_KEY", "CONSUMER_SECRET", "ACCESS_TOKEN", "ACCESS_TOKEN_SECRET"].map(variable);
    OAuthAuthentication::new(key, secret, token, token_secret)
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_default()
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    const BRINGS: &str = "it takes a token that its user brings";
    const SIGNS: &str = "it signs, but gets no tokens of users";
    let mut claims = Claims::new("twapi-v2");
    claims.show("users by ids", users_by_ids().await);
    claims.show("users by usernames", users_by_usernames().await);
    claims.show("me", me().await);
    claims.show("expansions", expansions().await);
    claims.show("follow and unfollow", follow().await);
    claims.show("followers", followers().await);
    claims.show("following", following().await);
    claims.absent("programs of the documentation", "X's page of followers has no program for it");
    claims.show("error 400", error_400().await);
    claims.show("error 401", error_401().await);
    claims.show("error 403", error_403().await);
    claims.absent("error 404", "it makes no path that is not there");
    claims.show("error 429", error_429().await);
    claims.show("waits for the reset", waits().await);
    claims.absent("app-only token", BRINGS);
    claims.absent("OAuth 1.0a sign-in", SIGNS);
    claims.absent("OAuth 1.0a PIN", SIGNS);
    claims.absent("OAuth 2.0 sign-in", BRINGS);
    claims.absent("OAuth 2.0 refresh", BRINGS);
    claims.end();
}

async fn users_by_ids() -> Shown {
    let (found, _) = get_2_users::Api::new("2244994945,1,783214").execute(&bearer()).await?;
    same(names(found.data, found.errors), "TwitterDev Twitter, not 1")?;
    Ok("2 users and 1 problem".into())
}

async fn users_by_usernames() -> Shown {
    let (found, _) = get_2_users_by::Api::new("Twitter,suspended_user,TwitterDev").execute(&user()).await?;
    same(names(found.data, found.errors), "Twitter TwitterDev, not suspended_user")?;
    Ok("2 users and 1 problem".into())
}

fn names(users: Option<Vec<Users>>, problems: Option<Vec<Errors>>) -> String {
    let names: Vec<String> = users.into_iter().flatten().map(|user| user.username).collect();
    let values: Vec<String> = problems.into_iter().flatten().filter_map(|problem| problem.value).collect();
    format!("{}, not {}", names.join(" "), values.join(" "))
}

async fn me() -> Shown {
    let (found, _) = get_2_users_me::Api::new().execute(&user()).await?;
    same(found.data.map(|user| user.id), Some(variable("USER_ID")))?;
    Ok("the user of the token".into())
}

async fn expansions() -> Shown {
    let api = get_2_users::Api::new("2244994945,6253282")
        .expansions(HashSet::from([get_2_users::Expansions::PinnedTweetId]))
        .tweet_fields(HashSet::from([TweetFields::AuthorId]));
    let (found, _) = api.execute(&bearer()).await?;
    let pinned = found.includes.and_then(|includes| includes.tweets).unwrap_or_default();
    let users = found.data.unwrap_or_default();
    same(users.len(), 2)?;
    for user in users {
        let post = pinned.iter().find(|post| Some(&post.id) == user.pinned_tweet_id.as_ref());
        same(post.and_then(|post| post.author_id.clone()), Some(user.id))?;
    }
    Ok("each pinned post is by its user".into())
}

/// The API's error in a result that must be one.
fn refused<T>(result: Result<T, Error>) -> Result<(TwitterError, serde_json::Value, Headers), Box<dyn std::error::Error>> {
    match result {
        Err(Error::Twitter(error, body, headers)) => Ok((error, body, *headers)),
        Err(error) => Err(error.into()),
        Ok(_) => Err("it was not refused".into()),
    }
}

type Page = (Option<Vec<Users>>, Option<Meta>);

/// Goes to the end of a list and back; how many pages that took, and how often it had to wait for
/// the end of a window.
async fn walk(read: impl AsyncFn(Option<&str>) -> Result<Page, Error>) -> Result<(u32, u32), Box<dyn std::error::Error>> {
    let (mut pages, mut waits) = (0, 0);
    let (mut there, mut again, mut token, mut is_back) = (Vec::new(), Vec::new(), None::<String>, false);
    loop {
        pages += 1;
        let (users, meta) = match read(token.as_deref()).await {
            Ok(page) => page,
            Err(error) => {
                waits += 1;
                let (error, _, headers) = refused::<Page>(Err(error))?;
                same(error.status_code.as_u16(), 429)?;
                sleep_until(&headers).await?;
                read(token.as_deref()).await?
            }
        };
        let ids: Vec<String> = users.into_iter().flatten().map(|user| user.id).collect();
        let meta = meta.ok_or("no meta")?;
        if is_back {
            again.splice(0..0, ids);
        } else if meta.next_token.is_some() {
            there.extend(ids);
        }
        is_back |= meta.next_token.is_none();
        token = if is_back { meta.previous_token } else { meta.next_token };
        if token.is_none() {
            same(again, there)?;
            return Ok((pages, waits));
        }
    }
}

async fn followers() -> Shown {
    let read = async |token: Option<&str>| {
        let mut api = get_2_users_id_followers::Api::new("2244994945").max_results(50);
        if let Some(token) = token {
            api = api.pagination_token(token);
        }
        let (found, _) = api.execute(&bearer()).await?;
        Ok((found.data, found.meta))
    };
    let (_, waits) = walk(read).await?;
    same(waits > 0, true)?;
    Ok("to the end and back, with a sleep until x_rate_limit_reset on the way".into())
}

async fn following() -> Shown {
    let read = async |token: Option<&str>| {
        let mut api = get_2_users_id_following::Api::new(&variable("USER_ID")).max_results(5);
        if let Some(token) = token {
            api = api.pagination_token(token);
        }
        let (found, _) = api.execute(&user()).await?;
        Ok((found.data, found.meta))
    };
    let (pages, _) = walk(read).await?;
    same(pages > 2, true)?;
    Ok("to the end and back".into())
}

async fn follow() -> Shown {
    let (id, target) = (variable("USER_ID"), "783214");
    let body = post_2_users_id_following::Body { target_user_id: target.into() };
    let (made, _) = post_2_users_id_following::Api::new(&id, body).execute(&user()).await?;
    same(made.data.map(|data| (data.following, data.pending_follow)), Some((Some(true), Some(false))))?;
    let ended = delete_2_users_source_user_id_following_target_user_id::Api::new(&id, target);
    let (ended, _) = ended.execute(&user()).await?;
    same(ended.data.map(|data| data.following), Some(Some(false)))?;
    Ok("the replies say so".into())
}

async fn error_400() -> Shown {
    let (error, body, _) = refused(get_2_users::Api::new("not-an-id").execute(&bearer()).await)?;
    same((error.status_code.as_u16(), error.title.as_str()), (400, "Invalid Request"))?;
    same(body["errors"][0]["parameters"]["ids"][0].as_str(), Some("not-an-id"))?;
    Ok("Error::Twitter with the body".into())
}

async fn error_401() -> Shown {
    let (error, ..) = refused(get_2_users_id::Api::new("12").execute(&BearerAuthentication::new("wrong")).await)?;
    same((error.status_code.as_u16(), error.status, error.title.as_str()), (401, 401, "Unauthorized"))?;
    Ok("Error::Twitter with status and title".into())
}

async fn error_403() -> Shown {
    let (error, ..) = refused(get_2_users_me::Api::new().execute(&bearer()).await)?;
    same((error.status_code.as_u16(), error.title.as_str()), (403, "Unsupported Authentication"))?;
    Ok("Error::Twitter with status and title".into())
}

async fn by_username() -> Result<get_2_users_by_username_username::Response, Error> {
    let (found, _) = get_2_users_by_username_username::Api::new("TwitterDev").execute(&bearer()).await?;
    Ok(found)
}

/// The refusal of a call that was made often enough.
async fn limited() -> Result<Headers, Box<dyn std::error::Error>> {
    for _ in 0..10 {
        let result = by_username().await;
        if result.is_err() {
            let (error, _, headers) = refused(result)?;
            same(error.status_code.as_u16(), 429)?;
            return Ok(headers);
        }
    }
    Err("ten calls were not refused".into())
}

async fn error_429() -> Shown {
    same(limited().await?.x_rate_limit_remaining, Some(0))?;
    Ok("Error::Twitter with x_rate_limit_*".into())
}

async fn waits() -> Shown {
    sleep_until(&limited().await?).await?;
    same(by_username().await?.data.map(|user| user.username).as_deref(), Some("TwitterDev"))?;
    Ok("after a sleep until x_rate_limit_reset".into())
}

async fn sleep_until(headers: &Headers) -> Result<(), Box<dyn std::error::Error>> {
    let reset = headers.x_rate_limit_reset.ok_or("no reset")?.timestamp_millis();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_millis();
    tokio::time::sleep(Duration::from_millis((reset as u128).saturating_sub(now) as u64)).await;
    Ok(())
}
