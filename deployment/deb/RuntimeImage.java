import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.spi.ToolProvider;

/** What jdeps does not see: looked up by name, or for people who look into a running LinkOps. */
static final String BESIDES = "jdk.jcmd,jdk.zipfs";

/** Makes the package's Java: java RuntimeImage.java JAR DIRECTORY, by the JDK that runs this. */
void main(String[] arguments) throws IOException {
    var jar = arguments[0];
    var directory = arguments[1];
    forget(Path.of(directory));
    var modules = run("jdeps", "--multi-release", "25", "--ignore-missing-deps", "--print-module-deps", jar);
    run("jlink", "--add-modules", modules + "," + BESIDES, "--strip-java-debug-attributes", "--no-header-files",
            "--no-man-pages", "--compress", "zip-6", "--output", directory);
}

/** jlink makes its directory itself. */
static void forget(Path directory) throws IOException {
    if (Files.exists(directory)) {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

/** @return what it printed */
static String run(String tool, String... arguments) {
    var printed = new ByteArrayOutputStream();
    var code = ToolProvider.findFirst(tool).orElseThrow().run(new PrintStream(printed), System.err, arguments);
    if (code != 0) {
        throw new IllegalStateException(tool + " failed: " + printed);
    }
    return printed.toString().strip();
}
