# rtweet, which speaks v1.1 alone.
suppressPackageStartupMessages(library(rtweet))

env <- function(name) Sys.getenv(name)
# The libcurl of R reads no variable that names certificates.
httr::set_config(httr::config(cainfo = env("CURL_CA_BUNDLE")))
user <- rtweet_bot(env("CONSUMER_KEY"), env("CONSUMER_SECRET"), env("ACCESS_TOKEN"), env("ACCESS_TOKEN_SECRET"))
app <- rtweet_app(env("BEARER_TOKEN"))
dev <- "2244994945"

# Prints a line of JSON for each claim: a function, or why the client has nothing for it.
check <- function(claims) {
  failed <- FALSE
  for (claim in names(claims)) {
    run <- claims[[claim]]
    seen <- if (is.character(run)) {
      c("absent", run)
    } else {
      tryCatch(c("passed", run()), error = function(error) {
        message(claim, ": ", conditionMessage(error))
        c("failed", conditionMessage(error))
      })
    }
    failed <- failed || seen[1] == "failed"
    line <- list(client = "rtweet", version = as.character(packageVersion("rtweet")), claim = claim,
                 result = seen[1], detail = seen[2])
    cat(jsonlite::toJSON(line, auto_unbox = TRUE), "\n", sep = "")
  }
  quit(status = as.integer(failed))
}

refused <- function(call, words) {
  said <- tryCatch({ force(call); "not refused" }, error = conditionMessage)
  if (!grepl(words, said, fixed = TRUE)) stop("it said: ", said)
}

check(list(
  "v1.1 users" = function() {
    one <- lookup_users("TwitterDev", token = app)
    stopifnot(one$id_str == dev, one$screen_name == "TwitterDev")
    many <- lookup_users(c("Twitter", "suspended_user", "TwitterDev"), token = user)
    stopifnot(identical(many$screen_name, c("Twitter", "TwitterDev")))
    "one, and many by name"
  },
  "v1.1 verify_credentials" = function() {
    me <- rtweet:::TWIT_get(user, "/1.1/account/verify_credentials")
    stopifnot(me$id_str == env("USER_ID"))
    "the user of the token"
  },
  "v1.1 rate_limit_status" = function() {
    limits <- rate_limit("users", token = user)
    stopifnot(any(limits$resource == "/users/lookup" & limits$limit == 900))
    "the windows of a family"
  },
  "v1.1 ids" = function() {
    whole <- get_followers(dev, token = user, verbose = FALSE)
    page <- function(cursor) get_followers(dev, n = 60, cursor = cursor, token = user, verbose = FALSE)
    last <- page("-1")
    walked <- last$from_id
    while (nrow(last) == 60) {
      last <- page(last)
      walked <- c(walked, last$from_id)
    }
    stopifnot(nrow(whole) > 100, identical(walked, whole$from_id))
    friends <- get_friends(dev, token = app, verbose = FALSE)
    stopifnot(nrow(friends) > 0, all(friends$from_id == dev))
    "whole, and page by page to the end by its cursors"
  },
  "v1.1 lists" = "rtweet asks for ids, and then for users",
  "v1.1 friendships" = function() {
    # By id it asks with parameters that v1.1 does not have.
    of_two <- lookup_friendships("TwitterDev", "Twitter", token = user)
    stopifnot(any(of_two$variable == "screen_name" & of_two$value == "TwitterDev"))
    "of two users by name"
  },
  "v1.1 create and destroy" = function() {
    post_follow("Twitter", token = user)
    stopifnot("783214" %in% get_friends(env("USER_ID"), token = user, verbose = FALSE)$to_id)
    post_unfollow_user("Twitter", token = user)
    stopifnot(!"783214" %in% get_friends(env("USER_ID"), token = user, verbose = FALSE)$to_id)
    "the list shows both"
  },
  "v1.1 errors" = function() {
    refused(get_followers("1", token = app, verbose = FALSE), "34")
    refused(post_follow(env("USER_ID"), token = user), "158")
    "each has the code of X"
  },
  "v1.1 error 429" = "rtweet turns it into a warning",
  "Labs v2" = "rtweet has nothing for it"
))
