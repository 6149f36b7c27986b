// Prints two users, with nothing but the HTTP client of the JDK (11 or newer).
// Run it with: birdbox run -- java examples/Lookup.java

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Pattern;

public class Lookup {
    public static void main(String[] arguments) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("https://api.x.com/2/users/by?usernames=TwitterDev,TwitterAPI"))
                .header("Authorization", "Bearer " + System.getenv("BEARER_TOKEN"))
                .build();
        var reply = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        if (reply.statusCode() != 200) {
            throw new IllegalStateException(reply.body());
        }
        Pattern.compile("\"username\":\"(\\w+)\"").matcher(reply.body()).results()
                .forEach(found -> System.out.println("@" + found.group(1)));
    }
}
