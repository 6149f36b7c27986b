package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
)

// claim is what is to be shown, or why the client has nothing for it.
type claim struct {
	name string
	// run says in a few words what it saw, the same at every run. It panics when the claim fails.
	run    func() string
	absent string
}

type line struct {
	Client  string `json:"client"`
	Version string `json:"version"`
	Claim   string `json:"claim"`
	Result  string `json:"result"`
	Detail  string `json:"detail"`
}

// check runs claims and prints a line of JSON for each.
func check(client, module string, claims []claim) {
	failed := false
	for _, claim := range claims {
		shown := line{Client: client, Version: version(module), Claim: claim.name, Result: "absent", Detail: claim.absent}
		if claim.run != nil {
			shown.Result, shown.Detail = attempt(claim.run)
		}
		failed = failed || shown.Result == "failed"
		fmt.Println(string(must(json.Marshal(shown))))
	}
	if failed {
		os.Exit(1)
	}
}

func attempt(run func() string) (result, detail string) {
	defer func() {
		if reason := recover(); reason != nil {
			result, detail = "failed", fmt.Sprint(reason)
		}
	}()
	return "passed", run()
}

func version(module string) string {
	build, _ := debug.ReadBuildInfo()
	for _, dependency := range build.Deps {
		if dependency.Path == module {
			return dependency.Version
		}
	}
	return ""
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func expect[T comparable](value, expected T) {
	if value != expected {
		panic(fmt.Sprintf("%v, not %v", value, expected))
	}
}
