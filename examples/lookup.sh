# Prints two users, with curl.
# Run it with: birdbox run -- sh examples/lookup.sh

curl --silent --show-error --fail-with-body -H "Authorization: Bearer $BEARER_TOKEN" \
    "https://api.twitter.com/2/users/by?usernames=TwitterDev,TwitterAPI"
echo
