// com.twitter:twitter-api-java-sdk, X's former SDK for Java.

import com.github.scribejava.core.model.OAuth2AccessToken;
import com.github.scribejava.core.pkce.PKCE;
import com.github.scribejava.core.pkce.PKCECodeChallengeMethod;
import com.twitter.clientlib.ApiException;
import com.twitter.clientlib.TwitterCredentialsBearer;
import com.twitter.clientlib.TwitterCredentialsOAuth2;
import com.twitter.clientlib.api.TwitterApi;
import com.twitter.clientlib.auth.TwitterOAuth20AppOnlyService;
import com.twitter.clientlib.auth.TwitterOAuth20Service;
import com.twitter.clientlib.model.Get2ListsIdFollowersResponseMeta;
import com.twitter.clientlib.model.Problem;
import com.twitter.clientlib.model.ResourceNotFoundProblem;
import com.twitter.clientlib.model.Tweet;
import com.twitter.clientlib.model.User;
import com.twitter.clientlib.model.UsersFollowingCreateRequest;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

public class Main {
    static final String CLIENT_ID = System.getenv("CLIENT_ID");
    static final String CLIENT_SECRET = System.getenv("CLIENT_SECRET");
    static final TwitterApi app = app(System.getenv("BEARER_TOKEN"));

    static TwitterApi app(String bearer) {
        return new TwitterApi(new TwitterCredentialsBearer(bearer));
    }

    static TwitterApi user(OAuth2AccessToken token) {
        return new TwitterApi(
                new TwitterCredentialsOAuth2(CLIENT_ID, CLIENT_SECRET, token.getAccessToken(), token.getRefreshToken()));
    }

    public static void main(String[] arguments) throws Exception {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("users by ids", (Callable<String>) Main::usersByIds);
        claims.put("users by usernames", (Callable<String>) Main::usersByUsernames);
        claims.put("me", (Callable<String>) Main::me);
        claims.put("expansions", (Callable<String>) Main::expansions);
        claims.put("follow and unfollow", (Callable<String>) Main::follow);
        claims.put("followers", (Callable<String>) Main::followers);
        claims.put("following", (Callable<String>) Main::following);
        claims.put("programs of the documentation", (Callable<String>) Main::documentation);
        claims.put("error 400", (Callable<String>) Main::error400);
        claims.put("error 401", (Callable<String>) Main::error401);
        claims.put("error 403", (Callable<String>) Main::error403);
        claims.put("error 404", "it makes no path that is not there");
        claims.put("error 429", (Callable<String>) Main::error429);
        claims.put("waits for the reset", (Callable<String>) Main::waits);
        claims.put("app-only token", (Callable<String>) Main::appOnly);
        claims.put("OAuth 1.0a sign-in", "it has no OAuth 1.0a");
        claims.put("OAuth 1.0a PIN", "it has no OAuth 1.0a");
        claims.put("OAuth 2.0 sign-in", (Callable<String>) Main::oauth2);
        claims.put("OAuth 2.0 refresh", (Callable<String>) Main::refresh);
        System.exit(check("twitter-api-java-sdk", claims) ? 0 : 1);
    }

    static String usersByIds() throws ApiException {
        var reply = app.users().findUsersById(List.of("2244994945", "1", "783214")).userFields(Set.of("created_at")).execute();
        expect(List.of("TwitterDev", "Twitter"), reply.getData().stream().map(User::getUsername).toList());
        expect(2013, reply.getData().get(0).getCreatedAt().getYear());
        expect("1", ((ResourceNotFoundProblem) reply.getErrors().get(0)).getResourceId());
        return "2 users and 1 ResourceNotFoundProblem";
    }

    static String usersByUsernames() throws ApiException {
        var reply = app.users().findUsersByUsername(List.of("Twitter", "suspended_user", "TwitterDev")).execute();
        expect(List.of("783214", "2244994945"), reply.getData().stream().map(User::getId).toList());
        expect(1, reply.getErrors().size());
        return "2 users and 1 problem";
    }

    static String me() throws Exception {
        expectMe(user(signIn()));
        return "the user of the token";
    }

    static String expansions() throws ApiException {
        // The SDK refuses a Tweet without edit_history_tweet_ids.
        var reply = app.users().findUsersById(List.of("2244994945", "6253282")).expansions(Set.of("pinned_tweet_id"))
                .tweetFields(Set.of("author_id", "edit_history_tweet_ids")).execute();
        var pinned = reply.getIncludes().getTweets().stream().collect(Collectors.toMap(Tweet::getId, Tweet::getAuthorId));
        for (User user : reply.getData()) {
            expect(user.getId(), pinned.get(user.getPinnedTweetId()));
        }
        return "each pinned post is by its user";
    }

    record Page(List<User> users, Get2ListsIdFollowersResponseMeta meta) {
        List<String> ids() {
            return users == null ? List.of() : users.stream().map(User::getId).toList();
        }
    }

    interface Reader {
        Page read(String token) throws ApiException;
    }

    /** Goes to the end of a list and back; how many pages that took. */
    static int walk(Reader list) throws ApiException {
        var there = new ArrayList<String>();
        var again = new ArrayList<String>();
        var page = list.read(null);
        int pages = 1;
        for (; page.meta().getNextToken() != null; pages++) {
            there.addAll(page.ids());
            page = list.read(page.meta().getNextToken());
        }
        for (; page.meta().getPreviousToken() != null; pages++) {
            page = list.read(page.meta().getPreviousToken());
            again.addAll(0, page.ids());
        }
        expect(there, again);
        return pages;
    }

    static String followers() throws ApiException {
        int pages = walk(token -> {
            var reply = app.users().usersIdFollowers("2244994945").maxResults(50).paginationToken(token).execute(3);
            return new Page(reply.getData(), reply.getMeta());
        });
        // The limit is one of three pages here.
        expect(true, pages > 3);
        return "to the end and back; execute(retries) sleeps on the way";
    }

    /** The two of X's page of followers; its method with six arguments is in no release. */
    static String documentation() throws Exception {
        Thread.sleep(4000);
        var all = app.users().usersIdFollowers("2244994945").execute();
        expect(List.of(100, "TwitterAPI"), List.of(all.getData().size(), all.getData().get(0).getUsername()));
        // The SDK refuses a Tweet without edit_history_tweet_ids.
        var ten = app.users().usersIdFollowers("2244994945").maxResults(10).userFields(Set.of("created_at"))
                .expansions(Set.of("pinned_tweet_id")).tweetFields(Set.of("created_at", "edit_history_tweet_ids")).execute();
        expect(List.of(10, "TwitterData"), List.of(ten.getData().size(), ten.getData().get(9).getUsername()));
        expect(2013, ten.getData().get(1).getCreatedAt().getYear());
        expect(true, ten.getIncludes().getTweets().stream().allMatch(tweet -> tweet.getCreatedAt() != null));
        return "with default and with optional fields, by the builder";
    }

    static String following() throws Exception {
        var user = user(signIn(" follows.read"));
        int pages = walk(token -> {
            var list = user.users().usersIdFollowing(System.getenv("USER_ID"));
            var reply = list.maxResults(5).paginationToken(token).execute();
            return new Page(reply.getData(), reply.getMeta());
        });
        expect(true, pages > 2);
        return "to the end and back";
    }

    static String follow() throws Exception {
        var user = user(signIn(" follows.write")).users();
        var id = System.getenv("USER_ID");
        var wish = new UsersFollowingCreateRequest().targetUserId("783214");
        var made = user.usersIdFollow(id).usersFollowingCreateRequest(wish).execute().getData();
        expect(List.of(true, false), List.of(made.getFollowing(), made.getPendingFollow()));
        expect(false, user.usersIdUnfollow(id, "783214").execute().getData().getFollowing());
        return "the replies say so";
    }

    static String error400() {
        var error = refused(400, () -> app.users().findUsersById(List.of("not-an-id")).execute());
        expect(true, error.getResponseBody().contains("[not-an-id]"));
        return "ApiException with the body";
    }

    static String error401() {
        var error = refused(401, () -> app("wrong").users().findUserById("12").execute());
        expect("Unauthorized", ((Problem) error.getErrorObject().getActualInstance()).getTitle());
        return "ApiException with the problem";
    }

    static String error403() {
        var wrong = new TwitterCredentialsOAuth2(CLIENT_ID, CLIENT_SECRET, System.getenv("BEARER_TOKEN"), "");
        var error = refused(403, () -> new TwitterApi(wrong).users().findMyUser().execute());
        expect("Unsupported Authentication", ((Problem) error.getErrorObject().getActualInstance()).getTitle());
        return "ApiException with the problem";
    }

    static String error429() throws ApiException {
        expect("0", limited().getResponseHeaders().get("x-rate-limit-remaining").get(0));
        return "ApiException with x-rate-limit-*";
    }

    static String waits() throws ApiException {
        var reset = Long.parseLong(limited().getResponseHeaders().get("x-rate-limit-reset").get(0));
        expect("TwitterDev", app.users().findUserByUsername("TwitterDev").execute(3).getData().getUsername());
        expect(true, System.currentTimeMillis() >= reset * 1000);
        return "execute(retries) sleeps until the reset";
    }

    static String appOnly() throws Exception {
        var service = new TwitterOAuth20AppOnlyService(System.getenv("CONSUMER_KEY"), System.getenv("CONSUMER_SECRET"));
        var bearer = service.getAccessTokenClientCredentialsGrant().getAccessToken();
        expect("Twitter", app(bearer).users().findUserById("783214").execute().getData().getUsername());
        return "TwitterOAuth20AppOnlyService gets the bearer token";
    }

    static String oauth2() throws Exception {
        expectMe(user(signIn()));
        return "PKCE with plain";
    }

    static String refresh() throws Exception {
        var before = signIn();
        var user = user(before);
        var after = user.refreshToken();
        expect(false, after.getAccessToken().equals(before.getAccessToken()));
        expect(false, after.getRefreshToken().equals(before.getRefreshToken()));
        expectMe(user);
        return "both tokens are new";
    }

    static OAuth2AccessToken signIn() throws Exception {
        return signIn("");
    }

    static OAuth2AccessToken signIn(String more) throws Exception {
        var scope = "offline.access tweet.read users.read" + more;
        var service = new TwitterOAuth20Service(CLIENT_ID, CLIENT_SECRET, System.getenv("CALLBACK"), scope);
        var pkce = new PKCE();
        pkce.setCodeChallenge("challenge");
        pkce.setCodeChallengeMethod(PKCECodeChallengeMethod.PLAIN);
        pkce.setCodeVerifier("challenge");
        var called = URI.create(visit(service.getAuthorizationUrl(pkce, "my-state")));
        for (String parameter : called.getRawQuery().split("&")) {
            if (parameter.startsWith("code=")) {
                return service.getAccessToken(pkce, parameter.substring("code=".length()));
            }
        }
        throw new IllegalStateException("no code: " + called);
    }

    static void expectMe(TwitterApi user) throws ApiException {
        expect(System.getenv("USER_ID"), user.users().findMyUser().execute().getData().getId());
    }

    /** The refusal of a call that was made often enough. */
    static ApiException limited() throws ApiException {
        for (int i = 0; i < 10; i++) {
            try {
                app.users().findUserByUsername("TwitterDev").execute();
            } catch (ApiException error) {
                expect(429, error.getCode());
                return error;
            }
        }
        throw new IllegalStateException("ten calls were not refused");
    }

    static ApiException refused(int status, Callable<?> call) {
        try {
            throw new IllegalStateException("it was not refused, but gave " + call.call());
        } catch (ApiException error) {
            expect(status, error.getCode());
            return error;
        } catch (RuntimeException error) {
            throw error;
        } catch (Exception error) {
            throw new IllegalStateException(error);
        }
    }

    // ---- what every program does

    /** Runs claims, or says why the client has nothing for them, with a line of JSON for each. */
    static boolean check(String client, Map<String, Object> claims) throws Exception {
        var properties = new Properties();
        var place = "/META-INF/maven/com.twitter/twitter-api-java-sdk/pom.properties";
        try (InputStream file = Main.class.getResourceAsStream(place)) {
            properties.load(file);
        }
        boolean holds = true;
        for (var claim : claims.entrySet()) {
            String result = "absent";
            String detail = claim.getValue().toString();
            if (claim.getValue() instanceof Callable<?> call) {
                try {
                    result = "passed";
                    detail = (String) call.call();
                } catch (Throwable error) {
                    error.printStackTrace();
                    result = "failed";
                    detail = error.toString();
                    holds = false;
                }
            }
            System.out.printf("{\"client\":%s,\"version\":%s,\"claim\":%s,\"result\":%s,\"detail\":%s}%n", quote(client),
                    quote(properties.getProperty("version")), quote(claim.getKey()), quote(result), quote(detail));
        }
        return holds;
    }

    static String quote(String text) {
        return new com.google.gson.Gson().toJson(text);
    }

    static void expect(Object expected, Object value) {
        if (!expected.equals(value)) {
            throw new IllegalStateException(value + ", not " + expected);
        }
    }

    /** Where the App is called by a person who allows. */
    static String visit(String url) throws Exception {
        var person = new ProcessBuilder("python3", System.getenv("PERSON"), url)
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        return new String(person.getInputStream().readAllBytes()).trim();
    }
}
