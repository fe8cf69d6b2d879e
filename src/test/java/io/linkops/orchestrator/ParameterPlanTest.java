package io.linkops.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.inventory.Inventory.Durable;
import io.linkops.inventory.Inventory.Parameter;
import io.linkops.inventory.Inventory.ParameterType;
import io.linkops.inventory.Inventory.Script;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a script is told, and how. */
class ParameterPlanTest {
    private static final Parameter LEVEL = parameter("level", ParameterType.INT, "--level", null, "3", false);
    private static final Parameter FORCE = parameter("force", ParameterType.BOOL, "--force", null, null, false);
    private static final Parameter ZONE = parameter("zone", ParameterType.TEXT, null, "ZONE", null, true);
    private static final Parameter TOKEN = parameter("token", ParameterType.SECRET, null, "TOKEN", null, false);

    private final Map<String, String> problems = new TreeMap<>();

    private static Parameter parameter(
            String name, ParameterType type, String flag, String variable, String byDefault, boolean isRequired) {
        var isInt = type == ParameterType.INT;
        return new Parameter(
                name,
                type,
                "",
                flag,
                variable,
                isInt ? 1L : null,
                isInt ? 9L : null,
                List.of(),
                null,
                4096,
                byDefault,
                isRequired);
    }

    private ParameterPlan plan(Map<String, String> given, Parameter... parameters) {
        var script = new Script(
                "update",
                "Update",
                "",
                "scripts/update.sh",
                null,
                List.of(),
                List.of(),
                null,
                Durable.AUTO,
                List.of(parameters),
                List.of());
        return ParameterPlan.of(script, given, problems);
    }

    @Test
    void argumentsComeInTheOrderOfTheCatalogAndDefaultsCount() {
        var plan = plan(Map.of("force", "true", "zone", "UTC"), FORCE, LEVEL, ZONE);
        assertThat(problems).isEmpty();
        assertThat(plan.arguments()).containsExactly("--force", "--level=3");
        assertThat(plan.environment()).isEqualTo(Map.of("ZONE", "UTC"));
        assertThat(plan.values()).isEqualTo(Map.of("force", "true", "level", "3", "zone", "UTC"));
    }

    @Test
    void aSwitchThatIsOffIsNotTold() {
        var plan = plan(Map.of("force", "false"), FORCE);
        assertThat(plan.arguments()).isEmpty();
        assertThat(plan.values()).isEqualTo(Map.of("force", "false"));
    }

    @Test
    void aSecretIsNeitherAnArgumentNorAVariableYet() {
        var plan = plan(Map.of("token", "registry"), TOKEN);
        assertThat(problems).isEmpty();
        assertThat(plan.secrets()).isEqualTo(Map.of("TOKEN", "registry"));
        assertThat(plan.environment()).isEmpty();
        assertThat(plan.arguments()).isEmpty();
    }

    @Test
    void everyValueThatIsNotTakenIsNamed() {
        var plan = plan(Map.of("level", "10", "colour", "red"), LEVEL, ZONE);
        assertThat(problems)
                .containsOnlyKeys("parameters.update.level", "parameters.update.zone", "parameters.update.colour");
        assertThat(problems.get("parameters.update.zone")).isEqualTo("is required, but missing");
        assertThat(problems.get("parameters.update.colour")).endsWith("the script has level, zone");
        assertThat(plan.values()).isEmpty();
    }

    @Test
    void aScriptWithoutParametersTakesNone() {
        plan(Map.of("colour", "red"));
        assertThat(problems)
                .isEqualTo(Map.of("parameters.update.colour", "is not known: the script has no parameters"));
    }
}
