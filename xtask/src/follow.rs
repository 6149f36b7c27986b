//! The requests by which a user follows another, and no more.

use serde_json::json;

use crate::server::Server;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    Follow,
    Unfollow,
}

/// The bytes of a request with an access token of `user`, which keeps its connection.
pub(crate) fn change(server: &Server, token: &str, what: Change, user: u64, target: u64) -> Vec<u8> {
    let head = format!("Host: {}\r\nAuthorization: Bearer {token}\r\n", server.address);
    let request = match what {
        Change::Follow => {
            let body = json!({ "target_user_id": target.to_string() }).to_string();
            let length = body.len();
            let content = format!("Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}");
            format!("POST /2/users/{user}/following HTTP/1.1\r\n{head}{content}")
        }
        Change::Unfollow => format!("DELETE /2/users/{user}/following/{target} HTTP/1.1\r\n{head}\r\n"),
    };
    request.into_bytes()
}
