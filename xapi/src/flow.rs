//! The endpoints by which tokens are asked for, given and ended, each a row. They are no
//! operations: nobody counts them, and each answers in its own form.

/// What an endpoint does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FlowId {
    /// Gives an App its app-only bearer token.
    AppOnlyToken,
    /// Ends it.
    InvalidateAppOnlyToken,
    /// OAuth 2.0: asks a user.
    AuthorizeOAuth2,
    /// OAuth 2.0: gives tokens for a code or a refresh token.
    Token,
    /// OAuth 2.0: ends a token.
    Revoke,
    /// OAuth 1.0a: begins.
    RequestToken,
    /// OAuth 1.0a: asks a user, always.
    Authorize,
    /// OAuth 1.0a: asks a user who has not allowed it before.
    Authenticate,
    /// OAuth 1.0a: gives an access token for a verifier.
    AccessToken,
    /// OAuth 1.0a: ends the access token that signs.
    InvalidateToken,
    /// How the pages look.
    Style,
}

/// Which requests an endpoint takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Methods {
    /// Programs send forms.
    Post,
    /// Browsers show a page and send its form.
    GetAndPost,
    /// Browsers load something.
    Get,
}

impl Methods {
    /// As an `allow` header says them.
    #[must_use]
    pub const fn allow(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::GetAndPost => "GET, HEAD, POST",
            Self::Get => "GET, HEAD",
        }
    }

    /// Whether `method` is among them. HEAD is GET, and the edge leaves the body out.
    #[must_use]
    pub fn take(self, method: &str) -> bool {
        self.allow().split(", ").any(|known| known == method)
    }
}

/// The form of the answers, errors included unless a row of compatibility says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A JSON object.
    Json,
    /// `name=value&name=value`.
    Text,
    /// A page for a person.
    Page,
    /// What a page needs.
    Asset,
}

/// One endpoint.
#[derive(Debug)]
pub struct Flow {
    /// What the code calls it.
    pub id: FlowId,
    /// What metrics, logs and explanations call it. The name is ours: X's document has none.
    pub name: &'static str,
    /// Where it is; more than one place if X has several.
    pub paths: &'static [&'static str],
    /// What it takes.
    pub methods: Methods,
    /// What it answers with.
    pub form: Form,
    /// A few words for people.
    pub summary: &'static str,
}

impl Flow {
    /// The row of a path.
    #[must_use]
    pub fn at(path: &str) -> Option<&'static Self> {
        // Lookups have no such word in their paths, and pay for this search alone.
        if !path.contains("oauth") {
            return None;
        }
        FLOWS.iter().find(|row| row.paths.contains(&path))
    }

    /// Its place in [`FLOWS`].
    #[must_use]
    pub fn index(&self) -> usize {
        FLOWS.iter().position(|row| row.id == self.id).unwrap_or(FLOWS.len())
    }
}

/// Where the pages find how they look.
pub const STYLE_PATH: &str = "/i/oauth/pages.css";

/// Every endpoint.
#[rustfmt::skip]
pub static FLOWS: &[Flow] = &[
    Flow { id: FlowId::AppOnlyToken, name: "appOnlyToken", paths: &["/oauth2/token"], methods: Methods::Post, form: Form::Json,
        summary: "App-only bearer token" },
    Flow { id: FlowId::InvalidateAppOnlyToken, name: "invalidateAppOnlyToken", paths: &["/oauth2/invalidate_token"], methods: Methods::Post, form: Form::Json,
        summary: "End the app-only bearer token" },
    Flow { id: FlowId::AuthorizeOAuth2, name: "authorizeOAuth2", paths: &["/i/oauth2/authorize", "/2/oauth2/authorize"], methods: Methods::GetAndPost, form: Form::Page,
        summary: "OAuth 2.0: ask a user" },
    Flow { id: FlowId::Token, name: "oauth2Token", paths: &["/2/oauth2/token"], methods: Methods::Post, form: Form::Json,
        summary: "OAuth 2.0: tokens for a code or a refresh token" },
    Flow { id: FlowId::Revoke, name: "oauth2Revoke", paths: &["/2/oauth2/revoke"], methods: Methods::Post, form: Form::Json,
        summary: "OAuth 2.0: end a token" },
    Flow { id: FlowId::RequestToken, name: "oauth1RequestToken", paths: &["/oauth/request_token"], methods: Methods::Post, form: Form::Text,
        summary: "OAuth 1.0a: begin" },
    Flow { id: FlowId::Authorize, name: "oauth1Authorize", paths: &["/oauth/authorize", "/i/oauth/authorize"], methods: Methods::GetAndPost, form: Form::Page,
        summary: "OAuth 1.0a: ask a user" },
    Flow { id: FlowId::Authenticate, name: "oauth1Authenticate", paths: &["/oauth/authenticate", "/i/oauth/authenticate"], methods: Methods::GetAndPost, form: Form::Page,
        summary: "OAuth 1.0a: ask a user who has not allowed it before" },
    Flow { id: FlowId::AccessToken, name: "oauth1AccessToken", paths: &["/oauth/access_token"], methods: Methods::Post, form: Form::Text,
        summary: "OAuth 1.0a: an access token for a verifier" },
    Flow { id: FlowId::InvalidateToken, name: "oauth1InvalidateToken", paths: &["/1.1/oauth/invalidate_token.json", "/1.1/oauth/invalidate_token"], methods: Methods::Post, form: Form::Json,
        summary: "OAuth 1.0a: end the access token that signs" },
    Flow { id: FlowId::Style, name: "pageStyle", paths: &[STYLE_PATH], methods: Methods::Get, form: Form::Asset,
        summary: "How the pages look" },
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_path_leads_to_its_row_and_is_no_operation() {
        let paths: Vec<_> = FLOWS.iter().flat_map(|row| row.paths).collect();
        assert_eq!(paths.iter().collect::<HashSet<_>>().len(), paths.len());
        let names = FLOWS.iter().map(|row| row.name).chain(crate::operation::OPERATIONS.iter().map(|row| row.name));
        assert_eq!(names.collect::<HashSet<_>>().len(), FLOWS.len() + crate::operation::OPERATIONS.len());
        for row in FLOWS {
            for path in row.paths {
                assert_eq!(Flow::at(path).unwrap().id, row.id);
                assert!(matches!(crate::route("GET", path, "/tweetbinder"), crate::Route::NotFound { .. }), "{path}");
            }
        }
        for path in ["/oauth2", "/oauth2/token/", "/2/users/by/username/oauth", ""] {
            assert!(Flow::at(path).is_none(), "{path}");
        }
    }

    #[test]
    fn methods_are_whole_words() {
        assert!(Methods::GetAndPost.take("HEAD") && Methods::Post.take("POST"));
        assert!(!Methods::Post.take("GET") && !Methods::Get.take("POST") && !Methods::Get.take("ET"));
    }
}
