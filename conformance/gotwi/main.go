// gotwi, for Go: lookups and typed errors.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/michimani/gotwi"
	"github.com/michimani/gotwi/fields"
	"github.com/michimani/gotwi/resources"
	"github.com/michimani/gotwi/user/follow"
	followtypes "github.com/michimani/gotwi/user/follow/types"
	"github.com/michimani/gotwi/user/userlookup"
	"github.com/michimani/gotwi/user/userlookup/types"
)

var (
	ctx  = context.Background()
	app  = bearer(os.Getenv("BEARER_TOKEN"))
	user = must(gotwi.NewClient(&gotwi.NewClientInput{
		AuthenticationMethod: gotwi.AuthenMethodOAuth1UserContext,
		OAuthToken:           os.Getenv("ACCESS_TOKEN"),
		OAuthTokenSecret:     os.Getenv("ACCESS_TOKEN_SECRET"),
		APIKey:               os.Getenv("CONSUMER_KEY"),
		APIKeySecret:         os.Getenv("CONSUMER_SECRET"),
	}))
)

func bearer(token string) *gotwi.Client {
	return must(gotwi.NewClientWithAccessToken(&gotwi.NewClientWithAccessTokenInput{AccessToken: token}))
}

func byUsername() error {
	_, err := userlookup.GetByUsername(ctx, app, &types.GetByUsernameInput{Username: "TwitterDev"})
	return err
}

func names(users []resources.User, problems []resources.PartialError) string {
	text := ""
	for _, user := range users {
		text += gotwi.StringValue(user.ID) + " " + gotwi.StringValue(user.Username) + ", "
	}
	for _, problem := range problems {
		text += "not " + gotwi.StringValue(problem.Value)
	}
	return text
}

// refused is the API's error in err, which must have this status.
func refused(status int, err error) *gotwi.GotwiError {
	var refusal *gotwi.GotwiError
	if !errors.As(err, &refusal) || !refusal.OnAPI {
		panic(fmt.Sprintf("it was not refused: %v", err))
	}
	expect(refusal.StatusCode, status)
	return refusal
}

// limited is the refusal of a call that was made often enough.
func limited() *gotwi.GotwiError {
	for range 10 {
		if err := byUsername(); err != nil {
			return refused(429, err)
		}
	}
	panic("ten calls were not refused")
}

// page is what a page of a list holds.
type page struct {
	users []resources.User
	meta  resources.PaginationMeta
}

// walk goes to the end of a list and back, and says how many pages it read and how often it had
// to wait for the end of a window.
func walk(read func(token string) (page, error)) (pages, waits int) {
	patiently := func(token string) page {
		pages++
		found, err := read(token)
		if err != nil {
			waits++
			time.Sleep(time.Until(*refused(429, err).RateLimitInfo.ResetAt))
			found = must(read(token))
		}
		return found
	}
	ids := func(found page) (ids []string) {
		for _, user := range found.users {
			ids = append(ids, gotwi.StringValue(user.ID))
		}
		return ids
	}
	there, last := []string{}, patiently("")
	for ; last.meta.NextToken != nil; last = patiently(*last.meta.NextToken) {
		there = append(there, ids(last)...)
	}
	again := []string{}
	for at := last; at.meta.PreviousToken != nil; {
		at = patiently(*at.meta.PreviousToken)
		again = append(ids(at), again...)
	}
	expect(fmt.Sprint(again), fmt.Sprint(there))
	return pages, waits
}

func followers(token string) (page, error) {
	input := followtypes.ListFollowersInput{ID: "2244994945", MaxResults: 50, PaginationToken: token}
	found, err := follow.ListFollowers(ctx, app, &input)
	if err != nil {
		return page{}, err
	}
	return page{found.Data, found.Meta}, nil
}

func following(token string) (page, error) {
	input := followtypes.ListFollowingsInput{ID: os.Getenv("USER_ID"), MaxResults: 5, PaginationToken: token}
	found, err := follow.ListFollowings(ctx, user, &input)
	if err != nil {
		return page{}, err
	}
	return page{found.Data, found.Meta}, nil
}

func main() {
	check("gotwi", "github.com/michimani/gotwi", []claim{
		{"users by ids", func() string {
			found := must(userlookup.List(ctx, app, &types.ListInput{IDs: []string{"2244994945", "1", "783214"}}))
			expect(names(found.Data, found.Errors), "2244994945 TwitterDev, 783214 Twitter, not 1")
			return "2 users and 1 problem"
		}, ""},
		{"users by usernames", func() string {
			input := types.ListByUsernamesInput{Usernames: []string{"Twitter", "suspended_user", "TwitterDev"}}
			found := must(userlookup.ListByUsernames(ctx, user, &input))
			expect(names(found.Data, found.Errors), "783214 Twitter, 2244994945 TwitterDev, not suspended_user")
			return "2 users and 1 problem"
		}, ""},
		{"me", func() string {
			expect(gotwi.StringValue(must(userlookup.GetMe(ctx, user, &types.GetMeInput{})).Data.ID), os.Getenv("USER_ID"))
			return "the user of the token"
		}, ""},
		{"expansions", func() string {
			found := must(userlookup.List(ctx, app, &types.ListInput{
				IDs:         []string{"2244994945", "6253282"},
				Expansions:  fields.ExpansionList{fields.ExpansionPinnedTweetID},
				TweetFields: fields.TweetFieldList{fields.TweetFieldAuthorID},
			}))
			pinned := map[string]string{}
			for _, tweet := range found.Includes.Tweets {
				pinned[gotwi.StringValue(tweet.ID)] = gotwi.StringValue(tweet.AuthorID)
			}
			for _, user := range found.Data {
				expect(pinned[gotwi.StringValue(user.PinnedTweetID)], gotwi.StringValue(user.ID))
			}
			return "each pinned post is by its user"
		}, ""},
		{"follow and unfollow", func() string {
			id, target := os.Getenv("USER_ID"), "783214"
			made := must(follow.CreateFollowing(ctx, user, &followtypes.CreateFollowingInput{ID: id, TargetID: target}))
			expect(made.Data.Following && !made.Data.PendingFollow, true)
			ended := must(follow.DeleteFollowing(ctx, user, &followtypes.DeleteFollowingInput{SourceUserID: id, TargetID: target}))
			expect(ended.Data.Following, false)
			return "the replies say so"
		}, ""},
		{"followers", func() string {
			_, waits := walk(followers)
			expect(waits > 0, true)
			return "to the end and back, with a sleep until RateLimitInfo.ResetAt on the way"
		}, ""},
		{"following", func() string {
			pages, _ := walk(following)
			expect(pages > 2, true)
			return "to the end and back"
		}, ""},
		{"programs of the documentation", nil, "X's page of followers has no program for it"},
		{"error 400", func() string {
			_, err := userlookup.List(ctx, app, &types.ListInput{IDs: []string{"not-an-id"}})
			expect(refused(400, err).APIErrors[0].Parameters["ids"][0], "not-an-id")
			return "GotwiError names the parameter"
		}, ""},
		{"error 401", func() string {
			_, err := userlookup.Get(ctx, bearer("wrong"), &types.GetInput{ID: "12"})
			expect(refused(401, err).Title, "Unauthorized")
			return "GotwiError with the title"
		}, ""},
		{"error 403", func() string {
			_, err := userlookup.GetMe(ctx, app, &types.GetMeInput{})
			expect(refused(403, err).Title, "Unsupported Authentication")
			return "GotwiError with the title"
		}, ""},
		{"error 404", func() string {
			input, output := types.GetInput{ID: "12"}, types.GetOutput{}
			refused(404, app.CallAPI(ctx, "https://api.twitter.com/2/nowhere/:id", "GET", &input, &output))
			return "GotwiError"
		}, ""},
		{"error 429", func() string {
			limit := limited().RateLimitInfo
			expect(limit.Remaining, 0)
			expect(limit.ResetAt.After(time.Now().Add(-time.Second)), true)
			return "GotwiError with RateLimitInfo"
		}, ""},
		{"waits for the reset", func() string {
			time.Sleep(time.Until(*limited().RateLimitInfo.ResetAt))
			expect(byUsername(), nil)
			return "after a sleep until RateLimitInfo.ResetAt"
		}, ""},
		{"app-only token", func() string {
			client := must(gotwi.NewClient(&gotwi.NewClientInput{
				AuthenticationMethod: gotwi.AuthenMethodOAuth2BearerToken,
				APIKey:               os.Getenv("CONSUMER_KEY"),
				APIKeySecret:         os.Getenv("CONSUMER_SECRET"),
			}))
			must(userlookup.Get(ctx, client, &types.GetInput{ID: "783214"}))
			return "NewClient gets the bearer token"
		}, ""},
		{"OAuth 1.0a sign-in", nil, "it signs, but gets no tokens of users"},
		{"OAuth 1.0a PIN", nil, "it signs, but gets no tokens of users"},
		{"OAuth 2.0 sign-in", nil, "it takes a token that its user brings"},
		{"OAuth 2.0 refresh", nil, "it takes a token that its user brings"},
	})
}
