// Prints two users, with nothing but the standard library.
// Run it with: birdbox run -- go run examples/lookup.go

package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
)

func main() {
	request, err := http.NewRequest("GET", "https://api.x.com/2/users/by?usernames=TwitterDev,TwitterAPI", nil)
	if err != nil {
		log.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+os.Getenv("BEARER_TOKEN"))
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	defer reply.Body.Close()
	var found struct {
		Data []struct {
			Username string `json:"username"`
			Name     string `json:"name"`
		} `json:"data"`
	}
	if err := json.NewDecoder(reply.Body).Decode(&found); err != nil || reply.StatusCode != http.StatusOK {
		log.Fatal(reply.Status, err)
	}
	for _, user := range found.Data {
		fmt.Printf("@%s, %s\n", user.Username, user.Name)
	}
}
