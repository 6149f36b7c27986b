//! Every address of the portal, who may go there, and what answers.
//!
//! A row is all that decides who is let in; whether an object is the viewer's own, the handlers
//! ask by [`Cx`](super::cx::Cx) alone.

use http::Method;

/// Who may go somewhere. Whoever may do more may also do less: the owner of the server may do
/// everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Everybody.
    Nobody,
    /// A user of the directory who is signed in.
    User,
    /// A developer, in what belongs to the account.
    Developer,
    /// The owner of the server.
    Owner,
}

/// What answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    Asset,
    Home,
    Enter,
    UseLink,
    SignIn,
    DoSignIn,
    SignOut,
    SignUp,
    DoSignUp,
    Accounts,
    SetApproval,
    Projects,
    NewProject,
    MakeProject,
    Project,
    RenameProject,
    DoRenameProject,
    DeleteProject,
    DoDeleteProject,
    NewApp,
    MakeApp,
    App,
    AppSettings,
    SetApp,
    DeleteApp,
    DoDeleteApp,
    Keys,
    MakeKeys,
    RevokeKeys,
    RevokeToken,
    Import,
    TakeFile,
    ImportDirection,
    CancelImport,
    Rejects,
    Export,
    Users,
    User,
    UserEdit,
    EditUser,
    RenameUser,
    SetUserState,
    ChangeFollows,
    Reference,
    Errors,
    Operation,
    Download,
    Authorizations,
    RevokeAuthorization,
    Requests,
    Request,
    Limits,
    SetLimits,
    ResetLimits,
    Usage,
    UsageFile,
    Explorer,
    Explore,
    SendRequest,
}

/// One address with one method. HEAD is GET.
#[derive(Debug)]
pub struct Row {
    /// What metrics and logs call it.
    pub name: &'static str,
    /// GET shows something and changes nothing; POST changes something.
    pub method: Method,
    /// Its path. What stands in braces is any one part.
    pub path: &'static str,
    /// Who may go there.
    pub role: Role,
    pub(super) page: Page,
}

const fn get(name: &'static str, path: &'static str, role: Role, page: Page) -> Row {
    Row { name, method: Method::GET, path, role, page }
}

const fn post(name: &'static str, path: &'static str, role: Role, page: Page) -> Row {
    Row { name, method: Method::POST, path, role, page }
}

/// Every address.
#[rustfmt::skip]
pub static ROUTES: &[Row] = &[
    get("portalAsset", "/portal/assets/{file}", Role::Nobody, Page::Asset),
    get("portalHome", "/portal", Role::Nobody, Page::Home),
    get("portalEnter", "/portal/enter", Role::Nobody, Page::Enter),
    post("portalUseLink", "/portal/enter", Role::Nobody, Page::UseLink),
    get("portalSignIn", "/portal/sign-in", Role::Nobody, Page::SignIn),
    post("portalDoSignIn", "/portal/sign-in", Role::Nobody, Page::DoSignIn),
    post("portalSignOut", "/portal/sign-out", Role::Nobody, Page::SignOut),
    get("portalSignUp", "/portal/sign-up", Role::User, Page::SignUp),
    post("portalDoSignUp", "/portal/sign-up", Role::User, Page::DoSignUp),
    get("portalAccounts", "/portal/accounts", Role::Owner, Page::Accounts),
    post("portalSetApproval", "/portal/accounts/{account}", Role::Owner, Page::SetApproval),
    get("portalProjects", "/portal/projects", Role::Developer, Page::Projects),
    get("portalNewProject", "/portal/projects/new", Role::Developer, Page::NewProject),
    post("portalMakeProject", "/portal/projects/new", Role::Developer, Page::MakeProject),
    get("portalProject", "/portal/projects/{project}", Role::Developer, Page::Project),
    get("portalRenameProject", "/portal/projects/{project}/rename", Role::Developer, Page::RenameProject),
    post("portalDoRenameProject", "/portal/projects/{project}/rename", Role::Developer, Page::DoRenameProject),
    get("portalDeleteProject", "/portal/projects/{project}/delete", Role::Developer, Page::DeleteProject),
    post("portalDoDeleteProject", "/portal/projects/{project}/delete", Role::Developer, Page::DoDeleteProject),
    get("portalNewApp", "/portal/apps/new", Role::Developer, Page::NewApp),
    post("portalMakeApp", "/portal/apps/new", Role::Developer, Page::MakeApp),
    get("portalApp", "/portal/apps/{app}", Role::Developer, Page::App),
    get("portalAppSettings", "/portal/apps/{app}/settings", Role::Developer, Page::AppSettings),
    post("portalSetApp", "/portal/apps/{app}/settings", Role::Developer, Page::SetApp),
    get("portalDeleteApp", "/portal/apps/{app}/delete", Role::Developer, Page::DeleteApp),
    post("portalDoDeleteApp", "/portal/apps/{app}/delete", Role::Developer, Page::DoDeleteApp),
    get("portalKeys", "/portal/apps/{app}/keys", Role::Developer, Page::Keys),
    post("portalMakeKeys", "/portal/apps/{app}/keys", Role::Developer, Page::MakeKeys),
    post("portalRevokeKeys", "/portal/apps/{app}/keys/revoke", Role::Developer, Page::RevokeKeys),
    post("portalRevokeToken", "/portal/apps/{app}/tokens/{token}/revoke", Role::Developer, Page::RevokeToken),
    get("portalImport", "/portal/import", Role::Owner, Page::Import),
    post("portalTakeFile", "/portal/import", Role::Owner, Page::TakeFile),
    post("portalImportDirection", "/portal/import/direction", Role::Owner, Page::ImportDirection),
    post("portalCancelImport", "/portal/import/cancel", Role::Owner, Page::CancelImport),
    get("portalRejects", "/portal/import/rejects", Role::Owner, Page::Rejects),
    get("portalExport", "/portal/export/{export}", Role::Owner, Page::Export),
    get("portalUsers", "/portal/users", Role::Owner, Page::Users),
    get("portalUser", "/portal/users/{user}", Role::Owner, Page::User),
    get("portalUserEdit", "/portal/users/{user}/edit", Role::Owner, Page::UserEdit),
    post("portalEditUser", "/portal/users/{user}/edit", Role::Owner, Page::EditUser),
    post("portalRenameUser", "/portal/users/{user}/rename", Role::Owner, Page::RenameUser),
    post("portalSetUserState", "/portal/users/{user}/state", Role::Owner, Page::SetUserState),
    post("portalChangeFollows", "/portal/users/{user}/follows", Role::Owner, Page::ChangeFollows),
    get("portalReference", "/portal/reference", Role::Nobody, Page::Reference),
    get("portalErrors", "/portal/reference/errors", Role::Nobody, Page::Errors),
    get("portalOperation", "/portal/reference/{operation}", Role::Nobody, Page::Operation),
    get("portalDownload", "/portal/downloads/{download}", Role::Nobody, Page::Download),
    get("portalAuthorizations", "/portal/authorizations", Role::User, Page::Authorizations),
    post("portalRevokeAuthorization", "/portal/authorizations", Role::User, Page::RevokeAuthorization),
    get("portalRequests", "/portal/requests", Role::Developer, Page::Requests),
    get("portalRequest", "/portal/requests/{number}", Role::Developer, Page::Request),
    get("portalLimits", "/portal/limits", Role::Developer, Page::Limits),
    post("portalSetLimits", "/portal/limits", Role::Owner, Page::SetLimits),
    post("portalResetLimits", "/portal/limits/reset", Role::Owner, Page::ResetLimits),
    get("portalUsage", "/portal/usage", Role::Developer, Page::Usage),
    get("portalUsageFile", "/portal/usage.csv", Role::Developer, Page::UsageFile),
    get("portalExplorer", "/portal/explorer", Role::Nobody, Page::Explorer),
    get("portalExplore", "/portal/explorer/{operation}", Role::Nobody, Page::Explore),
    post("portalSendRequest", "/portal/explorer/{operation}", Role::Developer, Page::SendRequest),
];

/// Where a path leads.
#[derive(Debug)]
pub(super) enum Found<'a> {
    /// To a row, and the parts that stand for what its path has in braces.
    Row(&'static Row, Vec<&'a str>),
    /// Nowhere with this method.
    OtherMethod,
    Nothing,
}

/// The row of a request. Words win over braces, as they stand first.
pub(super) fn find<'a>(method: &Method, path: &'a str) -> Found<'a> {
    let method = if *method == Method::HEAD { &Method::GET } else { method };
    let mut found = Found::Nothing;
    for row in ROUTES {
        let Some(parts) = parts(row.path, path) else { continue };
        if row.method == *method {
            return Found::Row(row, parts);
        }
        found = Found::OtherMethod;
    }
    found
}

/// What stands in `path` for the braces of `pattern`, if it fits.
fn parts<'a>(pattern: &str, path: &'a str) -> Option<Vec<&'a str>> {
    let (mut pattern, mut path) = (pattern.split('/'), path.split('/'));
    let mut parts = Vec::new();
    loop {
        match (pattern.next(), path.next()) {
            (None, None) => return Some(parts),
            (Some(word), Some(part)) if word.starts_with('{') && !part.is_empty() => parts.push(part),
            (Some(word), Some(part)) if word == part => {}
            _ => return None,
        }
    }
}

impl Row {
    /// Its place in [`ROUTES`].
    pub(crate) fn index(&self) -> usize {
        ROUTES.iter().position(|row| row.name == self.name).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_path_leads_to_its_own_row() {
        let names: HashSet<_> = ROUTES.iter().map(|row| row.name).collect();
        assert_eq!(names.len(), ROUTES.len());
        for row in ROUTES {
            assert!(matches!(find(&row.method, row.path), Found::Row(found, _) if found.name == row.name), "{row:?}");
        }
        assert!(matches!(find(&Method::HEAD, "/portal"), Found::Row(row, _) if row.name == "portalHome"));
        let Found::Row(row, parts) = find(&Method::POST, "/portal/apps/7/tokens/oauth1-2/revoke") else { panic!() };
        assert_eq!((row.name, &parts[..]), ("portalRevokeToken", &["7", "oauth1-2"][..]));
        assert!(matches!(find(&Method::DELETE, "/portal"), Found::OtherMethod));
        for path in ["/portal/", "/portal/apps/", "/portal/apps//keys", "/portals", "/portal/apps/1/keys/2"] {
            assert!(matches!(find(&Method::GET, path), Found::Nothing), "{path}");
        }
    }

    #[test]
    fn what_changes_something_is_a_post() {
        for row in ROUTES {
            assert!([Method::GET, Method::POST].contains(&row.method), "{row:?}");
        }
    }
}
