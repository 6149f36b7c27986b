//! In Python with tweepy, which calls X's host whatever one says: `birdbox run` brings it here.

use xapi::{Dialect, InputPlace, InputValue, OperationId, operation::Value};

use super::{SIGNING, Wanted, Written};
use crate::portal::explorer::values::Filled;

/// What tweepy calls an operation, of its `Client` for API v2 and of its `API` for v1.1.
const fn method(id: OperationId) -> Option<&'static str> {
    Some(match id {
        OperationId::GetUsersByIds | OperationId::GetUsersByUsernames => "get_users",
        OperationId::GetUsersById | OperationId::GetUsersByUsername | OperationId::V1UsersShow => "get_user",
        OperationId::GetUsersMe => "get_me",
        OperationId::GetUsersFollowers => "get_users_followers",
        OperationId::GetUsersFollowing => "get_users_following",
        OperationId::FollowUser => "follow_user",
        OperationId::UnfollowUser => "unfollow_user",
        OperationId::V1UsersLookup => "lookup_users",
        OperationId::V1AccountVerifyCredentials => "verify_credentials",
        OperationId::V1ApplicationRateLimitStatus => "rate_limit_status",
        OperationId::V1FollowersIds => "get_follower_ids",
        OperationId::V1FriendsIds => "get_friend_ids",
        OperationId::V1FollowersList => "get_followers",
        OperationId::V1FriendsList => "get_friends",
        OperationId::V1FriendshipsShow => "get_friendship",
        OperationId::V1FriendshipsLookup => "lookup_friendships",
        OperationId::V1FriendshipsCreate => "create_friendship",
        OperationId::V1FriendshipsDestroy => "destroy_friendship",
        _ => return None,
    })
}

pub(super) fn write(wanted: Wanted<'_>) -> Written {
    let Some(method) = method(wanted.operation.id) else {
        return Err("tweepy knows API v2 and v1.1 alone. Call this one with curl or Rust.".to_owned());
    };
    let of_client = wanted.operation.dialect == Dialect::V2;
    let client = if of_client { client(wanted) } else { api(wanted) };
    let is_source = |filled: &&Filled| {
        is_change(wanted) && filled.input.place == InputPlace::Path && filled.input.name != "target_user_id"
    };
    let mut arguments: Vec<String> = wanted
        .values
        .filled()
        .filter(|filled| !is_source(filled))
        .map(|filled| format!("    {}={},\n", filled.input.name.replace('.', "_"), literal(filled)))
        .collect();
    // Some methods of its client call for the user of the token if they are not told, some do not.
    let of_user = if wanted.token().is_none() { "True" } else { "False" };
    arguments.extend(of_client.then(|| format!("    user_auth={of_user},\n")));
    let note = if is_change(wanted) && of_client { "# It always acts for the user of the token.\n" } else { "" };
    Ok(format!(
        "# pip install tweepy. Run it with: birdbox run -- python3 example.py\n\
         import json\nimport os\n\nimport tweepy\n\n\
         {client}\n\
         {note}reply = client.{method}(\n{})\nprint(json.dumps(reply, indent=2))\n",
        arguments.concat(),
    ))
}

/// Whether it changes the own follows.
fn is_change(wanted: Wanted<'_>) -> bool {
    wanted.operation.access.writes
}

fn client(wanted: Wanted<'_>) -> String {
    let named: String = match wanted.token() {
        Some(token) => format!("    bearer_token=os.environ[\"{token}\"],\n"),
        None => {
            SIGNING.iter().map(|name| format!("    {}=os.environ[\"{name}\"],\n", name.to_ascii_lowercase())).collect()
        }
    };
    format!("client = tweepy.Client(\n{named}    return_type=dict,\n)")
}

fn api(wanted: Wanted<'_>) -> String {
    let handler = match wanted.token() {
        Some(token) => format!("tweepy.OAuth2BearerHandler(os.environ[\"{token}\"])"),
        None => {
            let all: String = SIGNING.iter().map(|name| format!("    os.environ[\"{name}\"],\n")).collect();
            format!("tweepy.OAuth1UserHandler(\n{all})")
        }
    };
    format!("auth = {handler}\nclient = tweepy.API(auth, parser=tweepy.parsers.JSONParser())")
}

fn literal(filled: &Filled) -> String {
    if filled.is_list() && !matches!(filled.input.value, InputValue::Plain(Value::Words)) {
        let parts: Vec<String> = filled.parts().map(quote).collect();
        return format!("[{}]", parts.join(", "));
    }
    filled.number().map_or_else(|| quote(&filled.value), |number| number.to_string())
}

/// A literal. What is not ASCII is escaped.
fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            ' '..='~' => out.push(character),
            _ => out.push_str(&format!("\\U{:08x}", u32::from(character))),
        }
    }
    out + "\""
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::program;
    use super::*;
    use crate::portal::explorer::way::Way;

    #[test]
    fn a_user_of_oauth2_is_not_taken_for_one_of_oauth1() {
        let signed = program("python", "getUsersMe", Way::OAuth1, "").unwrap();
        assert!(signed.contains("access_token_secret=os.environ") && signed.contains("user_auth=True"), "{signed}");
        let bearer = program("python", "getUsersMe", Way::OAuth2, "p.user.fields=created_at").unwrap();
        assert!(bearer.contains("bearer_token=os.environ[\"OAUTH2_ACCESS_TOKEN\"]"), "{bearer}");
        assert!(bearer.contains("user_fields=[\"created_at\"]") && bearer.contains("user_auth=False"), "{bearer}");
    }

    /// What Python reads out of a literal of [`quote`].
    fn read(literal: &str) -> Option<String> {
        let inside = literal.strip_prefix('"')?.strip_suffix('"')?;
        let (mut out, mut rest) = (String::new(), inside);
        while let Some(character) = rest.chars().next() {
            rest = &rest[character.len_utf8()..];
            out.push(match character {
                '\\' if rest.starts_with('U') => {
                    let code = u32::from_str_radix(&rest[1..9], 16).ok()?;
                    rest = &rest[9..];
                    char::from_u32(code)?
                }
                '\\' => {
                    let escaped = rest.chars().next().filter(|escaped| "\"\\".contains(*escaped))?;
                    rest = &rest[1..];
                    escaped
                }
                '"' => return None,
                character => character,
            });
        }
        Some(out)
    }

    proptest! {
        #[test]
        fn what_was_typed_comes_back_out_of_a_literal(text in ".*") {
            let literal = quote(&text);
            prop_assert!(literal.is_ascii() && !literal.contains('\n'));
            prop_assert_eq!(read(&literal), Some(text));
        }
    }
}
