package io.linkops.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

class ClaimPathTest {
    private final JsonObject claims = new JsonObject("""
        {"groups": ["/ops", 7, null, "/dev"], "role": "boss", "realm_access": {"roles": ["a", "b"]},
         "https://ops.example/roles": ["x"], "resource_access": {"my.client": {"roles": ["y"]}},
         "deep": {"list": [{"roles": ["z"]}]}, "empty": [], "number": 7}\
        """);

    @Test
    void findsListsAndSingleTexts() {
        assertThat(ClaimPath.texts(claims, "groups")).containsExactlyInAnyOrder("/ops", "/dev");
        assertThat(ClaimPath.texts(claims, "role")).containsExactly("boss");
        assertThat(ClaimPath.texts(claims, "realm_access.roles")).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void findsNamesWithDotsInThem() {
        assertThat(ClaimPath.texts(claims, "https://ops.example/roles")).containsExactly("x");
        assertThat(ClaimPath.texts(claims, "resource_access.my.client.roles")).containsExactly("y");
    }

    @Test
    void findsNothingWhereNothingFits() {
        for (var path :
                new String[] {"absent", "role.x", "deep.list.roles", "empty", "number", ".", "", "realm_access."}) {
            assertThat(ClaimPath.texts(claims, path)).as(path).isEmpty();
        }
    }
}
