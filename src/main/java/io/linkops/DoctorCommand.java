package io.linkops;

import io.linkops.config.ConfigException;
import io.linkops.config.Settings;
import io.linkops.doctor.Circumstances;
import io.linkops.doctor.Doctor;
import io.linkops.doctor.Finding;
import io.linkops.doctor.GitProbe;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks at everything LinkOps stands on and says what to do; works with and without a running server. */
@Command(
        name = "doctor",
        description = "Check configuration, keys, database, Git and every link, and say what to do.",
        footer = "%nRun it as the user LinkOps runs as. Nothing is changed. Exit code 1 if a check failed.")
final class DoctorCommand implements Callable<Integer> {
    private final Surroundings surroundings;
    private final Function<Settings, GitProbe> git;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration file, YAML or INI (default: /etc/linkops/config.yaml).")
    private @Nullable Path config;

    @Option(names = "--json", description = "Print the findings as JSON.")
    private boolean isJson;

    DoctorCommand(Surroundings surroundings, Function<Settings, GitProbe> git) {
        this.surroundings = surroundings;
        this.git = git;
    }

    @Override
    public Integer call() throws Exception {
        var out = spec.commandLine().getOut();
        var report = isJson
                ? new DoctorReport.Json(out, surroundings.masking())
                : new DoctorReport.Text(out, spec.commandLine().getErr(), surroundings.masking());
        try {
            var loaded = surroundings.load(config);
            report.accept(DoctorReport.configured(loaded));
            loaded.warnings().forEach(warning -> report.accept(DoctorReport.warned(warning)));
            var circumstances = Circumstances.look(
                    loaded.settings(),
                    surroundings.options(config).fileInForce().orElse(null));
            new Doctor(loaded.settings(), git.apply(loaded.settings()), circumstances).examine(report);
        } catch (ConfigException refused) {
            refused.problems().forEach(problem -> report.accept(DoctorReport.refused(problem)));
        }
        report.end();
        return report.count(Finding.Outcome.FAIL) == 0 ? 0 : 1;
    }
}
